// Receives Reducto's webhooks in a Cloudflare Worker: answers 202 once a queue has the delivery, and processes it from
// there, once.
import { createReceiver, type QueuedDelivery } from "hookseal/receiver";
import { type JobUpdate, ReductoWebhook } from "hookseal/reducto";
import { durableObjectStore } from "hookseal/stores/durable-object";

/** Remembers which messages were processed. wrangler.jsonc names it. */
export { DeliveryStore } from "hookseal/stores/durable-object";

const PATH = "/webhooks/reducto";

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

type Queued = QueuedDelivery<JobUpdate<Metadata>>;

interface Env {
  /** One secret; during a rotation several, divided by spaces. */
  REDUCTO_WEBHOOK_SECRET?: string;
  DELIVERIES: DurableObjectNamespace;
  QUEUE: Queue<Queued>;
}

const receiver = createReceiver({
  webhook: (env: Env) => new ReductoWebhook<Metadata>((env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/)),
  store: (env) => durableObjectStore(env.DELIVERIES),
  respond: "before",
  enqueue: (delivery, { env }) => env.QUEUE.send(delivery),
  onDelivery: async (update, { id }) => {
    await new Promise((done) => setTimeout(done, 100)); // stands for the real work, as fetching the job's result
    console.log(`processed ${id}: job ${update.job_id} ${update.status}, user ${update.metadata?.user_id}`);
  },
});

export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname !== PATH) return new Response(null, { status: 404 });
    return receiver.fetch(request, env, context);
  },
  async queue(batch, env) {
    for (const message of batch.messages) {
      try {
        await receiver.process(message.body, env);
        message.ack();
      } catch {
        message.retry({ delaySeconds: 30 }); // the receiver has logged why
      }
    }
  },
} satisfies ExportedHandler<Env, Queued>;
