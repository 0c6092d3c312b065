// The fleet's processes: receivers that can be killed and started again, and the proxy before them.

import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { project } from "../hosts/pack.mjs";

export const HERE = fileURLToPath(new URL(".", import.meta.url));

/** How long a process may take to start: half a second, on a loaded machine more. */
const START_MS = 30_000;

/** What a caller's Node was told must not reach the processes under test. */
const CLEAN = { NODE_OPTIONS: undefined, NODE_TEST_CONTEXT: undefined, NODE_PATH: undefined };

/**
 * The application's folder: its program, the packed tarball, and links to what else it imports.
 * @returns {Promise<string>}
 */
export async function receiverProject() {
  const folder = await project("fleet", { "receiver.mjs": readFileSync(join(HERE, "receiver.mjs")) });
  const { dependencies } = JSON.parse(readFileSync(join(HERE, "package.json"), "utf8"));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(HERE, "node_modules", name), join(folder, "node_modules", name), "junction");
  }
  return folder;
}

/**
 * A program that says on which port it listens.
 * @param {string} file
 * @param {Record<string, string>} env
 * @param {(line: string) => void} [onLog]
 */
function start(file, env, onLog) {
  const child = fork(file, [], {
    env: { ...process.env, ...CLEAN, ...env },
    execArgv: [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const end = () => child.kill("SIGKILL");
  process.on("exit", end);
  const gone = once(child, "exit").then(() => {
    process.removeListener("exit", end);
  });
  /** @type {Promise<number>} */
  const port = new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`${file} was not ready after ${START_MS} ms`)), START_MS);
    child.on("message", (/** @type {{port?: number, log?: string}} */ message) => {
      if (message.log !== undefined) onLog?.(message.log);
      if (message.port === undefined) return;
      clearTimeout(timer);
      done(message.port);
    });
    gone.then(() => {
      clearTimeout(timer);
      fail(new Error(`${file} ended before it was ready`));
    });
  });
  port.catch(() => {}); // who started it may not be waiting any more
  return { child, port, gone };
}

/** @param {number} seed */
export async function startProxy(seed) {
  const { child, port, gone } = start(join(HERE, "proxy.mjs"), { FLEET_SEED: String(seed) });
  return {
    port: await port,
    /** @param {number} slot @param {number} to */
    route: (slot, to) => void child.send({ slot, port: to }),
    stop: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/**
 * One life of a receiver that was killed: when the signal was sent, and when the process was seen to be gone.
 * @typedef {{incarnation: string, at: number, gone: number}} Kill
 */

/** Receivers, each in its slot behind the proxy. */
export class Fleet {
  /** @type {Kill[]} */
  kills = [];
  /** How many receivers ended by themselves, which none should. */
  crashes = 0;
  /** How often receivers logged which line. @type {Map<string, number>} */
  logged = new Map();
  /** @type {{start: ReturnType<typeof start>, incarnation: string, up: boolean, killed: boolean}[]} */
  #slots = [];
  #lives = 0;

  /**
   * @param {string} folder
   * @param {Record<string, string>} env
   * @param {Awaited<ReturnType<typeof startProxy>>} proxy
   */
  constructor(folder, env, proxy) {
    this.folder = folder;
    this.env = env;
    this.proxy = proxy;
  }

  /** How many processes there were. */
  get lives() {
    return this.#lives;
  }

  /** The slots whose receiver can be killed. */
  get up() {
    return [...this.#slots.keys()].filter((slot) => this.#slots[slot]?.up);
  }

  /** @param {number} slot */
  async start(slot) {
    const incarnation = `${slot}.${++this.#lives}`;
    const started = start(join(this.folder, "receiver.mjs"), { ...this.env, FLEET_INCARNATION: incarnation }, (line) =>
      this.#log(line),
    );
    const life = { start: started, incarnation, up: false, killed: false };
    this.#slots[slot] = life;
    started.gone.then(() => {
      const wasUp = life.up;
      life.up = false;
      if (life.killed) return;
      this.crashes++;
      if (!wasUp) return;
      this.start(slot).catch(() => {}); // as whatever watches over processes does
    });
    this.proxy.route(slot, await started.port);
    life.up = true;
  }

  /** @param {number} slot */
  async kill(slot) {
    const life = this.#slots[slot];
    if (!life?.up) return;
    life.up = false;
    life.killed = true;
    const at = Date.now();
    life.start.child.kill("SIGKILL");
    await life.start.gone;
    this.kills.push({ incarnation: life.incarnation, at, gone: Date.now() });
  }

  /** When nothing is sent any more. */
  async stop() {
    for (const life of this.#slots) {
      life.killed = true;
      life.start.child.kill("SIGKILL");
      await life.start.gone;
    }
  }

  /** @param {string} line */
  #log(line) {
    this.logged.set(line, (this.logged.get(line) ?? 0) + 1);
  }
}
