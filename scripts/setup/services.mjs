// Redis and PostgreSQL for tests: what is there, else what Debian or Ubuntu can install; each server in a folder of its
// own, on 127.0.0.1, and gone when this process is.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isExecutable, run, which } from "../lib/run.mjs";
import { aptInstall } from "./apt.mjs";

/** @typedef {{redis: string, postgres: string, initdb: string, missing?: undefined} | {missing: string}} Services absolute paths, or why not */

/**
 * A running server. A start that follows `kill` or `stop` finds the same data at the same port.
 * @typedef {object} Service
 * @property {string} url what clients take
 * @property {number} port
 * @property {string} folder
 * @property {() => number | undefined} pid
 * @property {() => Promise<void>} stop orderly
 * @property {() => Promise<void>} kill as a crash would: SIGKILL
 * @property {() => Promise<void>} restart starts it again, after `stop` if it runs
 */

/** How long a server may take to start: both need a second, a loaded machine more. */
const START_MS = 60_000;
const STOP_MS = 20_000;

/** @type {Promise<Services> | undefined} */
let services;

/** Installs what is missing, once. */
export function ensureServices() {
  return (services ??= findServices());
}

/** @returns {Promise<Services>} */
async function findServices() {
  const failed = [];
  if (!redisServer()) failed.push(await aptInstall("redis-server"));
  if (!postgresProgram("postgres")) failed.push(await aptInstall("postgresql"));
  const [redis, postgres, initdb] = [redisServer(), postgresProgram("postgres"), postgresProgram("initdb")];
  if (redis && postgres && initdb) return { redis, postgres, initdb };
  const what = [...(redis ? [] : ["redis-server"]), ...(postgres && initdb ? [] : ["postgres and initdb"])];
  return { missing: [`no ${what.join(", no ")}`, ...failed.filter(Boolean)].join("; ") };
}

function redisServer() {
  return which("redis-server");
}

/**
 * On PATH, or where Debian keeps them, the newest version first.
 * @param {string} name
 */
function postgresProgram(name) {
  const versions = "/usr/lib/postgresql";
  const found = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  return which(name) ?? found.map((version) => join(versions, version, "bin", name)).find(isExecutable);
}

/**
 * @param {object} [options]
 * @param {string} [options.folder] default: a temporary one
 * @param {number} [options.port] default: a free one
 * @param {boolean} [options.appendOnly] every write is on disk before it is answered
 * @param {string[]} [options.args] more settings, as on its command line
 * @returns {Promise<Service>}
 */
