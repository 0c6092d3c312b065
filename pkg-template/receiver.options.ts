// What a receiver can be told, and the check of it.
import type { RawBody } from "./body.js";
import type { WebhookHeaders } from "./headers.js";
import {
  INVALID_HOOK,
  INVALID_RECEIVER_LIMIT,
  INVALID_RESPOND,
  INVALID_STORE,
  INVALID_VERIFIER,
  NO_ENQUEUE,
  NO_HANDLER,
  type Outcome,
} from "./receiver.answers.js";
import { mistake } from "./receiver.errors.js";
import { memoryStore } from "./stores/memory.js";
import type { Store } from "./stores/store.js";

/** What judges a delivery: any of the webhook classes, or `directWebhookVerifier()`. */
export interface Verifier<P> {
  verifyDelivery(payload: RawBody, headers: WebhookHeaders): { readonly id: string; readonly payload: P };
}

/** What a handler is told besides the payload. */
export interface DeliveryContext<Env = unknown, Tx = undefined> {
  /** The idempotency key: the same for every attempt and every resend of one message. */
  readonly id: string;
  /** The request's headers. */
  readonly headers: Headers;
  /**
   * Aborted when the delivery is no longer this process's alone (the lease could not be renewed in time), so that
   * another process may have taken it over. Not by the deadline, and not when the sender hangs up.
   */
  readonly signal: AbortSignal;
  /** Duplicates do not come to a handler. */
  readonly duplicate: false;
  /** What was passed to `fetch` (a Worker's bindings). */
  readonly env: Env;
  /** The transaction's client, with a transactional store: what is written with it is written exactly once. */
  readonly transaction: Tx;
}

/**
 * Processes a delivery. If it throws (or rejects), the sender tries again. What it returns does not matter, except
 * `stopEndpoint()` and `abortMessage()`.
 */
export type Handler<P, Env = unknown, Tx = undefined> = (payload: P, delivery: DeliveryContext<Env, Tx>) => unknown;

/** Handlers by the status of a job (Reducto). A status without a handler is answered 200, and nothing is done. */
export interface StatusHandlers<P, Env = unknown, Tx = undefined> {
  /** `Completed`. */
  completed?: Handler<P, Env, Tx>;
  /** `Failed`. */
  failed?: Handler<P, Env, Tx>;
  /** Any other status, such as one that is added later. */
  other?: Handler<P, Env, Tx>;
}

