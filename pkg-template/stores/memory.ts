/**
 * A store for one process, in its memory. The default of `createReceiver`.
 *
 * @module hookseal/stores/memory
 */
import { INVALID_STORE_CLIENT } from "../receiver.answers.js";
import { mistake } from "../receiver.errors.js";
import type { Claim, Store } from "./store.js";

export type { Claim, Store, Transacted } from "./store.js";

/** How much a memory store keeps. */
export interface MemoryStoreOptions {
  /** Deliveries, at most; above that the oldest that are done are forgotten first. Default 100,000. */
  capacity?: number;
}

interface Entry {
  /** Whoever has it in hand; `undefined` once it is done. */
  owner: string | undefined;
  /** When the lease, or the memory of it, ends: milliseconds of the process's own steady clock. */
  until: number;
}

/**
 * Remembers deliveries in this process. A restart forgets them and other processes do not see them: with more than one
 * process, or where a redelivery after a restart must not be processed again, take another store.
 *
 * @throws {RangeError} `invalid_option`: the capacity
 * @example
 * ```ts
 * import { memoryStore } from "hookseal/stores/memory";
 *
 * const store = memoryStore();
 * console.log(store.claim("msg_1", 1000, "a"), store.claim("msg_1", 1000, "b")); // new in-progress
 * store.complete("msg_1", 60_000, "a");
 * console.log(store.claim("msg_1", 1000, "b")); // done
 * ```
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const { capacity = 100_000 } = options;
  if (!(Number.isInteger(capacity) && capacity > 0)) {
    throw mistake(INVALID_STORE_CLIENT, "capacity must be a whole number above 0");
  }
  // What is done, oldest first, apart from what is in hand: the latter is never forgotten for lack of room.
  const held = new Map<string, Entry>();
  const done = new Map<string, number>();

  return {
    claim(key, lease, owner) {
      const now = performance.now();
      const until = done.get(key);
      if (until !== undefined) {
        if (until > now) return "done";
        done.delete(key);
      }
      const entry = held.get(key);
      if (entry !== undefined && entry.owner !== owner && entry.until > now) return "in-progress";
      held.set(key, { owner, until: now + lease });
      return "new";
    },
    complete(key, ttl) {
      const now = performance.now();
      held.delete(key);
      done.delete(key);
      done.set(key, now + ttl);
      // The oldest, if they have expired or there are too many; seldom more than one a call.
      for (const [oldest, until] of done) {
        if (done.size <= capacity && until > now) break;
        done.delete(oldest);
      }
    },
    release(key, owner) {
      if (held.get(key)?.owner === owner) held.delete(key);
    },
  };
}

/** A {@link Store} whose calls answer at once. */
export interface MemoryStore extends Store {
  claim(key: string, lease: number, owner: string): Claim;
  complete(key: string, ttl: number, owner: string): void;
  release(key: string, owner: string): void;
}
