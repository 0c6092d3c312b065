// Tools that cargo builds from source, one pinned version each, once a user.

import { join } from "node:path";
import { cacheDir, isExecutable, log, run } from "../lib/run.mjs";

export const CARGO_DENY = "0.20.2";
export const GECKODRIVER = "0.37.1";

/**
 * @param {string} name the crate, which is also the name of its binary
 * @param {string} version exact
 * @returns {Promise<string>} the binary's absolute path
 */
export async function ensureCargoTool(name, version) {
  const folder = cacheDir(join("cargo", `${name}-${version}`));
  const binary = join(folder, "bin", process.platform === "win32" ? `${name}.exe` : name);
  if (!isExecutable(binary)) {
    log(`building ${name} ${version} (once, some minutes)`);
    await run("cargo", ["install", name, "--version", version, "--locked", "--root", folder], {
      quiet: true,
      env: { CARGO_BUILD_TARGET: undefined, CARGO_TARGET_DIR: undefined }, // a host binary, and no target folder left behind
    });
  }
  return binary;
}
