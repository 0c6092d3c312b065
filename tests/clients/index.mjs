// The client suite on every host, from the packed tarball, against the contract servers and the fault server; then the
// contract's own tests and the example.
//
//   node tests/clients/index.mjs [name …]     names: see STEPS

import { fileURLToPath } from "node:url";
import { log } from "../../scripts/lib/run.mjs";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} [failures]
 * @property {string} [notRun] why nothing ran
 */

const STEPS = ["contract", "node", "deno", "bun", "workerd", "example"];

/**
 * Needs pkg/. Installs its own development packages.
 * @param {{only?: string[]}} [options] only: names of STEPS; all if there are none
 * @returns {Promise<Result[]>}
 */
export async function clientTests({ only = [] } = {}) {
  const unknown = only.filter((name) => !STEPS.includes(name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(", ")}; there are ${STEPS.join(", ")}`);
  await ensureNodeModules();
  for (const folder of ["../contract", "../hosts"]) {
    await ensureNodeModules(fileURLToPath(new URL(folder, import.meta.url)));
  }
  // These need node_modules, so they load after it is there.
  const { contractTests } = await import("./contract.mjs");
  const { exampleTest } = await import("./example.mjs");
  const { HOSTS, runOnHost } = await import("./hosts.mjs");

  const results = [];
  for (const name of STEPS.filter((step) => only.length === 0 || only.includes(step))) {
    const started = Date.now();
    try {
      if (name === "contract") results.push(...(await contractTests()));
      else if (name === "example") results.push(await exampleTest());
      else results.push(...(await runOnHost(HOSTS[/** @type {keyof typeof HOSTS} */ (name)])));
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      results.push({ name: `clients: ${name}`, passed: 0, failed: 1, failures: [failure] });
    }
    log(`clients: ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await clientTests({ only: process.argv.slice(2) });
  for (const { name, passed, failed, failures = [], notRun } of results) {
    console.log(notRun === undefined ? `${name}: ${passed} passed, ${failed} failed` : `${name}: not run: ${notRun}`);
    for (const failure of failures) console.log(`  ${failure.trimEnd().replaceAll("\n", "\n    ")}`);
  }
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}
