/**
 * Proves that a store does what a receiver needs of it: every store of this package passes, and so should yours.
 *
 * @module hookseal/stores/conformance
 */

import { INVALID_STORE_CLIENT } from "../receiver.answers.js";
import { mistake } from "../receiver.errors.js";
import { type Case, runCase } from "./conformance.cases.js";
import { CLOCK_CASES, STEP_CASES } from "./conformance.steps.js";
import { TRANSACTION_CASES } from "./conformance.transactions.js";
import type { Store } from "./store.js";

export type { Claim, Store, Transacted } from "./store.js";

/** A store with a connection of its own, as another process would have it. */
export interface Connection<Tx = undefined> {
  readonly store: Store<Tx>;
  /** Ends the connection. Called once, after the last use. */
  close?(): unknown;
}

/** How the suite sees the effect of a transaction. */
export interface TransactionProbe<Tx> {
  /** Writes something under this name, with the transaction's client. Each call counts. */
  write(transaction: Tx, name: string): Promise<unknown>;
  /** How often it was written, as seen from outside of any transaction. */
  written(name: string): number | Promise<number>;
  /** Breaks the transaction's connection, as a crash of its process would. Without it that case is left out. */
  breakConnection?(transaction: Tx): unknown;
}

/** What to prove. */
export interface ConformanceOptions<Tx = undefined> {
  /** Makes a store that shares what it remembers with all others that this makes. Called several times a case. */
  connect(): Connection<Tx> | Promise<Connection<Tx>>;
  /** For a store with `transact`. */
  transaction?: TransactionProbe<Tx>;
  /**
   * Whether the store judges time by the clock of the process that calls it, and not by its engine's: then the cases in
   * which a process's clock is wrong are left out. Default false.
   */
  ownClock?: boolean;
  /** The shortest lease that is used, in milliseconds. Longer, if the store takes long to answer. Default 400. */
  lease?: number;
}

/** One thing that must hold. */
export interface ConformanceCase {
  readonly name: string;
  /** Rejects, and says what was wrong, if it does not hold. */
  run(): Promise<void>;
}

/**
 * The cases, for any test runner or none. Run them one after the other: some set this process's `Date` for a moment.
 *
 * @throws {TypeError} `invalid_option`: there is no `connect`
 * @example
 * ```ts
 * import { storeConformance } from "hookseal/stores/conformance";
 * import { memoryStore } from "hookseal/stores/memory";
 *
 * const store = memoryStore();
 * for (const { name, run } of storeConformance({ connect: () => ({ store }) })) {
 *   await run().catch((error) => console.log(name, error)); // or test(name, run)
 * }
 * console.log("done"); // done
 * ```
 */
export function storeConformance<Tx = undefined>(options: ConformanceOptions<Tx>): ConformanceCase[] {
  const { connect, transaction, ownClock = false, lease = 400 } = Object(options) as ConformanceOptions<Tx>;
  if (typeof connect !== "function") throw mistake(INVALID_STORE_CLIENT, "connect must be a function");
  const cases: Case<Tx>[] = [...STEP_CASES, ...(ownClock ? [] : CLOCK_CASES)];
  if (transaction !== undefined) {
    cases.push(...TRANSACTION_CASES.filter(({ breaks }) => !breaks || transaction.breakConnection !== undefined));
  }
  return cases.map(({ name, prove }) => ({ name, run: () => runCase(prove, { connect, transaction, lease }) }));
}
