// Every host, one after the other: the packed package, and the whole suite.
//
//   node tests/hosts/index.mjs [name …]     names: see HOSTS

import { fileURLToPath } from "node:url";
import { log } from "../../scripts/lib/run.mjs";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";
import { HERE } from "./pack.mjs";
import { broken } from "./suite.mjs";

/** @typedef {import("./suite.mjs").Result} Result */

const HOSTS = ["node", "deno", "bun", "workerd", "next", "browsers", "bundlers"];

/** How many failures of one result are shown. */
const SHOWN = 5;

/**
 * @param {{only?: string[]}} [options] only: names of HOSTS; all if there are none
 * @returns {Promise<Result[]>}
 */
export async function hostTests({ only = [] } = {}) {
  const unknown = only.filter((name) => !HOSTS.includes(name));
  if (unknown.length > 0) throw new Error(`no such host: ${unknown.join(", ")}; there are ${HOSTS.join(", ")}`);
  await ensureNodeModules(HERE);

  const results = [];
  for (const name of HOSTS.filter((host) => only.length === 0 || only.includes(host))) {
    const started = Date.now();
    for (const result of await runHost(name)) {
      results.push(result);
      tell(result);
    }
    log(`${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  return results;
}

/** @param {string} name @returns {Promise<Result[]>} */
async function runHost(name) {
  try {
    const host = await import(`./${name}.mjs`);
    return await host.run();
  } catch (error) {
    return [broken(name, error)];
  }
}

/** @param {Result} result */
function tell({ name, passed, failed, failures = [], notRun }) {
  if (notRun !== undefined) return log(`${name}: NOT RUN: ${notRun}`);
  log(`${name}: ${passed} passed${failed > 0 ? `, ${failed} FAILED` : ""}`);
  for (const failure of failures.slice(0, SHOWN)) log(`  ${failure.trimEnd().replaceAll("\n", "\n    ")}`);
  if (failures.length > SHOWN) log(`  and ${failures.length - SHOWN} more`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await hostTests({ only: process.argv.slice(2) });
  const failed = results.filter((result) => result.failed > 0).length;
  const notRun = results.filter((result) => result.notRun !== undefined).length;
  log(`hosts: ${results.length - failed - notRun} passed, ${failed} failed, ${notRun} not run`);
  if (failed > 0) process.exitCode = 1;
}
