// What the suite sends, and the receivers that it sends it to.

import { Webhook } from "hookseal";
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const JOB = '{"status":"Completed","job_id":"204a39e4","metadata":{"user_id":"u"}}';
export const URL = "https://receiver.test/webhook";

export const webhook = () => new ReductoWebhook(SECRET);

let ids = 0;
/** An id that no other delivery has. */
export const newId = () => `msg_${++ids}_${Math.random().toString(36).slice(2)}`;

/**
 * A signed delivery.
 * @param {{body?: any, id?: string, headers?: Record<string, string>, method?: string}} [options]
 */
export function delivery({ body = JOB, id = newId(), headers = {}, method = "POST" } = {}) {
  const signed = new Webhook(SECRET).signedHeaders(body, { id });
  return new Request(URL, { method, body: method === "GET" ? null : body, headers: { ...signed, ...headers } });
}

/** A logger that keeps what it is told. */
export function keeping() {
  /** @type {{level: string, message: string, details: any}[]} */
  const lines = [];
  const at = (/** @type {string} */ level) => (/** @type {string} */ message, /** @type {any} */ details) => {
    lines.push({ level, message, details });
  };
  return { lines, warn: at("warn"), error: at("error") };
}

/**
 * A receiver that keeps its log and its deliveries.
 * @param {any} [options]
 */
export function receiverOf(options = {}) {
  const logger = keeping();
  /** @type {{payload: any, context: any}[]} */
  const seen = [];
  const onDelivery = (/** @type {any} */ payload, /** @type {any} */ context) => {
    seen.push({ payload, context });
  };
  const handlers = options.on || options.enqueue ? {} : { onDelivery };
  const receiver = createReceiver({ webhook: webhook(), logger, ...handlers, ...options });
  return { receiver, seen, lines: logger.lines };
}

/** @param {number} ms */
export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** A promise, and what settles it. */
export function deferred() {
  /** @type {(value?: any) => void} */
  let resolve = () => {};
  /** @type {(error: unknown) => void} */
  let reject = () => {};
  const promise = new Promise((done, fail) => {
    resolve = done;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/** A body that comes in pieces. @param {(Uint8Array | number)[]} pieces bytes, or a pause in milliseconds */
export function streamOf(...pieces) {
  return new ReadableStream({
    async pull(controller) {
      const next = pieces.shift();
      if (next === undefined) controller.close();
      else if (typeof next === "number") {
        await pause(next);
        // A stream that got nothing is not pulled again.
        const after = pieces.shift();
        if (after === undefined) controller.close();
        else if (typeof after !== "number") controller.enqueue(after);
      } else controller.enqueue(next);
    },
  });
}
