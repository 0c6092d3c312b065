// Receives Reducto's webhooks with Deno: answers at once, works afterwards, and handles each message once.
import { type Delivery, WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { type JobUpdate, ReductoWebhook } from "hookseal/reducto";

const PATH = "/webhooks/reducto";
const MAX_BODY = 1024 * 1024;

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// One secret; during a rotation several, divided by spaces. Without one this throws, and the server does not start.
const secrets = (Deno.env.get("REDUCTO_WEBHOOK_SECRET") ?? "").trim().split(/\s+/);
const webhook = new ReductoWebhook<Metadata>(secrets);

// Each retry and resend of a message carries the same id. This set knows one process, since its start:
// a fleet needs a shared store (a unique database column, or Deno KV with an atomic check).
const accepted = new Set<string>();

async function receive(request: Request): Promise<Response> {
  if (new URL(request.url).pathname !== PATH) return new Response(null, { status: 404 });
  if (request.method !== "POST") return new Response(null, { status: 405, headers: { Allow: "POST" } });
  try {
    const body = await readBody(request);
    if (body === undefined) {
      console.warn("refused 413 the body is over 1 MiB");
      return new Response(null, { status: 413 });
    }
    const delivery = webhook.verifyDelivery(body, request.headers);
    if (accepted.has(delivery.id)) {
      console.log(`seen before ${delivery.id}`);
    } else {
      accepted.add(delivery.id);
      setTimeout(work, 0, delivery); // after the answer; if it must survive a crash, use a durable queue
    }
    return new Response(null, { status: 200 });
  } catch (error) {
    return new Response(null, { status: statusOf(error) });
  }
}

/** The raw bytes, or nothing if they are too many. Counted as they come: Content-Length may be absent. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
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

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8000) }, receive);
