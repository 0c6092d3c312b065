// A Rust that can build for wasm32-unknown-unknown.

import { existsSync, readdirSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheDir, log, root, run } from "../lib/run.mjs";

const TARGET = "wasm32-unknown-unknown";

/** @typedef {Record<string, string | undefined>} Env */

/** @type {Map<string, Promise<Env>>} */
const found = new Map();

/**
 * The environment, on top of this process's own, under which `cargo build --target wasm32-unknown-unknown` works.
 * Empty where the toolchain that `folder` selects has the target or rustup can add it.
 * @param {string} [folder]
 * @returns {Promise<Env>}
 */
export function ensureWasmTarget(folder = root) {
  const env = found.get(folder) ?? find(folder);
  found.set(folder, env);
  return env;
}

/** @param {string} folder @returns {Promise<Env>} */
async function find(folder) {
  if (await hasTarget(folder, {})) return {};
  log(`rustup target add ${TARGET}`);
  const added = await run("rustup", ["target", "add", TARGET], { cwd: folder, quiet: true, allowFail: true });
  if (added.code === 0 && (await hasTarget(folder, {}))) return {};

  const why = added.stderr.split("\n").find((line) => line.startsWith("error")) ?? added.stderr.trim();
  log(`rustup could not add ${TARGET} (${why})`);
  const env = await distribution();
  if (await hasTarget(folder, env)) return env;
  throw new Error(`no Rust here can build for ${TARGET}; run: rustup target add ${TARGET}`);
}

/** @returns {Promise<Env>} */
async function distribution() {
  if (process.platform !== "linux") return {};
  const script = fileURLToPath(new URL("wasm-toolchain.sh", import.meta.url));
  const { stdout } = await run("sh", [script, cacheDir("wasm-toolchain")], { quiet: true });
  // rustup's variables would send its cargo back to the toolchain without the target
  return {
    PATH: stdout.trim() + delimiter + process.env.PATH,
    RUSTUP_TOOLCHAIN: undefined,
    RUSTC: undefined,
    RUSTDOC: undefined,
    CARGO: undefined,
  };
}

/** @param {string} folder @param {Env} env */
async function hasTarget(folder, env) {
  const args = ["--print", "target-libdir", "--target", TARGET];
  const { code, stdout } = await run("rustc", args, { cwd: folder, env, quiet: true, allowFail: true });
  const libraries = stdout.trim();
  return code === 0 && existsSync(libraries) && readdirSync(libraries).some((name) => /^libcore-.*\.rlib$/.test(name));
}
