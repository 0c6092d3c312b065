// Receives Reducto's webhooks with Hono, and processes each message once.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";

const PATH = "/webhooks/reducto";

// Which messages were processed, this process remembers. A fleet needs a store that all share: pass `store`.
const receiver = createReceiver({
  // One secret; during a rotation several, divided by spaces. Without one this throws, and the server does not start.
  webhook: new ReductoWebhook((process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/)),
  onDelivery: async (update, { id }) => {
    await new Promise((done) => setTimeout(done, 100)); // stands for the real work, as fetching the job's result
    console.log(`processed ${id}: job ${update.job_id} ${update.status}, user ${update.metadata?.user_id}`);
  },
});

const app = new Hono();
app.all(PATH, (c) => receiver.fetch(c.req.raw, c.env));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
