// Assembles the npm package: pkg/ from the crate's wasm and pkg-template/.

import { fileURLToPath } from "node:url";
import { ensureNodeModules } from "./setup/npm.mjs";

/** Builds everything, in order. Sets up what is missing first. */
export async function build() {
  await ensureNodeModules();
  // These need node_modules, so they load after it is there.
  const { buildCore, buildSdk } = await import("./build/wasm.mjs");
  const { buildPackage } = await import("./build/package.mjs");
  const core = await buildCore();
  const sdk = await buildSdk();
  await buildPackage({ core, sdk });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
