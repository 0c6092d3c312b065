// The development packages of package-lock.json.

import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { log, root, run } from "../lib/run.mjs";

/**
 * Runs `npm ci` when node_modules is missing or was installed from another lock.
 * @param {string} [folder]
 */
export async function ensureNodeModules(folder = root) {
  const lock = join(folder, "package-lock.json");
  if (!existsSync(lock)) throw new Error(`${lock} is missing: run npm install once and commit it`);
  const stamp = join(folder, "node_modules", ".hookseal-lock");
  const wanted = createHash("sha256").update(readFileSync(lock)).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  if (!existsSync(stamp) && newer(join(folder, "node_modules", ".package-lock.json"), lock)) return; // npm's own install
  log("npm ci");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  await run(npm, ["ci", "--no-audit", "--no-fund"], { cwd: folder, quiet: true });
  writeFileSync(stamp, wanted);
}

/** @param {string} a @param {string} b */
function newer(a, b) {
  return existsSync(a) && statSync(a).mtimeMs >= statSync(b).mtimeMs;
}
