// Everything that judges the code without running it. Each line of output is one check; the first failure ends it.

import { join } from "node:path";
import { build } from "./build.mjs";
import { log, root, run } from "./lib/run.mjs";
import { CARGO_DENY, ensureCargoTool } from "./setup/cargo-tool.mjs";
import { ensureNodeModules } from "./setup/npm.mjs";
import { ensureWasmTarget } from "./setup/wasm-target.mjs";

await build();
// tsc reads their types.
for (const folder of ["examples", "hosts", "contract", "receiver", "stores", "fleet"]) {
  await ensureNodeModules(join(root, "tests", folder));
}
const env = await ensureWasmTarget();
const deny = await ensureCargoTool("cargo-deny", CARGO_DENY);

const tool = (/** @type {string[]} */ ...path) => join(root, "node_modules", ...path);
const WASM = ["--target", "wasm32-unknown-unknown"];
const DENY_WARNINGS = ["--", "-D", "warnings"];

/** @type {[name: string, command: string, args: string[], env?: Record<string, string | undefined>][]} */
const checks = [
  ["cargo fmt", "cargo", ["fmt", "--check"]],
  ["clippy, native", "cargo", ["clippy", "--all-targets", ...DENY_WARNINGS]],
  ["clippy, the wasm core", "cargo", ["clippy", "--lib", "--no-default-features", ...WASM, ...DENY_WARNINGS], env],
  [
    "clippy, the wasm sdk",
    "cargo",
    ["clippy", "--lib", "--no-default-features", "--features", "sdk", ...WASM, ...DENY_WARNINGS],
    env,
  ],
  ["clippy, the wasm tests", "cargo", ["clippy", "--test", "wasm", ...WASM, ...DENY_WARNINGS], env],
  ["cargo doc", "cargo", ["doc", "--no-deps"], { RUSTDOCFLAGS: "-D warnings" }],
  ["cargo doc, wasm", "cargo", ["doc", "--no-deps", ...WASM], { ...env, RUSTDOCFLAGS: "-D warnings" }],
  ["cargo deny", deny, ["check", "licenses", "bans", "sources"]],
  ["Biome", process.execPath, [tool("@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings"]],
  ["tsc, the package", process.execPath, [tool("typescript", "bin", "tsc"), "-p", "pkg-template", "--noEmit"]],
  ["tsc, the scripts", process.execPath, [tool("typescript", "bin", "tsc"), "-p", "scripts", "--noEmit"]],
];

for (const [name, command, args, extra] of checks) {
  log(`lint: ${name}`);
  const { code, stdout, stderr } = await run(command, args, { quiet: true, allowFail: true, env: extra ?? {} });
  if (code !== 0) {
    console.error(stdout + stderr);
    throw new Error(`${name} found something`);
  }
}
log(`lint: ${checks.length} checks, all clean`);
