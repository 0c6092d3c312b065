// Running commands, and the few places (repository, caches, PATH) that every script asks for.

import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

/** How much of a failed command's output its error shows. */
const LINES_SHOWN = 25;

/** What a step has to say goes to stderr: a script's stdout stays its result. */
export function log(/** @type {unknown[]} */ ...words) {
  console.error("hookseal:", ...words);
}

/**
 * A folder of this user that outlives the clone. It may not exist yet.
 * @param {string} name
 */
export function cacheDir(name) {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "hookseal", name);
}

/** @param {string} path */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The first executable of that name on PATH.
 * @param {string} name
 * @returns {string | undefined}
 */
export function which(name) {
  const endings = process.platform === "win32" ? [".exe", ".cmd", ""] : [""];
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => endings.map((ending) => resolve(folder, name + ending)))
    .find(isExecutable);
}

/** @typedef {{code: number | null, stdout: string, stderr: string}} Result `code` is null when a signal ended it. */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] default: the repository
 * @property {Record<string, string | undefined>} [env] on top of this process's own; undefined removes a variable
 * @property {boolean} [quiet] keep the output to the result instead of showing it too
 * @property {string} [input] standard input; without it there is none
 * @property {number} [timeoutMs] after this the command and what it started are ended, and the call fails
 * @property {boolean} [allowFail] return a non-zero exit code (or null) instead of throwing
 */

/**
 * Runs a command without a shell.
 * @param {string} cmd
 * @param {string[]} [args]
 * @param {RunOptions} [options]
 * @returns {Promise<Result>}
 */
export function run(cmd, args = [], { cwd = root, env, quiet, input, timeoutMs, allowFail } = {}) {
  return new Promise((done, fail) => {
    // Its own process group, so that a time limit or Ctrl-C also reaches what it started.
    const group = process.platform !== "win32";
    const child = spawn(cmd, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: group,
      stdio: [input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });

    const kill = (/** @type {NodeJS.Signals} */ signal) => {
      try {
        if (group && child.pid) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // already gone
      }
    };
    const interrupted = (/** @type {NodeJS.Signals} */ signal) => {
      kill("SIGTERM");
      process.removeListener(signal, interrupted);
      // Another listener (a caller's clean-up) ends this process itself.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on("SIGINT", interrupted);
    process.on("SIGTERM", interrupted);

    let timedOut = false;
    const timer = timeoutMs
      ? setTimeout(() => {
          timedOut = true;
          kill("SIGKILL");
        }, timeoutMs)
      : undefined;

    const result = { stdout: "", stderr: "" };
    let all = "";
    for (const name of /** @type {const} */ (["stdout", "stderr"])) {
      const decoder = new StringDecoder("utf8");
      child[name]?.on("data", (/** @type {Buffer} */ bytes) => {
        const text = decoder.write(bytes);
        result[name] += text;
        all += text;
        if (!quiet) process[name].write(text);
      });
    }
    child.stdin?.on("error", () => {}); // it may end without reading
    child.stdin?.end(input);

    const settle = () => {
      clearTimeout(timer);
      process.removeListener("SIGINT", interrupted);
      process.removeListener("SIGTERM", interrupted);
    };
    child.on("error", (error) => {
      settle();
      if (allowFail) done({ code: null, stdout: "", stderr: String(error) });
      else fail(new Error(`cannot run ${cmd}: ${error.message}`, { cause: error }));
    });
    child.on("close", (code, signal) => {
      settle();
      if (timedOut) result.stderr += `\nended after ${timeoutMs} ms`;
      if (code === 0 || allowFail) return done({ code, ...result });
      const why = timedOut
        ? `ran longer than ${timeoutMs} ms`
        : code === null
          ? `was ended by ${signal}`
          : `exited with ${code}`;
      const tail = all.trimEnd().split("\n").slice(-LINES_SHOWN).join("\n");
      fail(new Error(`${[cmd, ...args].join(" ")} ${why}${tail ? `\n${tail}` : ""}`));
    });
  });
}
