// Starts an example's server, reads its log, and ends it with all that it started.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

/** Ending a group of processes is not the same on Windows, where nothing here is tried. */
const GROUPS = process.platform !== "win32";

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) signal(child, "SIGKILL");
});
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  // Later, so that others that listen can end what they started; the exit runs the listener above. Not `once`: run() ends
  // the process without an exit when nobody listens any more.
  process.on(name, () => setImmediate(() => process.exit(name === "SIGINT" ? 130 : 143)));
}

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {() => string} log what it has written since its start
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server and waits until it answers.
 * @param {string} cmd
 * @param {string[]} args
 * @param {{cwd: string, env?: Record<string, string>, port: number, timeoutMs?: number}} options
 * @returns {Promise<Server>}
 */
export async function startServer(cmd, args, { cwd, env, port, timeoutMs = 60_000 }) {
  const child = spawn(cmd, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
    detached: GROUPS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
  }
  let ended = false;
  const end = once(child, "close").then(
    () => void (ended = true),
    (error) => {
      ended = true;
      text += String(error);
    },
  );
  const log = () => stripVTControlCharacters(text);
  const stop = async () => {
    signal(child, "SIGTERM");
    const timer = setTimeout(() => signal(child, "SIGKILL"), 3000);
    await end;
    clearTimeout(timer);
    signal(child, "SIGKILL"); // what it started may outlive it
    running.delete(child);
  };
  const deadline = Date.now() + timeoutMs;
  while (!(await answers(port))) {
    if (!ended && Date.now() < deadline) {
      await pause(100);
      continue;
    }
    const why = ended ? "ended at start" : `did not answer in ${timeoutMs} ms`;
    await stop();
    throw new Error(`${cmd} ${args.join(" ")} ${why}\n${log().trim().split("\n").slice(-15).join("\n")}`);
  }
  return { port, log, stop };
}

/**
 * Starts a program that listens nowhere.
 * @param {string} cmd
 * @param {string[]} args
 * @param {{cwd: string, env: Record<string, string>}} options
 */
export function startProgram(cmd, args, { cwd, env }) {
  const child = spawn(cmd, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0", ...env },
    detached: GROUPS,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (part) => {
      text += part;
    });
  }
  const kill = () => {
    running.delete(child);
    signal(child, "SIGKILL");
  };
  return { log: () => text, kill };
}

/** @returns {Promise<number>} a port that nobody listens on */
export async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

/** @param {number} port */
async function answers(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5000) });
    await answer.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** @param {import("node:child_process").ChildProcess} child @param {NodeJS.Signals} name */
function signal(child, name) {
  try {
    if (GROUPS && child.pid) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // already gone
  }
}
