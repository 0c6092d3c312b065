// The two wasm artifacts, each as small as it goes: `core` is the crate without default features, `sdk` has the
// services' calls.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { log, root, run } from "../lib/run.mjs";
import { ensureWasmBindgen } from "../setup/wasm-bindgen.mjs";
import { ensureWasmTarget } from "../setup/wasm-target.mjs";

const TARGET = "wasm32-unknown-unknown";

// Bytes of stack: memory is paid for at each cold start.
const STACK = 32 * 1024;

// What rustc uses for this target by default, and simd128 (.cargo/config.toml). wasm-opt must be told: left to
// itself it would also use features that hosts lack.
const FEATURES = [
  "simd",
  "bulk-memory",
  "mutable-globals",
  "multivalue",
  "nontrapping-float-to-int",
  "reference-types",
  "sign-ext",
].map((feature) => `--enable-${feature}`);

// Of wasm-opt's passes those that were smallest when gzipped, of the dozen lists that were tried.
const PASSES = {
  core: "-Oz --converge --reorder-functions",
  sdk: "--flatten --rereloop -Oz --flatten --local-cse -Oz --converge --reorder-functions",
};

/** @returns {Promise<Uint8Array<ArrayBuffer>>} the bytes of core.wasm */
export const buildCore = () => buildWasm("core", "s", [], (name) => !name.startsWith("__"));

/**
 * The exports of the core are in the crate all the same, and fall away here.
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the bytes of sdk.wasm
 */
export const buildSdk = () => buildWasm("sdk", "z", ["--features", "sdk"], (name) => /^(sdk_|memory$)/.test(name));

/**
 * @param {keyof typeof PASSES} artifact
 * @param {"s" | "z"} level of optimisation: `s` is small, `z` is smallest
 * @param {string[]} features
 * @param {(name: string) => boolean} isKept
 */
async function buildWasm(artifact, level, features, isKept) {
  const env = { ...(await ensureWasmTarget()), CARGO_PROFILE_RELEASE_OPT_LEVEL: level };
  const { bindgen } = await ensureWasmBindgen();
  const out = join(root, "target", artifact);
  mkdirSync(out, { recursive: true });

  log(`building ${artifact}.wasm`);
  const cargo = ["rustc", "--release", "--lib", "--crate-type", "cdylib", "--no-default-features", "--target", TARGET];
  await run("cargo", [...cargo, ...features, "--", "-C", `link-arg=-zstack-size=${STACK}`], { env, quiet: true });
  const built = join(root, "target", TARGET, "release", "hookseal.wasm");
  await run(bindgen, ["--target", "bundler", "--no-typescript", "--out-dir", out, built], { quiet: true });

  // wasm-bindgen adds a table for JavaScript objects and the import that fills it. Ours has numbers and texts only,
  // so keep what our own exports need and nothing else.
  const bound = join(out, "hookseal_bg.wasm");
  const graph = join(out, "exports.json");
  writeFileSync(
    graph,
    JSON.stringify(
      exportsOf(bound)
        .filter(isKept)
        .map((name) => ({ name, root: true, export: name })),
    ),
  );
  const kept = join(out, "kept.wasm");
  await binaryen("wasm-metadce", [...FEATURES, bound, "--graph-file", graph, "-o", kept]);
  // Where memory runs out wasm-bindgen calls a function that throws, and traps behind it. The trap will do.
  const foreign = importsOf(kept).filter((name) => !name.includes("__wbindgen_throw"));
  if (foreign.length > 0) throw new Error(`${artifact}.wasm must import nothing, but has ${foreign}`);
  const optimised = join(out, `${artifact}.wasm`);
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  await binaryen("wasm-opt", [
    ...FEATURES,
    "--remove-imports",
    ...PASSES[artifact].split(" "),
    ...strip,
    kept,
    "-o",
    optimised,
  ]);

  return Uint8Array.from(readFileSync(optimised));
}

/** @param {string} file */
function importsOf(file) {
  return WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(file))).map(({ name }) => name);
}

/** @param {string} file */
function exportsOf(file) {
  return WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(file))).map(({ name }) => name);
}

/**
 * @param {string} tool
 * @param {string[]} args
 */
async function binaryen(tool, args) {
  await run(process.execPath, [join(root, "node_modules", "binaryen", "bin", tool), ...args], { quiet: true });
}
