// What the cases of the conformance suite are made of.
import type { ConformanceOptions, TransactionProbe } from "./conformance.js";
import type { Claim, Store } from "./store.js";

/** A case before it is given a store. */
export interface Case<Tx> {
  readonly name: string;
  /** Whether it needs `breakConnection`. */
  readonly breaks?: boolean;
  readonly prove: (subject: Subject<Tx>) => Promise<void>;
}

type Setup<Tx> = Pick<ConformanceOptions<Tx>, "connect"> & {
  readonly transaction: TransactionProbe<Tx> | undefined;
  readonly lease: number;
};

/** A lease that does not end while a case runs. */
export const LONG = 600_000;

/** How often a case is tried whose leases ended before they were looked at, each time with leases twice as long. */
const TRIES = 5;

/** The store was too slow to tell whether it is right. */
class TooSlow extends Error {}

/** One store under test: its connections, and keys that nobody else has. */
export class Subject<Tx> {
  /** Milliseconds: short, but not too short to look at. */
  readonly lease: number;
  readonly #setup: Setup<Tx>;
  readonly #closing: (() => unknown)[] = [];

  constructor(setup: Setup<Tx>, lease: number) {
    this.#setup = setup;
    this.lease = lease;
  }

  /** As many connections. */
  async connect<N extends number>(count: N): Promise<N extends 2 ? [Store<Tx>, Store<Tx>] : Store<Tx>[]> {
    const stores: Store<Tx>[] = [];
    for (let made = 0; made < count; made++) {
      const connection = await this.#setup.connect();
      this.#closing.push(() => connection.close?.());
      stores.push(connection.store);
    }
    return stores as [Store<Tx>, Store<Tx>];
  }

  /** A new one each time. */
  key(about = ""): string {
    return `${crypto.randomUUID()}${about}`;
  }

  get probe(): TransactionProbe<Tx> {
    if (this.#setup.transaction === undefined) throw new Error("There is no transaction to look into");
    return this.#setup.transaction;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close();
  }
}

/** Runs one case, and ends its connections whatever comes. */
export async function runCase<Tx>(prove: Case<Tx>["prove"], setup: Setup<Tx>): Promise<void> {
  for (let tries = 1, lease = setup.lease; ; tries++, lease *= 2) {
    const subject = new Subject(setup, lease);
    try {
      return await prove(subject);
    } catch (error) {
      if (!(error instanceof TooSlow) || tries === TRIES) throw error;
    } finally {
      await subject.close();
    }
  }
}

/** Fails unless they are the same. */
export function is(actual: unknown, expected: unknown, what: string): void {
  if (actual !== expected) throw new Error(`${what}: expected ${String(expected)}, got ${String(actual)}`);
}

/** As {@link is}, for what holds only until `time` milliseconds after `since`. */
export function isYet(actual: Claim, expected: Claim, what: string, since: number, time: number): void {
  const late = performance.now() - since > 0.9 * time;
  if (actual !== expected && late) throw new TooSlow(`${what}: the store takes too long for a lease of ${time} ms`);
  is(actual, expected, what);
}

/** Fails unless exactly one is `new`; all others are one of the answers that are given. */
export function oneIsNew(claims: readonly Claim[], others: readonly Claim[], what: string): void {
  is(claims.filter((claim) => claim === "new").length, 1, `${what}, those who got it`);
  const wrong = claims.find((claim) => claim !== "new" && !others.includes(claim));
  is(wrong, undefined, `${what}, an answer to the others`);
}

/** Milliseconds. */
export function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time));
}

/** Until a lease of that length has ended for sure. */
export function untilEnded(lease: number): Promise<void> {
  return pause(1.25 * lease + 50);
}

/** Makes the call while this process's clock is off by so many milliseconds. */
export async function atClock<T>(offset: number, call: () => T | Promise<T>): Promise<T> {
  const Right = globalThis.Date;
  const now = () => Right.now() + offset;
  globalThis.Date = new Proxy(Right, {
    construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
    get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
  });
  try {
    return await call();
  } finally {
    globalThis.Date = Right;
  }
}
