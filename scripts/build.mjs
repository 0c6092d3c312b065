// Assembles the npm package: pkg/ from the crate's wasm and pkg-template/.

import { fileURLToPath } from "node:url";
import { ensureNodeModules } from "./setup/npm.mjs";

/** Builds everything, in order. Sets up what is missing first. */
export async function build() {
  await ensureNodeModules();
  // These need node_modules, so they load after it is there.
  const { buildCore } = await import("./build/core.mjs");
  const { buildPackage } = await import("./build/package.mjs");
  const core = await buildCore();
  await buildPackage(core);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();
