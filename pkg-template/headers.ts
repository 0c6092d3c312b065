// Finds a few named headers in whatever a host hands over.
import type { HeaderValue } from "./core.js";
import { failure } from "./errors.js";
import { INVALID_HEADERS } from "./reasons.js";

/** A header's value, as the hosts have it. `undefined` and `null` count as missing. */
type Value = string | readonly string[] | null | undefined;

/**
 * The headers of a request, in any form in which a host hands them over: Fetch `Headers` (or the `Request`),
 * Node's `IncomingHttpHeaders` (or the request), a `Map`, pairs, an object (own keys only), or anything with
 * `get(name)`. Names are matched without regard to case.
 */
export type WebhookHeaders =
  | { get(name: string): Value }
  | Iterable<readonly [string, Value]>
  | { readonly headers: { get(name: string): Value } | { readonly [name: string]: Value } }
  | { readonly [name: string]: Value };

/** More pairs than any server lets through; an endless iterable must not hang the process. */
const MAX_PAIRS = 65_536;

/**
 * The values of the named headers (lower-case names), in their order. A header that was given more than once is
 * an array; an empty one is `undefined`. Throws a `TypeError` for what is no container or cannot be read.
 *
 * Where the first `enough` names are all there, the others need not be found.
 */
export function findHeaders(headers: unknown, names: readonly string[], enough = names.length): HeaderValue[] {
  const found: HeaderValue[] = names.map(() => undefined);
  try {
    find(headers, names, found, enough);
  } catch {
    // A getter or iterator of the caller's failed; what it threw may hold anything, so it is not passed on.
    throw failure(INVALID_HEADERS);
  }
  return found;
}

/** Throws anything at all for what is no container. */
function find(container: unknown, names: readonly string[], found: HeaderValue[], enough: number): void {
  const headers = container as {
    get?: unknown;
    headers?: unknown;
    [Symbol.iterator]?: unknown;
    [Symbol.toStringTag]?: unknown;
  };
  if (typeof headers !== "object") throw headers;
  const { get, headers: inner } = headers;
  // A Map would tell names apart by their case.
  const gets = typeof get === "function" && headers[Symbol.toStringTag] !== "Map";
  if (!gets && typeof inner === "object" && inner !== null && !Array.isArray(inner)) {
    find(inner, names, found, enough);
  } else if (!gets && headers[Symbol.iterator] !== undefined) {
    let left = MAX_PAIRS;
    // Once only: a generator does not start again.
    for (const pair of headers as Iterable<unknown>) {
      if (typeof pair !== "object" || left-- === 0) throw pair;
      const [name, value] = pair as [unknown, unknown];
      if (typeof name === "string") add(found, indexOf(names, name, 0, names.length), value);
    }
    settle(found, 0, names.length);
  } else {
    for (let from = 0, to = enough; from < to; from = to, to = names.length) {
      if (gets) {
        for (let at = from; at < to; at++) add(found, at, get.call(headers, names[at]));
      } else {
        for (const name of Object.keys(headers)) {
          const at = indexOf(names, name, from, to);
          if (at >= 0) add(found, at, (headers as Record<string, unknown>)[name]);
        }
      }
      if (settle(found, from, to)) break;
    }
  }
}

/**
 * Which of the names it is, in any case. Looks at length and last letter first: most headers are none of them.
 */
function indexOf(names: readonly string[], name: string, from: number, to: number): number {
  const { length } = name;
  for (let at = from; at < to; at++) {
    const wanted = names[at] as string;
    if (wanted.length !== length) continue;
    if (wanted === name) return at;
    const isLike = wanted.charCodeAt(length - 1) === (name.charCodeAt(length - 1) | 32);
    if (isLike && wanted === lowerCase(name)) return at;
  }
  return -1;
}

/** ASCII letters only: elsewhere there are signs whose lower case is an ASCII letter. */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Adds what was given of one header to what was found of it before. */
function add(found: HeaderValue[], at: number, value: unknown): void {
  if (at < 0 || value === undefined || value === null) return;
  if (typeof value === "string") {
    const before = found[at];
    if (before === undefined) found[at] = value;
    else if (typeof before === "string") found[at] = [before, value];
    else before.push(value);
  } else if (Array.isArray(value)) {
    for (const one of value) {
      if (typeof one !== "string") throw one;
      add(found, at, one);
    }
  } else throw value;
}

/** Empty values count as missing. Says whether none of them is. */
function settle(found: HeaderValue[], from: number, to: number): boolean {
  let complete = true;
  for (let at = from; at < to; at++) {
    const value = found[at];
    const empty = typeof value === "object" ? value.every((one) => one === "") : value === "" || value === undefined;
    if (!empty) continue;
    found[at] = undefined;
    complete = false;
  }
  return complete;
}
