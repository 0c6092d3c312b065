// Node, Bun and Deno run a program as it is.

import { bun, deno } from "../../tests/hosts/binaries.mjs";
import { tempFolder } from "../../tests/hosts/pack.mjs";
import { runOn } from "../../tests/hosts/process.mjs";
import { benchProject } from "./project.mjs";

const TIMEOUT_MS = 10 * 60_000;
const MARK = "hookseal-bench:";

/** @typedef {(program: string, argument: unknown, flags?: string[]) => Promise<any>} RunProgram */
/** @typedef {{name: string, version: string, run: RunProgram}} Host */

/** @returns {Promise<Host>} */
export async function nodeHost() {
  return { name: "Node", version: process.versions.node, run: runner(process.execPath, []) };
}

/** @returns {Promise<Host | undefined>} */
export async function bunHost() {
  const binary = bun();
  if (!binary) return undefined;
  const env = { DO_NOT_TRACK: "1", NO_COLOR: "1" };
  return { name: "Bun", version: await versionOf(binary), run: runner(binary, ["--no-install"], env) };
}

/** @returns {Promise<Host | undefined>} */
export async function denoHost() {
  const binary = deno();
  if (!binary) return undefined;
  const env = { DENO_DIR: tempFolder("deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
  const flags = ["run", "--no-prompt", "--cached-only", "--node-modules-dir=manual", "--allow-read", "--allow-env"];
  return { name: "Deno", version: await versionOf(binary), run: runner(binary, flags, env) };
}

/** @param {string} binary */
async function versionOf(binary) {
  const { stdout } = await runOn(binary, ["--version"], { cwd: await benchProject() });
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "";
}

/**
 * @param {string} binary
 * @param {string[]} flags
 * @param {Record<string, string>} [env]
 * @returns {RunProgram}
 */
function runner(binary, flags, env = {}) {
  return async (program, argument, more = []) => {
    const args = [...flags, ...more, program, JSON.stringify(argument)];
    const { code, stdout, stderr } = await runOn(binary, args, {
      cwd: await benchProject(),
      env,
      timeoutMs: TIMEOUT_MS,
    });
    const line = stdout.split("\n").findLast((text) => text.startsWith(MARK));
    if (code !== 0 || line === undefined) throw new Error(`${program} exited with ${code}:\n${stderr || stdout}`);
    return JSON.parse(line.slice(MARK.length));
  };
}
