// The declarations name Symbol.dispose, which a consumer's own `lib` may lack.
/// <reference lib="esnext.disposable" preserve="true" />
// What every webhook class has in common: its keys, its clock, its tolerance.
import { bytesOf, isUnicode } from "./body.js";
import { deriveKey, type Key, SECRET_BYTES, wipeKey } from "./core.js";
import { failure } from "./errors.js";
import { DISPOSED, INVALID_CLOCK, INVALID_MESSAGE_TIME, INVALID_OPTION, NO_SECRET, SECRET_TYPE } from "./reasons.js";

/** A signing secret: text, or bytes, which are used as they are and copied. */
export type Secret = string | Uint8Array;

/** What every webhook class can be told. */
export interface WebhookOptions {
  /**
   * How far a delivery's timestamp may lie from now, both ways, inclusive: whole **seconds**, 0 or more.
   * Default 300. Nothing switches the check off; who replays old deliveries passes `clock`.
   */
  tolerance?: number;
  /** The time now, in **milliseconds** since 1970. Default `Date.now`. */
  clock?: () => number;
}

// Hosts without explicit resource management still get a method, under a key nobody else has.
const dispose: typeof Symbol.dispose = Symbol.dispose ?? Symbol("Symbol.dispose");

/** The state that all webhook classes share. */
export abstract class Keyed {
  #keys: Key[];
  readonly #clock: () => number;
  readonly #tolerance: number;

  /** `form` is how the core reads a secret that is text; the options as {@link settings} gave them. */
  protected constructor(
    secrets: Secret | readonly Secret[],
    form: number,
    { tolerance = 300, clock = Date.now }: WebhookOptions,
  ) {
    if (typeof clock !== "function") throw failure(INVALID_CLOCK);
    this.#tolerance = typeof tolerance === "number" ? tolerance : Number.NaN;
    this.#clock = clock;
    this.#keys = listOf(secrets).map((secret) => keyOf(secret, form, this.#tolerance));
  }

  /**
   * Forgets the keys; any later call throws a `TypeError` with code `disposed`. Optional: an object that is just
   * dropped leaves nothing behind either, since no memory outside the garbage collector's is held.
   */
  dispose(): void {
    for (const key of this.#keys) wipeKey(key);
    this.#keys = [];
  }

  /** As {@link dispose}, for `using`. */
  [dispose](): void {
    this.dispose();
  }

  /** The keys, in the order of the secrets. Throws a `TypeError` if they were disposed. */
  protected keys(): readonly Key[] {
    if (this.#keys.length === 0) throw failure(DISPOSED);
    return this.#keys;
  }

  /** In seconds. */
  protected get tolerance(): number {
    return this.#tolerance;
  }

  /** The time now, in milliseconds. Throws a `RangeError` if the caller's clock gives no number. */
  protected now(): number {
    let now: unknown;
    try {
      now = this.#clock();
    } catch {
      // What the caller's clock threw may hold anything.
    }
    if (typeof now !== "number") throw failure(INVALID_CLOCK);
    return now;
  }
}

/** An options argument: absent, or an object, read once. */
export function settings<T extends object>(options: T | undefined): Partial<T> {
  try {
    if (options === undefined || (typeof options === "object" && options !== null)) return { ...options };
  } catch {
    // A getter of the caller's failed.
  }
  throw failure(INVALID_OPTION, "options");
}

/** One or several secrets, as a list that is not empty. */
export function listOf<T>(given: T | readonly T[]): readonly T[] {
  let list: readonly T[];
  try {
    list = Array.isArray(given) ? Array.from(given as readonly T[]) : [given as T];
  } catch {
    throw failure(SECRET_TYPE);
  }
  if (list.length === 0) throw failure(NO_SECRET);
  return list;
}

function keyOf(secret: unknown, form: number, tolerance: number): Key {
  if (typeof secret === "string" && isUnicode(secret)) return deriveKey(form, secret, tolerance);
  const bytes = bytesOf(secret);
  if (bytes === undefined) throw failure(SECRET_TYPE);
  return deriveKey(SECRET_BYTES, bytes, tolerance);
}

/** A timestamp's whole seconds, in digits. The core judges them. */
export function secondsOf(timestamp: Date): string {
  try {
    return `${Math.floor(Date.prototype.getTime.call(timestamp) / 1000)}`;
  } catch {
    throw failure(INVALID_MESSAGE_TIME);
  }
}
