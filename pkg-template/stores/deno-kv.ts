/**
 * A store in Deno KV: Deno Deploy's, a server's, or a local file.
 *
 * @module hookseal/stores/deno-kv
 */
import { INVALID_STORE_CLIENT } from "../receiver.answers.js";
import { mistake } from "../receiver.errors.js";
import { digest, hex } from "./digest.js";
import type { Store } from "./store.js";

export type { Claim, Store, Transacted } from "./store.js";

/** What the store needs of a `Deno.Kv`. */
export interface DenoKv {
  get(key: string[]): Promise<DenoKvEntry>;
  set(key: string[], value: unknown, options: { expireIn: number }): Promise<unknown>;
  atomic(): DenoKvAtomic;
}

/** An entry, or that there is none. */
export interface DenoKvEntry {
  // biome-ignore lint/suspicious/noExplicitAny: a key has a type of Deno's
  readonly key: any;
  readonly value: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above: with a value it is text, without null
  readonly versionstamp: any;
}

/** What the store needs of an atomic operation. */
export interface DenoKvAtomic {
  check(entry: DenoKvEntry): DenoKvAtomic;
  set(key: string[], value: unknown, options: { expireIn: number }): DenoKvAtomic;
  delete(key: string[]): DenoKvAtomic;
  commit(): Promise<{ readonly ok: boolean }>;
}

/** Settings of a Deno KV store. */
export interface DenoKvStoreOptions {
  /** The first part of its keys. Default `hookseal`. */
  prefix?: string;
}

interface Value {
  /** `undefined` once it is done. */
  readonly owner?: string;
  /** When the lease, or the memory of it, ends: milliseconds since 1970. */
  readonly until: number;
}

/** Deno may remove an entry this many milliseconds after it ended. It can always be later. */
const KEPT = 3_600_000;

/**
 * Remembers deliveries in Deno KV, one entry each, which Deno removes some time after it has expired.
 *
 * Deno KV has no clock of its own: an entry says when it ends by the clock of who wrote it, and whoever reads it judges
 * that by its own. While a handler runs, its lease is renewed every third of it, so another process takes a live
 * delivery over only if its clock is ahead by two thirds of `lease` (20 seconds, by default) or more. A clock that is
 * behind makes a dead process's lease last that much longer. Deno Deploy's clocks are within milliseconds.
 *
 * @param kv What `Deno.openKv()` gives.
 * @throws {TypeError} `invalid_option`: no Deno KV, or the prefix is not text
 * @example
 * ```ts
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 * import { type DenoKv, denoKvStore } from "hookseal/stores/deno-kv";
 *
 * // const kv = await Deno.openKv();
 * export const receiverOn = (kv: DenoKv) =>
 *   createReceiver({
 *     webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
 *     store: denoKvStore(kv),
 *     onDelivery: (update) => console.log(update.status),
 *   });
 * console.log(typeof receiverOn); // function
 * ```
 */
export function denoKvStore(kv: DenoKv, options: DenoKvStoreOptions = {}): Store {
  const { prefix = "hookseal" } = Object(options) as DenoKvStoreOptions;
  if (typeof prefix !== "string") throw mistake(INVALID_STORE_CLIENT, "prefix must be a string");
  if (typeof Object(kv).atomic !== "function") {
    throw mistake(INVALID_STORE_CLIENT, "pass a Deno KV, as Deno.openKv() gives it");
  }
  // Deno limits a key's length.
  const nameOf = async (key: string) => [prefix, hex(await digest(key))];
  return {
    async claim(key, lease, owner) {
      const name = await nameOf(key);
      // Each round that is lost was won by somebody else.
      for (;;) {
        const entry = await kv.get(name);
        const found = standing(entry);
        if (found !== undefined && found.owner === undefined) return "done";
        if (found !== undefined && found.owner !== owner) return "in-progress";
        const value: Value = { owner, until: Date.now() + lease };
        const { ok } = await kv
          .atomic()
          .check(entry)
          .set(name, value, { expireIn: kept(lease) })
          .commit();
        if (ok) return "new";
      }
    },
    async complete(key, ttl) {
      const value: Value = { until: Date.now() + ttl };
      await kv.set(await nameOf(key), value, { expireIn: kept(ttl) });
    },
    async release(key, owner) {
      const name = await nameOf(key);
      for (;;) {
        const entry = await kv.get(name);
        if (standing(entry)?.owner !== owner) return;
        const { ok } = await kv.atomic().check(entry).delete(name).commit();
        if (ok) return;
      }
    },
  };
}

/** What an entry says, unless it has ended. */
function standing(entry: DenoKvEntry): Value | undefined {
  const value = entry.value as Value | null;
  return value !== null && value.until > Date.now() ? value : undefined;
}

function kept(time: number): number {
  return Math.ceil(time) + KEPT;
}
