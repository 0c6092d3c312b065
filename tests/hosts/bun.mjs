// Bun: by import and by require.

import { bun, NO_BINARY } from "./binaries.mjs";
import { nodeProject } from "./node.mjs";
import { runOn } from "./process.mjs";
import { missing, runProgram } from "./suite.mjs";

export const name = "bun";

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  const binary = bun();
  if (!binary) return [missing("Bun", NO_BINARY)];
  const options = { cwd: await nodeProject(), env: { DO_NOT_TRACK: "1", NO_COLOR: "1" } };
  const version = (await runOn(binary, ["--version"], options)).stdout.trim();
  const run = (/** @type {string} */ how, /** @type {string} */ file) =>
    runProgram(`Bun ${version}, ${how}`, binary, ["--no-install", file], options);
  return [await run("import", "main.mjs"), await run("require", "main.cjs")];
}
