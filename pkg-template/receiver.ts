/**
 * Receives webhooks: reads the raw body, verifies, answers quickly, and processes each delivery once.
 *
 * @module hookseal/receiver
 */
import { ANSWERS, type Answer, type Outcome } from "./receiver.answers.js";
import { dropRequest, type ReceivedBody, readRequest } from "./receiver.body.js";
import { DeliveryNotProcessedError } from "./receiver.errors.js";
import { fetchHeaders, headerOf, type IncomingHeaders, keptHeaders } from "./receiver.headers.js";
import { type QueuedDelivery, type ReceiverOptions, type Settings, settingsOf } from "./receiver.options.js";
import { Task } from "./receiver.task.js";

export type { Answer, Outcome } from "./receiver.answers.js";
export type { ReceivedBody } from "./receiver.body.js";
export { DeliveryNotProcessedError } from "./receiver.errors.js";
export type { IncomingHeaders } from "./receiver.headers.js";
export type {
  DeliveryContext,
  Handler,
  Logger,
  QueuedDelivery,
  ReceiverOptions,
  Rejection,
  StatusHandlers,
  Verifier,
} from "./receiver.options.js";
export { abortMessage, stopEndpoint, type Verdict } from "./receiver.verdicts.js";
export type { Claim, Store, Transacted } from "./stores/store.js";

/** What a Worker's `fetch` gets as its third argument, as far as it matters here. */
export interface ExecutionContext {
  waitUntil?(promise: Promise<unknown>): void;
}

/** A request, as an adapter hands it over. */
export interface Incoming<Env = unknown> {
  /** The HTTP method. */
  readonly method: string;
  /** Fetch `Headers`, or what Node has: lower-case names. */
  readonly headers: IncomingHeaders;
  /** Reads the raw body: at most `limit` **bytes**, within `timeout` **milliseconds**. Called once at most. */
  readBody(limit: number, timeout: number): Promise<ReceivedBody>;
  /** For handlers. */
  readonly env?: Env | undefined;
  /** Keeps the host from ending work that goes on after the answer. */
  readonly waitUntil?: ((promise: Promise<unknown>) => void) | undefined;
}

/** What `createReceiver` gives. Its functions need no `this`: pass them on as they are. */
export interface Receiver<P = unknown, Env = unknown> {
  /**
   * For everything that speaks Fetch: `export default receiver` (Workers, Bun), `Deno.serve(receiver.fetch)`,
   * `export const POST = receiver.fetch` (Next.js), Hono. Never rejects.
   *
   * @param env Handed on to handlers.
   * @param ctx Its `waitUntil` keeps a handler running that is not done at the deadline.
   */
  fetch(request: Request, env?: Env, ctx?: ExecutionContext): Promise<Response>;
  /** For adapters: `hookseal/express` and `hookseal/fastify` are made of it. Never rejects. */
  handle(request: Incoming<Env>): Promise<Answer>;
  /**
   * Runs the handler on a delivery from a queue, once: a duplicate resolves, and nothing is done. It is not verified
   * again, so the queue must be one that only receivers write to.
   *
   * @throws {DeliveryNotProcessedError} the handler or the store failed, or another process has the delivery in hand:
   *   let the queue try again
   */
  process(delivery: QueuedDelivery<P>, env?: Env): Promise<Outcome>;
  /** Resolves when no handler is running: for a shutdown, after the server has stopped taking requests. */
  drain(): Promise<void>;
}

