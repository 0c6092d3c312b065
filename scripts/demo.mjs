// `npm run demo`: two receivers built with hookseal, and good and bad deliveries sent to them over HTTP.
// The table is in demo/table.mjs; what is sent, and what is the right answer, in tests/examples/deliveries.mjs.

import { join } from "node:path";
import { build } from "./build.mjs";
import { printTable } from "./demo/table.mjs";
import { log, root } from "./lib/run.mjs";
import { ensureNodeModules } from "./setup/npm.mjs";

const SHOWN = /** @type {const} */ ([
  "svix",
  "standard",
  "rotation",
  "resend",
  "tampered",
  "wrongSecret",
  "stale",
  "replay",
  "unsigned",
  "notJson",
  "tooLarge",
]);

await build();
await ensureNodeModules(join(root, "tests", "examples"));
// These need node_modules, so they load after it is there.
const { RECEIVERS, startReceiver } = await import("../tests/examples/receivers.mjs");
const { CURRENT, PREVIOUS, deliveries } = await import("../tests/examples/deliveries.mjs");
const { deliver, misdeeds } = await import("./demo/deliver.mjs");

log("packing hookseal, and starting an Express server and a Cloudflare Worker that install it");
const started = await Promise.allSettled(
  [RECEIVERS.express, RECEIVERS.worker].map((receiver) => startReceiver(receiver, `${CURRENT} ${PREVIOUS}`)),
);
const receivers = started.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
try {
  for (const start of started) if (start.status === "rejected") throw start.reason;
  const all = deliveries();
  const chosen = SHOWN.map((name) => all[name]);
  const rows = [];
  for (const delivery of chosen) rows.push(await deliver(delivery, receivers));
  process.exitCode = printTable(rows, await misdeeds(chosen, receivers)) ? 0 : 1;
} finally {
  await Promise.all(receivers.map(({ server }) => server.stop()));
}
