// Receives Reducto's webhooks with Deno, and processes each message once.
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";

const PATH = "/webhooks/reducto";

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// One secret; during a rotation several, divided by spaces. Without one this throws, and the server does not start.
const secrets = (Deno.env.get("REDUCTO_WEBHOOK_SECRET") ?? "").trim().split(/\s+/);

// Which messages were processed, this process remembers. A fleet needs a store that all share, as Deno KV: pass `store`.
const receiver = createReceiver({
  webhook: new ReductoWebhook<Metadata>(secrets),
  onDelivery: async (update, { id }) => {
    await new Promise((done) => setTimeout(done, 100)); // stands for the real work, as fetching the job's result
    console.log(`processed ${id}: job ${update.job_id} ${update.status}, user ${update.metadata?.user_id}`);
  },
});

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, (request) => {
  if (new URL(request.url).pathname !== PATH) return new Response(null, { status: 404 });
  return receiver.fetch(request);
});
