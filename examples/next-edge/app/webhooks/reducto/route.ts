// Receives Reducto's webhooks in a Next.js route on the edge runtime: answers at once, works afterwards, and handles
// each message once.

import { type Delivery, WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { type JobUpdate, ReductoWebhook } from "hookseal/reducto";
import { after } from "next/server";

export const runtime = "edge";

const MAX_BODY = 1024 * 1024;

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// Made at the first delivery: `next build` loads this file, too, where the secret need not be set.
// One secret; during a rotation several, divided by spaces.
let webhook: ReductoWebhook<Metadata> | undefined;

// Each retry and resend of a message carries the same id. This set knows one instance, of which there may be many:
// in production use a shared store (a unique database column, or Redis with SET NX).
const accepted = new Set<string>();

export async function POST(request: Request): Promise<Response> {
  try {
    const body = await readBody(request);
    if (body === undefined) {
      console.warn("refused 413 the body is over 1 MiB");
      return new Response(null, { status: 413 });
    }
    webhook ??= new ReductoWebhook((process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/));
    const delivery = webhook.verifyDelivery(body, request.headers);
    if (accepted.has(delivery.id)) {
      console.log(`seen before ${delivery.id}`);
    } else {
      accepted.add(delivery.id);
      after(() => work(delivery)); // the answer does not wait for it
    }
    return new Response(null, { status: 200 });
  } catch (error) {
    return new Response(null, { status: statusOf(error) });
  }
}

// Next.js answers 405 by itself, but without the Allow header that HTTP asks for.
const notAllowed = () => new Response(null, { status: 405, headers: { Allow: "POST" } });

export { notAllowed as GET, notAllowed as PUT, notAllowed as PATCH, notAllowed as DELETE };

/**
 * The raw bytes, or nothing if they are too many. Counted as they come: Content-Length may be absent. What is too much
 * is read and dropped, since Next.js never answers a request whose large body was left half read.
 */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
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
