// The wasm artifact `core`: the crate without default features, as small as it goes.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { log, root, run } from "../lib/run.mjs";
import { ensureWasmBindgen } from "../setup/wasm-bindgen.mjs";
import { ensureWasmTarget } from "../setup/wasm-target.mjs";

const TARGET = "wasm32-unknown-unknown";

// Bytes of stack. The deepest call, decoding a secret, needs under 8 KiB; memory is paid for at each cold start.
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

/**
 * @returns {Promise<Uint8Array<ArrayBuffer>>} the bytes of core.wasm
 */
export async function buildCore() {
  const env = await ensureWasmTarget();
  const { bindgen } = await ensureWasmBindgen();
  const out = join(root, "target", "core");
  mkdirSync(out, { recursive: true });

  log("building core.wasm");
  const cargo = ["rustc", "--release", "--lib", "--crate-type", "cdylib", "--no-default-features", "--target", TARGET];
  await run("cargo", [...cargo, "--", "-C", `link-arg=-zstack-size=${STACK}`], { env, quiet: true });
  const built = join(root, "target", TARGET, "release", "hookseal.wasm");
  await run(bindgen, ["--target", "bundler", "--no-typescript", "--out-dir", out, built], { quiet: true });

  // wasm-bindgen adds a table for JavaScript objects and the import that fills it. Ours has numbers only, so
  // keep what our own exports need and nothing else.
  const bound = join(out, "hookseal_bg.wasm");
  const graph = join(out, "exports.json");
  writeFileSync(graph, JSON.stringify(ownExports(bound).map((name) => ({ name, root: true, export: name }))));
  const kept = join(out, "kept.wasm");
  await binaryen("wasm-metadce", [...FEATURES, bound, "--graph-file", graph, "-o", kept]);
  const optimised = join(out, "core.wasm");
  const strip = ["--strip-debug", "--strip-producers", "--strip-target-features"];
  await binaryen("wasm-opt", [...FEATURES, "-Os", "--converge", ...strip, kept, "-o", optimised]);

  const bytes = Uint8Array.from(readFileSync(optimised));
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
  if (imports.length > 0) throw new Error(`core.wasm must import nothing, but has ${JSON.stringify(imports)}`);
  return bytes;
}

/** @param {string} file */
function ownExports(file) {
  const names = WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(file))).map(({ name }) => name);
  return names.filter((name) => !name.startsWith("__"));
}

/**
 * @param {string} tool
 * @param {string[]} args
 */
async function binaryen(tool, args) {
  await run(process.execPath, [join(root, "node_modules", "binaryen", "bin", tool), ...args], { quiet: true });
}
