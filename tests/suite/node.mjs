// Runs the suite on this Node against the working tree's pkg/: the quick check during development.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { root } from "../../scripts/lib/run.mjs";
import { bundleSuite } from "./bundle.mjs";

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */

/**
 * @param {string} [pkg] the package to test
 * @returns {Promise<Result[]>}
 */
export async function nodeSuite(pkg = join(root, "pkg")) {
  if (!existsSync(join(pkg, "package.json"))) throw new Error(`there is no package in ${pkg}: npm run build`);
  const project = await mkdtemp(join(tmpdir(), "hookseal-suite-"));
  try {
    await writeFile(join(project, "package.json"), '{ "type": "module", "private": true }\n');
    await mkdir(join(project, "node_modules"));
    await symlink(pkg, join(project, "node_modules", "hookseal"), "junction");
    const file = join(project, "suite.js");
    await bundleSuite(file);
    // Only a host's own runner can make another realm; the suite takes it from here where there is one.
    Object.assign(globalThis, { hooksealOtherRealm: runInNewContext("globalThis") });
    const { runSuite } = await import(pathToFileURL(file).href);
    /** @type {{passed: number, failed: {name: string, error: string}[]}} */
    const { passed, failed } = await runSuite();
    const failures = failed.map(({ name, error }) => `✗ ${name}\n  ${error.replaceAll("\n", "\n  ")}`);
    return [{ name: "suite on Node, working tree", passed, failed: failed.length, failures }];
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

async function main() {
  for (const { passed, failed, failures = [] } of await nodeSuite(process.argv[2])) {
    for (const failure of failures) console.log(`\n${failure}`);
    console.log(`suite: ${passed} passed, ${failed} failed`);
    // Not process.exit: what was printed must get out first.
    if (failed > 0 || passed === 0) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
