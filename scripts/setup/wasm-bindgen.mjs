// The wasm-bindgen command line and its test runner, built from tools/wasm-bindgen.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, isExecutable, log, root, run } from "../lib/run.mjs";

const TOOL = join(root, "tools", "wasm-bindgen");
const SOURCES = ["Cargo.lock", "Cargo.toml", "src/bin/wasm-bindgen.rs", "src/bin/wasm-bindgen-test-runner.rs"];
const EXE = process.platform === "win32" ? ".exe" : "";
const BINDGEN = `wasm-bindgen${EXE}`;
const TEST_RUNNER = `wasm-bindgen-test-runner${EXE}`;

/**
 * Builds both once for a lock and a compiler; fresh clones find them again.
 * @returns {Promise<{bindgen: string, testRunner: string}>} absolute paths
 */
export async function ensureWasmBindgen() {
  const version = lockedVersion(join(TOOL, "Cargo.lock"), "wasm-bindgen-cli");
  if (!version) throw new Error("tools/wasm-bindgen/Cargo.lock does not name wasm-bindgen-cli");
  checkSameVersion(version);

  const compiler = await run("rustc", ["-vV"], { cwd: TOOL, quiet: true });
  const hash = createHash("sha256").update(compiler.stdout);
  for (const file of SOURCES) hash.update(readFileSync(join(TOOL, file)));
  const folder = cacheDir(join("wasm-bindgen", `${version}-${hash.digest("hex").slice(0, 12)}`));
  const bindgen = join(folder, BINDGEN);
  const testRunner = join(folder, TEST_RUNNER);
  if (!isExecutable(bindgen) || !isExecutable(testRunner)) {
    log(`building wasm-bindgen ${version} (once, about 3 minutes)`);
    await build(folder);
  }
  return { bindgen, testRunner };
}

/**
 * In a target folder of its own, so that two builds at once cannot spoil each other, and 400 MB do not stay.
 * @param {string} folder
 */
async function build(folder) {
  mkdirSync(folder, { recursive: true });
  const target = mkdtempSync(join(folder, "build-"));
  try {
    await run("cargo", ["build", "--release", "--locked", "--target-dir", target], {
      cwd: TOOL,
      quiet: true,
      env: { CARGO_BUILD_TARGET: undefined, RUSTFLAGS: undefined, CARGO_ENCODED_RUSTFLAGS: undefined }, // host binaries
    });
    for (const name of [BINDGEN, TEST_RUNNER]) {
      const copy = join(target, name);
      copyFileSync(join(target, "release", name), copy);
      renameSync(copy, join(folder, name)); // all of it at once: another process may be looking
    }
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/**
 * The crate and the tool must be one version: wasm-bindgen's format between them changes with every release.
 * @param {string} tool
 */
function checkSameVersion(tool) {
  const lock = join(root, "Cargo.lock");
  const crate = existsSync(lock) ? lockedVersion(lock, "wasm-bindgen") : undefined;
  if (crate === undefined || crate === tool) return;
  throw new Error(
    `Cargo.lock has wasm-bindgen ${crate}, tools/wasm-bindgen has ${tool}. To follow the crate: set "=${crate}" and the ` +
      `version in tools/wasm-bindgen/Cargo.toml and run cargo update there. To go back: wasm-bindgen = "=${tool}" in ` +
      `Cargo.toml and cargo update -p wasm-bindgen --precise ${tool}.`,
  );
}

/**
 * @param {string} lock
 * @param {string} name
 * @returns {string | undefined}
 */
function lockedVersion(lock, name) {
  const text = readFileSync(lock, "utf8").replaceAll("\r\n", "\n");
  return new RegExp(`^name = "${name}"\nversion = "([^"]+)"`, "m").exec(text)?.[1];
}