/** A verified delivery in a form that a queue can keep as JSON; `receiver.process` takes it back. */
export interface QueuedDelivery<P = unknown> {
  /** The idempotency key. */
  readonly id: string;
  /** The payload, parsed. */
  readonly payload: P;
  /** The request's headers, without those that carry credentials (`authorization`, `cookie`). */
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that was answered without a handler having run. */
export interface Rejection {
  /** Why. */
  readonly outcome: Outcome;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** What verification threw: its `code`, `hint` or `path` say more. */
  readonly error?: unknown;
  /** The request's headers. Anybody can have sent them. */
  readonly headers: Headers;
}

/** Where a receiver reports: `console`, pino, winston, … */
export interface Logger {
  warn(message: string, details?: unknown): void;
  error(message: string, details?: unknown): void;
}

/** What a receiver can be told. Times are **milliseconds**, sizes **bytes**. */
export interface ReceiverOptions<P, Env = unknown, Tx = undefined> {
  /**
   * What judges deliveries; or a function that gives it when the first delivery comes: of `env` (Workers), and then
   * called once for each `env`, or of nothing, and then called once.
   */
  webhook: Verifier<P> | ((env: Env) => Verifier<P>);
  /** What remembers deliveries; or a function, as above. Default `memoryStore()`: for one process. */
  store?: Store<Tx> | ((env: Env) => Store<Tx>);
  /**
   * `"after"` (default): the handler runs, then 2xx. `"before"`: {@link enqueue} takes the delivery, then 2xx, and
   * `receiver.process` runs the handler wherever the queue is read.
   */
  respond?: "after" | "before";
  /** Gives a delivery to a queue, and resolves once the queue has it. For `respond: "before"`. */
  enqueue?: (delivery: QueuedDelivery<P>, context: { readonly env: Env }) => unknown;
  /** Processes every delivery. */
  onDelivery?: Handler<P, Env, Tx>;
  /** Processes deliveries by status, in place of {@link onDelivery}; for payloads that have one. */
  on?: P extends { readonly status: string } ? StatusHandlers<P, Env, Tx> : never;
  /** The longest body, in bytes. Default 1 MiB. */
  maxBody?: number;
  /**
   * Within which a request is answered, from its arrival. Default 12,000: Svix waits 15 seconds. A handler that is not
   * done by then goes on, and keeps its lease.
   */
  deadline?: number;
  /** Within which the body has to arrive. Default 10,000. */
  bodyTimeout?: number;
  /**
   * For how long a delivery stays in hand if its process dies; renewed while the handler runs. Default 30,000. Until
   * then other attempts are answered 503.
   */
  lease?: number;
  /** For how long a processed delivery is remembered. Default 72 hours; Svix's whole schedule of retries is 28. */
  ttl?: number;
  /** Told of every request that was refused. What it throws is logged. */
  onRejected?: (rejection: Rejection) => unknown;
  /** Where to report. Default `console`. No line holds a body or a secret. */
  logger?: Logger;
}

/** The options, complete. */
export interface Settings<P, Env, Tx> {
  readonly webhook: (env: Env) => Verifier<P>;
  readonly store: (env: Env) => Store<Tx>;
  readonly enqueue: ReceiverOptions<P, Env, Tx>["enqueue"];
  readonly handler: Handler<P, Env, Tx>;
  readonly maxBody: number;
  readonly deadline: number;
  readonly bodyTimeout: number;
  readonly lease: number;
  readonly ttl: number;
  readonly onRejected: ReceiverOptions<P, Env, Tx>["onRejected"];
  readonly logger: Logger;
}

/** setTimeout takes no more, and would fire at once. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Checks the options. Throws what {@link mistake} makes. */
export function settingsOf<P, Env, Tx>(options: ReceiverOptions<P, Env, Tx>): Settings<P, Env, Tx> {
  const given = Object(options) as ReceiverOptions<P, Env, Tx>;
  const {
    webhook,
    store = memoryStore() as Store<Tx>,
    respond = "after",
    enqueue,
    onRejected,
    logger = console,
  } = given;
  const {
    maxBody = 1024 * 1024,
    deadline = 12_000,
    bodyTimeout = 10_000,
    lease = 30_000,
    ttl = 72 * 3_600_000,
  } = given;
  if (!(isFunction(webhook) || isVerifier(webhook))) throw mistake(INVALID_VERIFIER);
  if (!(isFunction(store) || isStore(store))) throw mistake(INVALID_STORE);
  if (respond !== "after" && respond !== "before") throw mistake(INVALID_RESPOND);
  if (respond === "before" ? !isFunction(enqueue) : enqueue !== undefined) throw mistake(NO_ENQUEUE);
  for (const [name, limit, most] of [
    ["maxBody", maxBody, Number.MAX_SAFE_INTEGER],
    ["deadline", deadline, LONGEST_TIMER],
    ["bodyTimeout", bodyTimeout, LONGEST_TIMER],
    ["lease", lease, LONGEST_TIMER],
    ["ttl", ttl, Number.MAX_SAFE_INTEGER],
  ] as const) {
    if (!(typeof limit === "number" && limit > 0 && limit <= most)) throw mistake(INVALID_RECEIVER_LIMIT, name);
  }
  if (!(onRejected === undefined || isFunction(onRejected))) throw mistake(INVALID_HOOK, "onRejected");
  if (!(isFunction(logger?.warn) && isFunction(logger.error))) throw mistake(INVALID_HOOK, "logger");
  return {
    webhook: perEnv(webhook, isVerifier, INVALID_VERIFIER),
    store: perEnv(store, isStore, INVALID_STORE),
    handler: handlerOf(given),
    enqueue,
    maxBody,
    deadline,
    bodyTimeout,
    lease,
    ttl,
    onRejected,
    logger: quiet(logger),
  };
}

/** A logger that fails must not cost the sender its answer, nor end the process. */
function quiet(logger: Logger): Logger {
  const log = (level: "warn" | "error", message: string, details: unknown[]) => {
    try {
      Promise.resolve(logger[level](message, ...(details as [unknown]))).catch(() => {});
    } catch {
      // there is nobody left to tell
    }
  };
  return {
    warn: (message, ...details) => log("warn", message, details),
    error: (message, ...details) => log("error", message, details),
  };
}

function isFunction(value: unknown): value is (...args: never) => unknown {
  return typeof value === "function";
}

function isVerifier(value: unknown): boolean {
  return isFunction((value as Partial<Verifier<unknown>> | undefined)?.verifyDelivery);
}

function isStore(value: unknown): boolean {
  const { claim, complete, release } = Object(value) as Partial<Store>;
  return isFunction(claim) && isFunction(complete) && isFunction(release);
}

/** One handler of the two forms. With `enqueue` there may be none: another program runs `process` then. */
function handlerOf<P, Env, Tx>({ onDelivery, on, enqueue }: ReceiverOptions<P, Env, Tx>): Handler<P, Env, Tx> {
  if (isFunction(onDelivery) && on === undefined) return onDelivery;
  if (onDelivery !== undefined) throw mistake(NO_HANDLER);
  if (on === undefined) {
    if (enqueue === undefined) throw mistake(NO_HANDLER);
    return () => {
      throw mistake(NO_HANDLER);
    };
  }
  const { completed, failed, other, ...unknown } = Object(on) as StatusHandlers<P, Env, Tx>;
  const handlers = [completed, failed, other].filter((handler) => handler !== undefined);
  const [name] = Object.keys(unknown);
  if (name !== undefined || handlers.length === 0 || !handlers.every(isFunction)) throw mistake(NO_HANDLER, name);
  return (payload, delivery) => {
    const { status } = Object(payload) as { status?: unknown };
    const handler = status === "Completed" ? completed : status === "Failed" ? failed : other;
    return handler?.(payload, delivery);
  };
}

/** What a function of `env` gives, kept for each `env`; or what was given. */
function perEnv<T extends object, Env>(
  given: T | ((env: Env) => T),
  isOne: (value: unknown) => boolean,
  otherwise: number,
): (env: Env) => T {
  if (!isFunction(given)) return () => given;
  const kept = new WeakMap<object, T>();
  const none = {};
  return (env) => {
    // A function that takes no env gives one for all: Deno and Next.js pass something new with each request. And a
    // primitive, which cannot be a key, is no env at all.
    const key = given.length > 0 && Object(env) === env ? (env as object) : none;
    let value = kept.get(key);
    if (value === undefined) {
      value = (given as (env: Env) => T)(env);
      if (!isOne(value)) throw mistake(otherwise);
      kept.set(key, value);
    }
    return value;
  };
}
