// Receives Reducto's webhooks in a Cloudflare Worker: answers at once, works afterwards, and handles each message once.
import { type Delivery, WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { type JobUpdate, ReductoWebhook } from "hookseal/reducto";

const PATH = "/webhooks/reducto";
const MAX_BODY = 1024 * 1024;

interface Env {
  /** One secret; during a rotation several, divided by spaces. */
  REDUCTO_WEBHOOK_SECRET?: string;
}

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// Made at the first request, not at start-up: a Worker may be deployed before its secret is set.
let webhook: ReductoWebhook<Metadata> | undefined;

// Each retry and resend of a message carries the same id. This set knows one isolate, of which there are many:
// in production ask a Durable Object, or a unique column in D1.
const accepted = new Set<string>();

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).pathname !== PATH) return new Response(null, { status: 404 });
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { Allow: "POST" } });
    try {
      const body = await readBody(request);
      if (body === undefined) {
        console.warn("refused 413 the body is over 1 MiB");
        return new Response(null, { status: 413 });
      }
      webhook ??= new ReductoWebhook((env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/));
      const delivery = webhook.verifyDelivery(body, request.headers);
      if (accepted.has(delivery.id)) {
        console.log(`seen before ${delivery.id}`);
      } else {
        accepted.add(delivery.id);
        context.waitUntil(work(delivery)); // the answer does not wait for it
      }
      return new Response(null, { status: 200 });
    } catch (error) {
      return new Response(null, { status: statusOf(error) });
    }
  },
} satisfies ExportedHandler<Env>;

/**
 * The raw bytes, or nothing if they are too many. Counted as they come: Content-Length may be absent. What is too much is
 * read and dropped: under `wrangler dev`, a body left half read makes the next request hang.
 */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size <= MAX_BODY ? new Uint8Array(await new Blob(chunks).arrayBuffer()) : undefined;
}

/** The log says what was wrong. The answer does not: whoever forges deliveries would read it, too. */
function statusOf(error: unknown): number {
  if (error instanceof WebhookVerificationError) {
    console.warn(`refused 401 ${error.code}: ${error.hint}`);
    return 401;
  }
  if (error instanceof WebhookPayloadError) {
    console.warn(`refused 400 ${error.code} at ${error.path}`);
    return 400;
  }
  console.error(error);
  return 500; // the sender tries again later
}

async function work({ id, payload }: Delivery<JobUpdate<Metadata>>): Promise<void> {
  try {
    await new Promise((done) => setTimeout(done, 500)); // stands for the real work, as fetching the job's result
    console.log(`processed ${id}: job ${payload.job_id} ${payload.status}, user ${payload.metadata?.user_id}`);
  } catch (error) {
    console.error(`failed ${id}`, error);
    accepted.delete(id); // so that a resend is worked on
  }
}
