// The sender: every delivery in all its copies, each tried until it is answered 2xx.

import { setTimeout as sleep } from "node:timers/promises";
import { attempter } from "./attempt.mjs";
import { forged, signed } from "./deliveries.mjs";
import { between } from "./random.mjs";

/**
 * @typedef {object} Attempt
 * @property {string} id the delivery's
 * @property {import("./attempt.mjs").Way | "forged"} way
 * @property {number} start ms, by the clock that everything of the test has in common
 * @property {number} end
 * @property {number} [status] none: there was no answer
 * @property {string} [incarnation] which process answered
 * @property {string} [error]
 */

/** @typedef {{id: string, ms: number | undefined}} Sent one copy: how long until its 2xx; undefined: it was given up */

/**
 * @typedef {object} Sending
 * @property {number} port
 * @property {import("./deliveries.mjs").Delivery[]} deliveries
 * @property {() => number} random
 * @property {number} [active] so many attempts at once, before another delivery is begun
 * @property {(done: number) => void} [onProgress] told how many copies are done
 */

/** How many of 1000 attempts go which way; and forged ones are sent besides. */
const CUT = 10;
const SLOW = 5;
const STUCK = 1;
const FORGED = 5;

/** Copies that are begun and not done, at most: what Redis's outage piles up comes back all at once. */
const OPEN = 400;
const ACTIVE = 64;

/** A sender would wait minutes or hours between attempts. */
const PAUSE_MS = /** @type {const} */ ([200, 500]);
const GIVE_UP_MS = 60_000;

/** These say that another attempt may succeed. Any other answer to an honest delivery is final, and wrong. */
const again = (/** @type {number | undefined} */ status) => status === undefined || status === 408 || status >= 500;

/**
 * @param {Sending} sending
 * @returns {Promise<{attempts: Attempt[], sent: Sent[]}>}
 */
export function send({ port, deliveries, random, active: most = ACTIVE, onProgress }) {
  const attempt = attempter(port);
  /** @type {Attempt[]} */
  const attempts = [];
  /** @type {Sent[]} */
  const sent = [];
  let [next, open, active] = [0, 0, 0];

  const way = () => {
    const drawn = random() * 1000;
    if (drawn < CUT) return "cut";
    if (drawn < CUT + SLOW) return "slow";
    return drawn < CUT + SLOW + STUCK ? "stuck" : "plain";
  };

  const once = async (
    /** @type {string} */ id,
    /** @type {Attempt["way"]} */ kind,
    /** @type {Record<string, string>} */ headers,
    /** @type {string} */ body,
  ) => {
    active++;
    const start = Date.now();
    const answered = await attempt(kind === "forged" ? "plain" : kind, headers, body);
    active--;
    attempts.push({ id, way: kind, start, end: Date.now(), ...answered });
    pump();
    return answered.status;
  };

  const copy = async (/** @type {import("./deliveries.mjs").Delivery} */ delivery, /** @type {number} */ delay) => {
    const { id, body } = delivery;
    if (delay > 0) await sleep(delay);
    const start = Date.now();
    const isOver = () => Date.now() - start > GIVE_UP_MS;
    let status = await once(id, way(), signed(id, body), body);
    while (again(status) && !isOver()) {
      await sleep(between(random, ...PAUSE_MS));
      status = await once(id, way(), signed(id, body), body);
    }
    sent.push({ id, ms: status && status < 300 ? Date.now() - start : undefined });
    open--;
    onProgress?.(sent.length);
    pump();
  };

  const { promise, resolve } = withResolvers();
  const pump = () => {
    while (next < deliveries.length && active < most && open < OPEN) {
      const delivery = /** @type {import("./deliveries.mjs").Delivery} */ (deliveries[next++]);
      open += delivery.copies.length;
      for (const delay of delivery.copies) copy(delivery, delay);
      if (random() * 1000 < FORGED) {
        const { headers, body } = forged(delivery, random);
        once(delivery.id, "forged", headers, body);
      }
    }
    if (next === deliveries.length && open === 0 && active === 0) resolve();
  };
  pump();
  return promise.then(() => ({ attempts, sent }));
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers() {
  let resolve = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
