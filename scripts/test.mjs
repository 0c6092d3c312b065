// `npm test`: everything. `npm run test:quick`: what ends within a minute, without browsers and other hosts.

import { build } from "./build.mjs";
import { log } from "./lib/run.mjs";
import { summarise } from "./test/summary.mjs";

const quick = process.argv.includes("--quick");

await build();
// These need node_modules or the built package.
const { rustTests, vectorCheck, nodeTests } = await import("./test/steps.mjs");
const { nodeSuite } = await import("../tests/suite/node.mjs");

/** @type {(() => Promise<import("./test/summary.mjs").Result[]>)[]} */
const steps = [rustTests, vectorCheck, nodeSuite, () => nodeTests({ quick })];
if (!quick) {
  const { wasmTests } = await import("./wasm-test.mjs");
  const { hostTests } = await import("../tests/hosts/index.mjs");
  const { exampleTests } = await import("../tests/examples/examples.mjs");
  const { clientTests } = await import("../tests/clients/index.mjs");
  const { storeTests } = await import("../tests/stores/index.mjs");
  const { receiverTests } = await import("../tests/receiver/index.mjs");
  const { fleetTests } = await import("../tests/fleet/run.mjs");
  steps.push(wasmTests, hostTests, exampleTests, clientTests, storeTests, receiverTests, fleetTests);
}

const results = [];
for (const step of steps) {
  try {
    results.push(...(await step()));
  } catch (error) {
    log(error);
    results.push({ name: step.name, passed: 0, failed: 1, failures: [String(error)] });
  }
}
process.exitCode = summarise(results);
