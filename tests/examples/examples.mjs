// Every example, installed from the packed tarball, started and used. As a script: [--no-build] [name...]

import { fileURLToPath } from "node:url";
import { build } from "../../scripts/build.mjs";
import { root, which } from "../../scripts/lib/run.mjs";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";

/** @typedef {{name: string, passed: number, failed: number, failures?: string[], notRun?: string}} Outcome */

/**
 * Needs pkg/. Installs its own development packages.
 * @param {string[]} [names] only these
 * @returns {Promise<Outcome[]>} one for each example
 */
export async function exampleTests(names = []) {
  await ensureNodeModules();
  await ensureNodeModules(`${root}/tests/examples`);
  // These need node_modules, so they load after it is there.
  const { RECEIVERS, deno } = await import("./receivers.mjs");
  const { checkReceiver } = await import("./checks.mjs");
  const { checkBrowser } = await import("./browser.mjs");
  const { checkBullmq, checkCloudflareQueues } = await import("./queues.mjs");

  const tests = Object.values(RECEIVERS).map((receiver) => ({
    name: receiver.name,
    missing: receiver.name === "deno" && !deno() && !which("deno") ? "no deno for this system" : undefined,
    run: () => checkReceiver(receiver),
  }));
  tests.push({ name: "express-bullmq", missing: undefined, run: checkBullmq });
  tests.push({ name: "cloudflare-queues", missing: undefined, run: checkCloudflareQueues });
  tests.push({ name: "browser", missing: undefined, run: checkBrowser });
  const outcomes = [];
  for (const { name, missing, run } of tests) {
    if (names.length && !names.includes(name)) continue;
    outcomes.push(missing ? notRun(name, missing) : await run().catch((error) => broken(name, error)));
  }
  return outcomes;
}

/** @param {string} name @param {string} why @returns {Outcome} */
function notRun(name, why) {
  return { name, passed: 0, failed: 0, notRun: why };
}

/** @param {string} name @param {unknown} error @returns {Outcome} */
function broken(name, error) {
  return { name, passed: 0, failed: 1, failures: [`${name}: ${error instanceof Error ? error.message : error}`] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
  if (!process.argv.includes("--no-build")) await build();
  const outcomes = await exampleTests(names);
  for (const { name, passed, failed, failures = [], notRun } of outcomes) {
    console.log(notRun ? `${name}: not run: ${notRun}` : `${name}: ${passed} passed, ${failed} failed`);
    for (const failure of failures) console.log(`  ${failure}`);
  }
  process.exitCode = outcomes.some(({ failed }) => failed) ? 1 : 0;
}