/**
 * Makes a receiver. `hookseal/express` and `hookseal/fastify` mount it there; everywhere else its `fetch` is the handler.
 *
 * Make one and keep it: the default store remembers in it.
 *
 * @throws {TypeError} `invalid_option`
 * @throws {RangeError} `invalid_option`: a limit
 * @see docs/receiving.md
 * @example
 * ```ts
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 *
 * const webhook = new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 * const receiver = createReceiver({
 *   webhook,
 *   onDelivery: (update, { id }) => {
 *     console.log(id, update.status, update.job_id); // msg_1 Completed 204a39e4
 *   },
 * });
 *
 * const body = '{"status":"Completed","job_id":"204a39e4"}';
 * const headers = webhook.signedHeaders(body, { id: "msg_1" });
 * const response = await receiver.fetch(new Request("https://example.com", { method: "POST", body, headers }));
 * console.log(response.status); // 200
 * ```
 */
export function createReceiver<P, Env = unknown, Tx = undefined>(
  options: ReceiverOptions<P, Env, Tx>,
): Receiver<P, Env> {
  const settings = settingsOf(options);
  const running = new Running();

  const handle = async (request: Incoming<Env>): Promise<Answer> => {
    const arrived = performance.now();
    try {
      return await receive(settings, running, request, arrived);
    } catch (error) {
      // A hook, a header container or a logger of the caller's failed.
      return report(settings, "receiver_failed", { error });
    }
  };

  return {
    handle,
    async fetch(request, env, ctx) {
      const { status, headers } = await handle({
        method: request.method,
        headers: request.headers,
        readBody: (limit, timeout) => readRequest(request, limit, timeout),
        env,
        waitUntil: typeof ctx?.waitUntil === "function" ? (promise) => ctx.waitUntil?.(promise) : undefined,
      });
      await dropRequest(request);
      const { connection: _, ...rest } = headers; // the host's own affair, and not allowed in HTTP/2
      return new Response(null, { status, headers: rest });
    },
    async process({ id, payload, headers }, env) {
      const job = { id, payload, env: env as Env, headers: () => new Headers(headers) };
      const task = new Task(job, settings);
      const outcome = await running.keep(task.run());
      const { status } = ANSWERS[outcome];
      if (status < 500) return outcome;
      report(settings, outcome, { id, error: task.error });
      throw new DeliveryNotProcessedError(outcome, task.error);
    },
    drain: () => running.none(),
  };
}

/** From a request to its answer. */
async function receive<P, Env, Tx>(
  settings: Settings<P, Env, Tx>,
  running: Running,
  request: Incoming<Env>,
  arrived: number,
): Promise<Answer> {
  const { method, headers, waitUntil } = request;
  const { maxBody, bodyTimeout, deadline } = settings;
  const env = request.env as Env;
  if (method !== "POST") return refuse(settings, request, "method_not_allowed");
  const encoding = headerOf(headers, "content-encoding");
  if (encoding && encoding.toLowerCase() !== "identity") return refuse(settings, request, "encoded_body");
  if (Number(headerOf(headers, "content-length")) > maxBody) return refuse(settings, request, "body_too_large");
  const body = await request.readBody(maxBody, Math.min(bodyTimeout, deadline));
  if (typeof body === "string") return refuse(settings, request, body);

  let delivery: { readonly id: string; readonly payload: P };
  try {
    delivery = settings.webhook(env).verifyDelivery(body, headers);
  } catch (error) {
    return refuse(settings, request, outcomeOf(error), error);
  }

  if (settings.enqueue !== undefined) return enqueue(settings, running, request, delivery, arrived);
  const { id, payload } = delivery;
  const task = new Task({ id, payload, env, headers: () => fetchHeaders(headers) }, settings);
  const work = { id, ended: task.run(), standing: () => task.standing, error: () => task.error };
  return answerBy(arrived + deadline, work, settings, running, waitUntil);
}

/** For `respond: "before"`. */
function enqueue<P, Env, Tx>(
  settings: Settings<P, Env, Tx>,
  running: Running,
  { headers, env, waitUntil }: Incoming<Env>,
  { id, payload }: { readonly id: string; readonly payload: P },
  arrived: number,
): Promise<Answer> {
  let error: unknown;
  const ended = (async (): Promise<Outcome> => {
    try {
      await settings.enqueue?.({ id, payload, headers: keptHeaders(headers) }, { env: env as Env });
      return "enqueued";
    } catch (thrown) {
      error = thrown;
      return "queue_unavailable";
    }
  })();
  const work = { id, ended, standing: () => "queue_unavailable" as const, error: () => error };
  return answerBy(arrived + settings.deadline, work, settings, running, waitUntil);
}

