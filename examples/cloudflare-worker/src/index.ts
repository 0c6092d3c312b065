// Receives Reducto's webhooks in a Cloudflare Worker, and processes each message once.
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";
import { durableObjectStore } from "hookseal/stores/durable-object";

/** Remembers which messages were processed, for all isolates. wrangler.jsonc names it. */
export { DeliveryStore } from "hookseal/stores/durable-object";

const PATH = "/webhooks/reducto";

interface Env {
  /** One secret; during a rotation several, divided by spaces. */
  REDUCTO_WEBHOOK_SECRET?: string;
  DELIVERIES: DurableObjectNamespace;
}

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

const receiver = createReceiver({
  webhook: (env: Env) => new ReductoWebhook<Metadata>((env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/)),
  store: (env) => durableObjectStore(env.DELIVERIES),
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
} satisfies ExportedHandler<Env>;
