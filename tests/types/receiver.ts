// The receiver as users mount it, with the frameworks' own types.

import { createServer } from "node:http";
import connect from "connect";
import express from "express";
import express4 from "express-4";
import fastify from "fastify";
import fastify4 from "fastify-4";
import { Hono } from "hono";
import { Webhook } from "hookseal";
import { expressReceiver } from "hookseal/express";
import { fastifyReceiver } from "hookseal/fastify";
import {
  abortMessage,
  createReceiver,
  type DeliveryContext,
  type Outcome,
  type QueuedDelivery,
  type Receiver,
  stopEndpoint,
} from "hookseal/receiver";
import { directWebhookVerifier, type JobUpdate, ReductoWebhook } from "hookseal/reducto";
import { type ScaiKeyEvent, ScaiKeyWebhook } from "hookseal/scaikey";
import { memoryStore } from "hookseal/stores/memory";
import { is } from "./equal.js";

interface Metadata {
  user_id: string;
}

// The payload's type comes from the webhook.
const receiver = createReceiver({
  webhook: new ReductoWebhook<Metadata>("secret"),
  store: memoryStore(),
  onDelivery: async (update, delivery) => {
    is<JobUpdate<Metadata>>()(update);
    is<string>()(delivery.id);
    is<Headers>()(delivery.headers);
    is<AbortSignal>()(delivery.signal);
    is<false>()(delivery.duplicate);
    is<undefined>()(delivery.transaction);
    return update.status === "Failed" ? stopEndpoint() : undefined;
  },
});
is<Receiver<JobUpdate<Metadata>, unknown>>()(receiver);
is<Promise<Outcome>>()(receiver.process({ id: "1", payload: { status: "Completed", job_id: "1" }, headers: {} }));

createReceiver({
  webhook: new ScaiKeyWebhook<{ email: string }>("secret"),
  onDelivery: (event) => is<ScaiKeyEvent<{ email: string }>>()(event),
});
createReceiver({
  webhook: directWebhookVerifier<Metadata>({ token: "token" }),
  on: {
    completed: (update) => is<JobUpdate<Metadata>>()(update),
    failed: () => abortMessage(),
  },
});
createReceiver({ webhook: new Webhook("secret"), onDelivery: (payload) => is<unknown>()(payload) });
createReceiver({
  webhook: () => new ReductoWebhook("secret"),
  respond: "before",
  enqueue: async (delivery) => is<QueuedDelivery<JobUpdate<unknown>>>()(delivery),
});

// So does that of env.
interface Env {
  SECRET: string;
}
const worker = createReceiver({
  webhook: (env: Env) => new ReductoWebhook<Metadata>(env.SECRET),
  onDelivery: (_update, delivery) => is<DeliveryContext<Env>>()(delivery),
});
is<Receiver<JobUpdate<Metadata>, Env>>()(worker);

// Mounted.
createServer(expressReceiver(receiver));
express().use("/webhook", expressReceiver(receiver));
express().post("/webhook", expressReceiver(receiver));
express4().use("/webhook", expressReceiver(receiver));
express4.Router().all("/webhook", expressReceiver(receiver));
connect().use("/webhook", expressReceiver(receiver));
fastify().register(fastifyReceiver, { receiver, path: "/webhook", prefix: "/v1" });
fastify4().register(fastifyReceiver, { receiver });
new Hono().all("/webhook", (c) => receiver.fetch(c.req.raw, c.env));

// Next.js: what it demands of a route's exports.
export const POST = receiver.fetch;
POST satisfies (request: Request, context: { params: Promise<{ id: string }> }) => Promise<Response> | Response;

// Mistakes.
// @ts-expect-error
createReceiver({ webhook: "secret", onDelivery() {} });
// @ts-expect-error
createReceiver({ webhook: new ScaiKeyWebhook("secret"), on: { completed() {} } });
// @ts-expect-error
createReceiver({ webhook: new ReductoWebhook("secret"), on: { complete() {} } });
// @ts-expect-error
createReceiver({ webhook: new ReductoWebhook("secret"), respond: "later", onDelivery() {} });
// @ts-expect-error
createReceiver({ webhook: new ReductoWebhook<Metadata>("s"), onDelivery: (update) => update.metadata.user_id });
// @ts-expect-error
expressReceiver({});
// @ts-expect-error
fastify().register(fastifyReceiver, {});
