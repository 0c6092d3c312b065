// Receives Reducto's webhooks in a Next.js route on the edge runtime, and processes each message once.
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";

export const runtime = "edge";

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// Which messages were processed, this instance remembers, of which there may be many: in production pass a `store`.
const receiver = createReceiver({
  // A function, called with the first delivery: `next build` loads this file, too, where the secret need not be set.
  // One secret; during a rotation several, divided by spaces.
  webhook: () => new ReductoWebhook<Metadata>((process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/)),
  onDelivery: async (update, { id }) => {
    await new Promise((done) => setTimeout(done, 100)); // stands for the real work, as fetching the job's result
    console.log(`processed ${id}: job ${update.job_id} ${update.status}, user ${update.metadata?.user_id}`);
  },
});

const { fetch } = receiver;

// Next.js answers 405 to other methods by itself, but without the Allow header that HTTP asks for.
export { fetch as POST, fetch as GET, fetch as PUT, fetch as PATCH, fetch as DELETE };