interface Work {
  readonly id: string;
  /** Never rejects. */
  readonly ended: Promise<Outcome>;
  /** What is answered if it has not. */
  standing(): Outcome;
  error(): unknown;
}

/**
 * The answer when the work has ended; or at that time (of `performance.now`), by what stands then. What fails later is
 * logged when it does.
 */
async function answerBy<P, Env, Tx>(
  time: number,
  { id, ended, standing, error }: Work,
  settings: Settings<P, Env, Tx>,
  running: Running,
  waitUntil: Incoming["waitUntil"],
): Promise<Answer> {
  let answered = false;
  const done = running.keep(
    ended.then((outcome) => {
      const answer = ANSWERS[outcome];
      return answered && answer.status < 500 ? answer : report(settings, outcome, { id, error: error() });
    }),
  );
  // From the start: a host may end what belongs to a request whose sender hangs up.
  waitUntil?.(done);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Answer>((resolve) => {
    const answer = () => resolve(report(settings, standing(), { id, error: error() }));
    timer = setTimeout(answer, Math.max(0, time - performance.now()));
  });
  const answer = await Promise.race([done, late]);
  answered = true;
  clearTimeout(timer);
  return answer;
}

/** The answer to a request that did not come to the handler. */
function refuse<P, Env, Tx>(
  settings: Settings<P, Env, Tx>,
  { headers, waitUntil }: Incoming<Env>,
  outcome: Outcome,
  error?: unknown,
): Answer {
  const answer = report(settings, outcome, { error });
  const { onRejected, logger } = settings;
  if (onRejected === undefined) return answer;
  const telling = (async () => {
    try {
      await onRejected({ outcome, status: answer.status, error, headers: fetchHeaders(headers) });
    } catch (thrown) {
      logger.error("hookseal: onRejected failed", { error: thrown });
    }
  })();
  waitUntil?.(telling);
  return answer;
}

/** The answer, once what is wrong is logged. */
function report<P, Env, Tx>(
  { logger }: Settings<P, Env, Tx>,
  outcome: Outcome,
  { id, error }: { id?: string; error?: unknown } = {},
): Answer {
  const answer = ANSWERS[outcome];
  if (answer.message === "") return answer;
  const ours = answer.status >= 500;
  // What verification says is all in the line; a handler's or a store's error is shown whole.
  const { code, message, hint } = (ours ? {} : Object(error)) as { code?: string; message?: string; hint?: string };
  const line = `hookseal: ${answer.status} ${[answer.message, code, message, hint].filter(Boolean).join(": ")}`;
  const details = { ...(id !== undefined && { id }), ...(ours && error !== undefined && { error }) };
  logger[ours ? "error" : "warn"](line, ...(Object.keys(details).length > 0 ? [details] : []));
  return answer;
}

/** What a verifier's error means: `Outcome::of` of the core. By name: it may come from another copy of this package. */
function outcomeOf(error: unknown): Outcome {
  const { name } = Object(error) as { name?: unknown };
  if (name === "WebhookVerificationError") return "not_authentic";
  return name === "WebhookPayloadError" ? "invalid_payload" : "receiver_failed";
}

/** How much goes on, for `drain`. */
class Running {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Counts a promise that never rejects. */
  keep<T>(promise: Promise<T>): Promise<T> {
    this.#count++;
    return promise.then((value) => {
      if (--this.#count === 0) for (const done of this.#waiting.splice(0)) done();
      return value;
    });
  }

  none(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve();
      else this.#waiting.push(resolve);
    });
  }
}
