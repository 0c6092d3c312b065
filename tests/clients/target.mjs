// What the suite's tests share: where the servers are, clients for them, and what arrived there.

import { Reducto } from "hookseal/reducto";
import { ScaiKeyWebhooks } from "hookseal/scaikey";
import { check, show, test } from "../suite/harness.mjs";
import { API_KEY, JWT } from "./tokens.mjs";

/** @typedef {{contract: {reducto: string, scaikey: string}, faults: string}} Target */

/** @type {Target} */
let target;

/** @param {Target} value */
export function setTarget(value) {
  target = value;
}

/** No test needs more than a few seconds; one that hangs must not stop the others. */
const LIMIT_MS = 45_000;

/** @param {string} name @param {() => Promise<void>} run */
export function clientTest(name, run) {
  test(name, async () => {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const limit = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error(`was not done after ${LIMIT_MS} ms`)), LIMIT_MS);
    });
    try {
      await Promise.race([run(), limit]);
    } finally {
      clearTimeout(timer);
    }
  });
}

/** A client for the contract server. @param {Record<string, unknown>} [options] */
export const reducto = (options) => new Reducto({ apiKey: API_KEY, baseUrl: target.contract.reducto, ...options });

/** @param {Record<string, unknown>} [options] */
export const scaikey = (options) => new ScaiKeyWebhooks({ baseUrl: target.contract.scaikey, token: JWT, ...options });

/** Makes the contract server answer with the example of that name, or with another status. @param {string} what */
export const prefer = (what) => ({ headers: { prefer: what } });

/** @typedef {{at: number, origin: "first" | "other", method: string, path: string, headers: Record<string, string>, body: string}} Arrived */

/**
 * A case of the fault server, with clients for it and what they sent there.
 * @param {string} name
 * @param {Record<string, unknown>} [options] the clients'
 */
export function fault(name, options) {
  const key = crypto.randomUUID();
  const baseUrl = `${target.faults}/${name}/${key}`;
  return {
    baseUrl,
    reducto: new Reducto({ apiKey: API_KEY, baseUrl, ...options }),
    scaikey: new ScaiKeyWebhooks({ baseUrl, token: JWT, ...options }),
    /** @returns {Promise<Arrived[]>} */
    arrived: async () => (await fetch(`${target.faults}/_log/${key}`)).json(),
  };
}

/** An address where nothing listens, on a port that is not among those that fetch itself refuses. */
export const NOBODY = "http://127.0.0.1:2";

/**
 * What a call fails with, thrown or rejected.
 * @param {() => unknown} call
 * @param {string} [name] the error's
 * @returns {Promise<any>}
 */
export async function failure(call, name) {
  let value;
  try {
    value = await call();
  } catch (error) {
    if (name !== undefined) {
      const actual = /** @type {any} */ (error)?.name;
      check(actual === name, `expected ${name}, got ${actual}: ${show(error)}`);
    }
    return error;
  }
  throw new Error(`expected ${name ?? "an error"}, got ${show(value)}`);
}

/** @param {string} text @param {(string | RegExp)[]} parts */
export function says(text, ...parts) {
  for (const part of parts) {
    const there = typeof part === "string" ? text.includes(part) : part.test(text);
    check(there, `expected ${part} in ${show(text)}`);
  }
}

/** @template T @param {AsyncIterable<T>} items @param {number} [most] */
export async function collect(items, most = Number.POSITIVE_INFINITY) {
  /** @type {T[]} */
  const all = [];
  for await (const item of items) {
    all.push(item);
    if (all.length >= most) break;
  }
  return all;
}

export const JOB = "204a39e4-dd10-4c83-a978-0cee4af8cde2";