export async function startRedis({ folder = tempFolder("redis"), port, appendOnly = false, args = [] } = {}) {
  const found = await ensureServices();
  if (found.missing !== undefined) throw new Error(found.missing);
  const persistence = appendOnly ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
  return start({
    name: "redis-server",
    folder,
    port,
    url: (on) => `redis://127.0.0.1:${on}`,
    ready: /Ready to accept connections/,
    stopSignal: "SIGTERM",
    // A configuration file must come first; there is none.
    command: (on) => [
      found.redis,
      ...["--port", String(on), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--daemonize", "no"],
      ...persistence,
      ...args,
    ],
  });
}

/**
 * A new cluster in `folder` (or the one that is there): the database and the user are `postgres`, without a password.
 * `fsync` is on.
 * @param {object} [options]
 * @param {string} [options.folder] default: a temporary one
 * @param {number} [options.port] default: a free one
 * @param {Record<string, string | number>} [options.settings] more, as in postgresql.conf
 * @returns {Promise<Service>}
 */
export async function startPostgres({ folder = tempFolder("postgres"), port, settings = {} } = {}) {
  const found = await ensureServices();
  if (found.missing !== undefined) throw new Error(found.missing);
  const data = join(folder, "data");
  const user = process.getuid?.() === 0 ? await systemUser() : undefined; // PostgreSQL refuses root
  if (user) chownSync(folder, user.uid, user.gid);
  const as = user ? ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups"] : [];
  if (!existsSync(join(data, "PG_VERSION"))) {
    const [cmd, ...args] = [...as, found.initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"];
    await run(/** @type {string} */ (cmd), [...args, "--locale=C", "--no-sync"], { cwd: folder, quiet: true });
  }
  // A socket's path can have 107 characters.
  const sockets = folder.length < 80 ? folder : "";
  const all = { listen_addresses: "127.0.0.1", unix_socket_directories: sockets, ...settings };
  return start({
    name: "postgres",
    folder,
    port,
    url: (on) => `postgres://postgres@127.0.0.1:${on}/postgres`,
    ready: /database system is ready to accept connections/,
    stopSignal: "SIGINT", // does not wait for clients to leave
    command: (on) => [
      ...as,
      ...[found.postgres, "-D", data, "-p", String(on)],
      ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
  });
}

async function systemUser() {
  for (const name of ["postgres", "nobody"]) {
    const { code, stdout } = await run("id", [name], { quiet: true, allowFail: true });
    const [, uid, gid] = /uid=(\d+).*? gid=(\d+)/.exec(stdout) ?? [];
    if (code === 0 && uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("PostgreSQL refuses root, and there is no user postgres or nobody");
}

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} folder
 * @property {number | undefined} port
 * @property {(port: number) => string} url
 * @property {(port: number) => string[]} command
 * @property {RegExp} ready what it prints once it listens
 * @property {NodeJS.Signals} stopSignal
 */

/** @param {Program} program @returns {Promise<Service>} */
async function start(program) {
  const { folder, url } = program;
  mkdirSync(folder, { recursive: true });
  let port = program.port ?? (await freePort());
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  for (let tries = 1; child === undefined; tries++) {
    try {
      child = await launch(program, port);
    } catch (error) {
      // Somebody else can have taken the port meanwhile.
      if (program.port !== undefined || tries === 3 || !/in use/i.test(String(error))) throw error;
      port = await freePort();
    }
  }
  const end = async (/** @type {() => void} */ how) => {
    const ending = child;
    if (ending === undefined || gone(ending)) return;
    const closed = once(ending, "close");
    how();
    const timer = setTimeout(() => killAll(ending), STOP_MS);
    await closed;
    clearTimeout(timer);
  };
  const stop = () => end(() => child?.kill(program.stopSignal));
  return {
    url: url(port),
    port,
    folder,
    pid: () => child?.pid,
    stop,
    kill: () => end(() => child && killAll(child)),
    restart: async () => {
      await stop();
      child = await launch(program, port);
    },
  };
}

/** @param {import("node:child_process").ChildProcess} child */
function gone({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

/** @type {Set<import("node:child_process").ChildProcess>} */
const running = new Set();
/** @type {Set<string>} */
const folders = new Set();

/**
 * @param {Program} program
 * @param {number} port
 * @returns {Promise<import("node:child_process").ChildProcess>}
 */
function launch({ name, folder, command, ready }, port) {
  cleanUpAtExit();
  const [cmd, ...args] = guarded(command(port));
  // A group of its own: Ctrl-C is for this process, which then stops it.
  const child = spawn(cmd, args, { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("close", () => running.delete(child));
  let output = "";
  return new Promise((done, fail) => {
    const refuse = (/** @type {string} */ why) => {
      clearTimeout(timer);
      killAll(child);
      fail(new Error(`${name} ${why}:\n${output.split("\n").slice(-25).join("\n")}`));
    };
    const timer = setTimeout(() => refuse(`was not ready after ${START_MS} ms`), START_MS);
    const early = (/** @type {number | null} */ code) => refuse(`ended with ${code}`);
    child.once("error", (error) => refuse(String(error)));
    child.once("close", early);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => {
        if (ready.test(output)) return; // read on, or the pipe would fill
        output += bytes;
        if (!ready.test(output)) return;
        clearTimeout(timer);
        child.removeListener("close", early);
        // A server that was left running must not keep this process from ending.
        child.unref();
        for (const pipe of [child.stdout, child.stderr]) /** @type {import("node:net").Socket} */ (pipe).unref();
        done(child);
      });
    }
  });
}

/**
 * On Linux the kernel ends the server if this process is killed, and can clean up no more.
 * @param {string[]} command
 * @returns {[string, ...string[]]}
 */
function guarded([cmd, ...args]) {
  if (process.platform !== "linux" || !which("setpriv")) return [/** @type {string} */ (cmd), ...args];
  const own = cmd === "setpriv" ? args : [/** @type {string} */ (cmd), ...args];
  return ["setpriv", "--pdeathsig", "KILL", ...own];
}

/**
 * A server and what it started: PostgreSQL's processes each have a group of their own.
 * @param {import("node:child_process").ChildProcess} child
 */
function killAll(child) {
  if (child.pid === undefined) return;
  const children = `/proc/${child.pid}/task/${child.pid}/children`;
  const pids = existsSync(children) ? readFileSync(children, "utf8").split(" ").filter(Boolean).map(Number) : [];
  for (const pid of [child.pid, ...pids]) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // already gone
    }
  }
}

let registered = false;

function cleanUpAtExit() {
  if (registered) return;
  registered = true;
  process.on("exit", () => {
    for (const child of running) killAll(child);
    for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])) {
    // Later: other listeners, such as run()'s, end their child processes first.
    process.on(signal, () => setImmediate(() => process.exit(code)));
  }
}

/**
 * Gone when this process ends. Not under a folder of another user's: PostgreSQL has to reach it.
 * @param {string} name
 */
function tempFolder(name) {
  cleanUpAtExit();
  const folder = mkdtempSync(join(tmpdir(), `hookseal-${name}-`));
  folders.add(folder);
  return folder;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
