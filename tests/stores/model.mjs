// A right store in this process, whose connections take a moment to answer, and ways to make it wrong.

import { setTimeout as pause } from "node:timers/promises";

/** @typedef {import("hookseal/stores/store").Store<any>} Store */
/** @typedef {{owner: string | undefined, until: number}} Row `owner` is undefined once it is done */

/** A moment, in which other calls come between. */
export const moment = () => pause(1);

/** What all connections share. */
export class Engine {
  /** @type {Map<string, Row>} */
  rows = new Map();
  /** @type {Map<string, number>} */
  effects = new Map();
  /** Keys that a transaction has in hand. @type {Set<string>} */
  locked = new Set();

  now() {
    return performance.now();
  }

  /** @param {string} key */
  find(key) {
    const row = this.rows.get(key);
    return row !== undefined && row.until > this.now() ? row : undefined;
  }

  /** @param {string} key @param {number} time @param {string} [owner] */
  put(key, time, owner) {
    this.rows.set(key, { owner, until: this.now() + time });
  }

  /** @param {string} key @param {number} lease @param {string} owner @returns {import("hookseal/stores/store").Claim} */
  claim(key, lease, owner) {
    const row = this.find(key);
    if (row !== undefined && row.owner !== owner) return row.owner === undefined ? "done" : "in-progress";
    this.put(key, lease, owner);
    return "new";
  }

  /** @param {string} key @param {string} owner */
  release(key, owner) {
    if (this.find(key)?.owner === owner) this.rows.delete(key);
  }
}

/** Writes of a transaction; nobody sees them before it commits. */
export class Transaction {
  /** @type {string[]} */
  writes = [];
  broken = false;
}

/** @param {Engine} engine @returns {Store & Required<Pick<Store, "transact">>} */
export function modelStore(engine) {
  return {
    async claim(key, lease, owner) {
      await moment();
      return engine.claim(key, lease, owner);
    },
    async complete(key, ttl) {
      await moment();
      engine.put(key, ttl);
    },
    async release(key, owner) {
      await moment();
      engine.release(key, owner);
    },
    async transact(key, ttl, work) {
      await moment();
      const row = engine.find(key);
      if (row !== undefined && row.owner === undefined) return { claim: "done" };
      if (row !== undefined || engine.locked.has(key)) return { claim: "in-progress" };
      engine.locked.add(key);
      try {
        const transaction = new Transaction();
        const result = await work(transaction);
        if (transaction.broken) throw new Error("the connection broke");
        engine.put(key, ttl);
        commit(engine, transaction);
        return { claim: "new", result };
      } finally {
        engine.locked.delete(key);
      }
    },
  };
}

/** @param {Engine} engine @param {Transaction} transaction */
export function commit(engine, { writes }) {
  for (const name of writes) engine.effects.set(name, (engine.effects.get(name) ?? 0) + 1);
}
