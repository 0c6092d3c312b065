// The receiver as a Worker, with Cloudflare's own types.
/// <reference types="@cloudflare/workers-types" />

import { createReceiver, type QueuedDelivery } from "hookseal/receiver";
import { type JobUpdate, ReductoWebhook } from "hookseal/reducto";
import { durableObjectStore } from "hookseal/stores/durable-object";

interface Env {
  SECRET: string;
  DELIVERIES: DurableObjectNamespace;
  QUEUE: Queue<QueuedDelivery<JobUpdate>>;
}

const receiver = createReceiver({
  webhook: (env: Env) => new ReductoWebhook(env.SECRET),
  store: (env) => durableObjectStore(env.DELIVERIES),
  respond: "before",
  enqueue: (delivery, { env }) => env.QUEUE.send(delivery),
  onDelivery: (update) => console.log(update.status),
});

export default receiver satisfies ExportedHandler<Env>;
