// Programs and servers of the hosts under test: each ends with the test, or with this process.

import { spawn } from "node:child_process";
import { run } from "../../scripts/lib/run.mjs";

/**
 * A command, its output kept.
 * @param {string} command
 * @param {string[]} args
 * @param {import("../../scripts/lib/run.mjs").RunOptions} options
 */
export function runOn(command, args, options) {
  // What a caller's Node was told must not reach the Node under test.
  const env = { NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined, NODE_PATH: undefined, ...options.env };
  return run(command, args, { ...options, env, quiet: true, allowFail: true });
}

/**
 * Starts a server and waits for the line that says it listens.
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd: string, env: Record<string, string>, ready: RegExp, timeoutMs: number}} options
 * @returns {Promise<{match: RegExpExecArray, output: () => string, stop: () => Promise<void>}>}
 */
export function startServer(command, args, { cwd, env, ready, timeoutMs }) {
  const group = process.platform !== "win32";
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: group,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => {
    try {
      if (group && child.pid) process.kill(-child.pid, "SIGKILL");
      else child.kill("SIGKILL");
    } catch {
      // already gone
    }
  };
  process.on("exit", end);
  const closed = new Promise((done) => child.once("close", done));
  const stop = async () => {
    end();
    await closed;
    process.removeListener("exit", end);
  };
  let output = "";
  return new Promise((done, fail) => {
    const refuse = async (/** @type {string} */ why) => {
      clearTimeout(timer);
      await stop();
      fail(new Error(`${command} ${why}:\n${output.split("\n").slice(-25).join("\n")}`));
    };
    const timer = setTimeout(() => refuse(`was not ready after ${timeoutMs} ms`), timeoutMs);
    child.once("error", (error) => refuse(String(error)));
    child.once("exit", (code) => refuse(`exited with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => {
        output += bytes;
        const match = ready.exec(output);
        if (!match) return;
        clearTimeout(timer);
        child.removeAllListeners("exit");
        done({ match, output: () => output, stop });
      });
    }
  });
}
