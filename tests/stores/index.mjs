// Every store against its real engine: the conformance suite, what is the store's own, and an engine that goes down and
// comes back. And the suite itself, against stores that are wrong.
//
//   node tests/stores/index.mjs [name …]     names: see STEPS

import { fileURLToPath } from "node:url";
import { log } from "../../scripts/lib/run.mjs";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";
import { ensureServices } from "../../scripts/setup/services.mjs";

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */

const STEPS = ["memory", "broken", "redis", "postgres", "durable-object", "deno-kv"];
const NEED_SERVICES = ["redis", "postgres"];

/**
 * Needs pkg/. Installs its own development packages and servers.
 * @param {{only?: string[]}} [options] only: names of STEPS; all if there are none
 * @returns {Promise<Result[]>}
 */
export async function storeTests({ only = [] } = {}) {
  const unknown = only.filter((name) => !STEPS.includes(name));
  if (unknown.length > 0) throw new Error(`no such step: ${unknown.join(", ")}; there are ${STEPS.join(", ")}`);
  for (const folder of [".", "../hosts"]) await ensureNodeModules(fileURLToPath(new URL(folder, import.meta.url)));

  const results = [];
  for (const name of STEPS.filter((step) => only.length === 0 || only.includes(step))) {
    const started = Date.now();
    for (const result of await runStep(name)) {
      results.push(result);
      log(
        `${result.name}: ${result.notRun ? `not run: ${result.notRun}` : `${result.passed} passed, ${result.failed} failed`}`,
      );
    }
    log(`stores: ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  return results;
}

/** @param {string} name @returns {Promise<Result[]>} */
async function runStep(name) {
  const result = { name: `stores: ${name}`, passed: 0, failed: 0 };
  const { missing } = NEED_SERVICES.includes(name) ? await ensureServices() : { missing: undefined };
  if (missing !== undefined) return [{ ...result, notRun: missing }];
  try {
    return await (await import(`./${name}.mjs`)).run();
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ ...result, failed: 1, failures: [failure] }];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await storeTests({ only: process.argv.slice(2) });
  for (const { failures = [] } of results) {
    for (const failure of failures) console.log(`  ${failure.trimEnd().replaceAll("\n", "\n    ")}`);
  }
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}
