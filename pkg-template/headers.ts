// Finds a few named headers in whatever a host hands over.
import { failure } from "./errors.js";
import type { HeaderValue } from "./core.js";
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
 */
export function findHeaders(headers: unknown, names: readonly string[]): HeaderValue[] {
	try {
		return find(headers, names);
	} catch {
		// A getter or iterator of the caller's failed; what it threw may hold anything, so it is not passed on.
		throw failure(INVALID_HEADERS);
	}
}

function find(headers: unknown, names: readonly string[]): HeaderValue[] {
	if (typeof headers !== "object" || headers === null) throw failure(INVALID_HEADERS);
	const { get, headers: inner } = headers as { get?: unknown; headers?: unknown };
	const iterable = Symbol.iterator in headers;
	if (typeof get === "function" && !isMap(headers)) {
		return names.map((name) => valueOf([get.call(headers, name)]));
	}
	if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) return find(inner, names);
	const found = new Map<string, unknown[]>(names.map((name) => [name, []]));
	const add = (name: unknown, value: unknown) => {
		if (typeof name === "string") found.get(name.toLowerCase())?.push(value);
	};
	if (iterable) {
		let left = MAX_PAIRS;
		for (const pair of headers as Iterable<unknown>) {
			if (typeof pair !== "object" || pair === null || left-- === 0) throw failure(INVALID_HEADERS);
			const [name, value] = pair as unknown[];
			add(name, value);
		}
	} else {
		for (const name of Object.keys(headers)) {
			if (found.has(name.toLowerCase())) add(name, (headers as Record<string, unknown>)[name]);
		}
	}
	return names.map((name) => valueOf(found.get(name) ?? []));
}

function isMap(value: object): boolean {
	return Object.prototype.toString.call(value) === "[object Map]";
}

/** Folds all that was given of one header. */
function valueOf(given: readonly unknown[]): HeaderValue {
	const values = given.flat().filter((value) => value !== undefined && value !== null);
	if (!values.every((value): value is string => typeof value === "string")) throw failure(INVALID_HEADERS);
	if (values.every((value) => value === "")) return undefined;
	return values.length === 1 ? values[0] : values;
}
