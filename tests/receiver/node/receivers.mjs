// The receivers that the tests on sockets talk to: one for each circumstance.

import { abortMessage, createReceiver, stopEndpoint } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";
import { SECRET } from "./wire.mjs";

export const MAX_BODY = 64 * 1024;
export const BODY_TIMEOUT = 300;
export const DEADLINE = 400;

const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @type {Record<string, () => unknown>} what the handler does, by the job's id */
const WORK = {
  stop: stopEndpoint,
  abort: abortMessage,
  fail: () => Promise.reject(new Error("the handler fails")),
  slow: () => pause(250),
  late: () => pause(700),
};

/** @param {string} job */
export const bodyOf = (job) => JSON.stringify({ status: "Completed", job_id: job });

export function receivers() {
  /** @type {string[]} */
  const log = [];
  /** @type {string[]} */
  const handled = [];
  const logger = {
    warn: (/** @type {string} */ line) => void log.push(line),
    error: (/** @type {string} */ line) => void log.push(line),
  };
  const base = {
    webhook: new ReductoWebhook(SECRET),
    logger,
    maxBody: MAX_BODY,
    bodyTimeout: BODY_TIMEOUT,
    deadline: DEADLINE,
  };
  const onDelivery = (/** @type {{job_id: string}} */ { job_id }, /** @type {{id: string}} */ { id }) => {
    handled.push(id);
    return WORK[job_id]?.();
  };
  const down = () => Promise.reject(new Error("down"));
  const all = {
    "/webhook": createReceiver({ ...base, onDelivery }),
    "/before": createReceiver({ ...base, respond: "before", enqueue: async () => {} }),
    "/queue-down": createReceiver({ ...base, respond: "before", enqueue: down }),
    "/store-down": createReceiver({ ...base, onDelivery, store: { claim: down, complete: down, release: down } }),
    "/broken": createReceiver({
      ...base,
      onDelivery,
      webhook: () => {
        throw new Error("there is no secret");
      },
    }),
  };
  return { all, log, handled };
}
