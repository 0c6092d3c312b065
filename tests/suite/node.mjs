// Runs the suite on this Node against the working tree's pkg/: the quick check during development.

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { root } from "../../scripts/lib/run.mjs";
import { bundleSuite } from "./bundle.mjs";

/** @typedef {{name: string, passed: number, failed: {name: string, error: string}[]}} SuiteResult */

/**
 * @param {string} [pkg] the package to test
 * @returns {Promise<SuiteResult[]>}
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
    return [{ name: "suite on Node (working tree)", ...(await runSuite()) }];
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

async function main() {
  const results = await nodeSuite(process.argv[2]);
  for (const { failed } of results) {
    for (const { name, error } of failed) console.log(`\n✗ ${name}\n  ${error.replaceAll("\n", "\n  ")}`);
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed.length, 0);
  console.log(`suite: ${passed} passed, ${failed} failed`);
  // Not process.exit: what was printed must get out first.
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
