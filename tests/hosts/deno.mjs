// Deno: by import, with no permission granted; and by require.

import { deno, NO_BINARY } from "./binaries.mjs";
import { nodeProject } from "./node.mjs";
import { tempFolder } from "./pack.mjs";
import { runOn } from "./process.mjs";
import { missing, runProgram } from "./suite.mjs";

export const name = "deno";

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  const binary = deno();
  if (!binary) return [missing("Deno", NO_BINARY)];
  const cwd = await nodeProject();
  const options = { cwd, env: { DENO_DIR: tempFolder("deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" } };
  const version = /\d+\.\d+\.\d+/.exec((await runOn(binary, ["--version"], options)).stdout)?.[0];
  const flags = ["run", "--no-prompt", "--cached-only", "--node-modules-dir=manual"];
  return [
    await runProgram(`Deno ${version}, import`, binary, [...flags, "plain.mjs"], options),
    // require reads files when it runs.
    await runProgram(`Deno ${version}, require`, binary, [...flags, "--allow-read", "main.cjs"], options),
  ];
}
