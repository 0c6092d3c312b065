// One contender: an Express application that receives Reducto's deliveries, and counts those that its handler saw.

import express from "express";
import { Webhook } from "svix";
import { expressReceiver } from "../../pkg/express.js";
import { createReceiver } from "../../pkg/receiver.js";
import { ReductoWebhook } from "../../pkg/reducto.js";
import { memoryStore } from "../../pkg/stores/memory.js";
import { SECRET } from "./requests.mjs";

let handled = 0;
/** What is done for every delivery: next to nothing, so that the receiving is what is measured. */
function handle(update) {
  if (update.status === "Completed") handled++;
}

/** As people write it. @param {boolean} remembering */
function byHand(remembering) {
  const webhook = new Webhook(SECRET);
  const seen = new Map();
  return (request, response) => {
    let update;
    try {
      update = webhook.verify(request.body, request.headers);
    } catch {
      return response.status(401).end();
    }
    if (remembering) {
      const id = request.headers["svix-id"];
      if (seen.has(id)) return response.status(200).end();
      seen.set(id, Date.now());
    }
    handle(update);
    response.status(200).end();
  };
}

const raw = express.raw({ type: "application/json" });
const contenders = {
  hookseal: () => {
    const webhook = new ReductoWebhook(SECRET);
    return [expressReceiver(createReceiver({ webhook, store: memoryStore(), onDelivery: handle, logger: silent }))];
  },
  "svix and a Map": () => [raw, byHand(true)],
  "svix alone": () => [raw, byHand(false)],
};
const silent = { warn() {}, error() {} };

const app = express();
app.post("/webhook", ...contenders[process.argv[2]]());
const server = app.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send({ handled, cpu: user + system });
});
process.on("disconnect", () => process.exit());
