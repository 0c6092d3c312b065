// Receives Reducto's webhooks with Express: answers at once, works afterwards, and handles each message once.
import express, { type ErrorRequestHandler } from "express";
import { type Delivery, WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { type JobUpdate, ReductoWebhook } from "hookseal/reducto";

const PATH = "/webhooks/reducto";

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// One secret; during a rotation several, divided by spaces. Without one this throws, and the server does not start.
const secrets = (process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/);
const webhook = new ReductoWebhook<Metadata>(secrets);

// Each retry and resend of a message carries the same id. This set knows one process, since its start:
// a fleet needs a shared store (a unique database column, or Redis with SET NX).
const accepted = new Set<string>();

// What was answered but not worked on yet. If that must survive a crash, keep it in a durable queue instead.
const queue: Delivery<JobUpdate<Metadata>>[] = [];
let working = false;

const app = express();
app.disable("x-powered-by");

// Raw, since the signature is over the very bytes. No other body parser may run before this route.
app.post(PATH, express.raw({ type: () => true, limit: "1mb" }), (request, response) => {
  const delivery = webhook.verifyDelivery(request.body ?? "", request.headers); // a POST without a body has no buffer
  if (accepted.has(delivery.id)) {
    console.log(`seen before ${delivery.id}`);
  } else {
    accepted.add(delivery.id);
    queue.push(delivery);
    setImmediate(drain); // after the answer is on its way
  }
  response.sendStatus(200);
});

app.all(PATH, (_request, response) => {
  response.set("Allow", "POST").sendStatus(405);
});

// The log says what was wrong. The answer does not: whoever forges deliveries would read it, too.
const answerError: ErrorRequestHandler = (error, _request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof WebhookVerificationError) {
    console.warn(`refused 401 ${error.code}: ${error.hint}`);
    response.sendStatus(401);
  } else if (error instanceof WebhookPayloadError) {
    console.warn(`refused 400 ${error.code} at ${error.path}`);
    response.sendStatus(400);
  } else if (error.type === "entity.too.large") {
    console.warn("refused 413 the body is over 1 MiB");
    response.sendStatus(413);
  } else {
    console.error(error);
    response.sendStatus(500); // the sender tries again later
  }
};
app.use(answerError);

async function drain(): Promise<void> {
  if (working) return;
  working = true;
  for (let delivery = queue.shift(); delivery; delivery = queue.shift()) await work(delivery);
  working = false;
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

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`listening on http://localhost:${port}${PATH}`));
