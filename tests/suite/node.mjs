// Runs the suite on this Node against the working tree's pkg/: the quick check during development.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { root } from "../../scripts/lib/run.mjs";
import { bundleSuite } from "./bundle.mjs";
import { copyPackage } from "./copy.mjs";

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */

/** The suite runs as the package is, and with either way to hash for every body. @type {[string, import("./copy.mjs").NativeFrom?][]} */
const WAYS = [
  ["suite on Node, working tree"],
  ["suite on Node, all hashed by the host", "0"],
  ["suite on Node, all hashed in WebAssembly", "Infinity"],
];

/**
 * @param {string} [pkg] the package to test
 * @returns {Promise<Result[]>}
 */
export async function nodeSuite(pkg = join(root, "pkg")) {
  if (!existsSync(join(pkg, "package.json"))) throw new Error(`there is no package in ${pkg}: npm run build`);
  // Only a host's own runner can make another realm; the suite takes it from here where there is one.
  Object.assign(globalThis, { hooksealOtherRealm: runInNewContext("globalThis") });
  const results = [];
  for (const [name, nativeFrom] of WAYS) results.push(await suiteOf(name, pkg, nativeFrom));
  return results;
}

/**
 * @param {string} name
 * @param {string} pkg
 * @param {import("./copy.mjs").NativeFrom} [nativeFrom]
 * @returns {Promise<Result>}
 */
async function suiteOf(name, pkg, nativeFrom) {
  const project = await mkdtemp(join(tmpdir(), "hookseal-suite-"));
  try {
    await writeFile(join(project, "package.json"), '{ "type": "module", "private": true }\n');
    await mkdir(join(project, "node_modules"));
    await copyPackage(join(project, "node_modules", "hookseal"), nativeFrom, pkg);
    const file = join(project, "suite.js");
    await bundleSuite(file);
    const { runSuite } = await import(pathToFileURL(file).href);
    /** @type {{passed: number, failed: {name: string, error: string}[]}} */
    const { passed, failed } = await runSuite();
    const failures = failed.map(({ name, error }) => `✗ ${name}\n  ${error.replaceAll("\n", "\n  ")}`);
    return { name, passed, failed: failed.length, failures };
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

async function main() {
  for (const { name, passed, failed, failures = [] } of await nodeSuite(process.argv[2])) {
    for (const failure of failures) console.log(`\n${failure}`);
    console.log(`${name}: ${passed} passed, ${failed} failed`);
    // Not process.exit: what was printed must get out first.
    if (failed > 0 || passed === 0) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
