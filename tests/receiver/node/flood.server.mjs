// The server of flood.test.mjs, which tells its memory when it is asked.

import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";
import { MOUNTS } from "./mounts.mjs";
import { MAX_BODY } from "./receivers.mjs";
import { SECRET } from "./wire.mjs";

let unhandled = 0;
process.on("unhandledRejection", () => unhandled++);

let lines = 0;
const logger = { warn: () => lines++, error: () => lines++ };
const receiver = createReceiver({
  webhook: new ReductoWebhook(SECRET),
  onDelivery() {},
  onRejected: async () => {},
  logger,
  maxBody: MAX_BODY,
});
const mount = MOUNTS[process.argv[2] ?? ""];
const { port } = (await mount?.({ "/webhook": receiver })) ?? { port: 0 };

process.on("message", async () => {
  await new Promise((done) => setTimeout(done, 300)); // connections that end have ended
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  process.send?.({ heap: heapUsed + external, rss, unhandled, lines });
});
process.send?.(port);
