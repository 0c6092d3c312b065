// The cases for claim, complete and release.
import { atClock, type Case, is, isYet, LONG, oneIsNew, pause, untilEnded } from "./conformance.cases.js";
import { KEYS } from "./conformance.keys.js";
import type { Claim, Store } from "./store.js";

/** Milliseconds. */
const HOUR = 3_600_000;

// biome-ignore lint/suspicious/noExplicitAny: these cases know nothing of a transaction
type Any = any;

/** `count` claims at once, by as many owners, spread over the stores. */
function claims(stores: readonly Store<Any>[], key: string, count: number, name = "other"): Promise<Claim[]> {
  const all = Array.from({ length: count }, async (_, at) => {
    const store = stores[at % stores.length] as Store<Any>;
    return store.claim(key, LONG, `${name} ${at}`);
  });
  return Promise.all(all);
}

export const STEP_CASES: readonly Case<Any>[] = [
  {
    name: "of 1,000 claims at once, one gets it",
    async prove(subject) {
      const stores = await subject.connect(4);
      const key = subject.key();
      oneIsNew(await claims(stores, key, 1000), ["in-progress"], "1,000 claims");
    },
  },
  {
    name: "what is in hand is in progress for others, and done once it is completed",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, LONG, "a"), "new", "the first claim");
      is(await b.claim(key, LONG, "b"), "in-progress", "a claim by another owner, elsewhere");
      is(await a.claim(key, LONG, "c"), "in-progress", "a claim by another owner, through the same connection");
      is(await a.complete(key, LONG, "a"), undefined, "what complete gives");
      is(await b.claim(key, LONG, "b"), "done", "a claim after that");
      is(await a.claim(key, LONG, "a"), "done", "a claim by who completed it");
      is(await b.claim(key, LONG, "b"), "done", "a second claim after that");
    },
  },
  {
    name: "who has it renews the lease",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const lease = 2 * subject.lease;
      let since = performance.now();
      is(await a.claim(key, lease, "a"), "new", "the first claim");
      for (let renewed = 1; renewed <= 3; renewed++) {
        await pause(subject.lease);
        isYet(await a.claim(key, lease, "a"), "new", "a renewal", since, lease);
        since = performance.now();
      }
      isYet(await b.claim(key, lease, "b"), "in-progress", "a claim after the first lease", since, lease);
      await untilEnded(lease);
      is(await b.claim(key, lease, "b"), "new", "a claim after the last lease");
    },
  },
  {
    name: "who has it can renew while others claim it",
    async prove(subject) {
      const stores = await subject.connect(4);
      const [first] = stores as [Store<Any>];
      const key = subject.key();
      is(await first.claim(key, LONG, "a"), "new", "the first claim");
      const others = claims(stores, key, 200);
      for (let renewed = 1; renewed <= 20; renewed++) is(await first.claim(key, LONG, "a"), "new", "a renewal");
      is(
        (await others).find((claim) => claim !== "in-progress"),
        undefined,
        "a claim by another owner",
      );
    },
  },
  {
    name: "after a crash between claim and complete, the lease ends and the next claim is new",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const since = performance.now();
      is(await a.claim(key, subject.lease, "a"), "new", "the first claim");
      isYet(await b.claim(key, subject.lease, "b"), "in-progress", "a claim meanwhile", since, subject.lease);
      await untilEnded(subject.lease);
      is(await b.claim(key, subject.lease, "b"), "new", "a claim after the lease");
    },
  },
  {
    name: "a lease that ended goes to one of many",
    async prove(subject) {
      const stores = await subject.connect(4);
      const key = subject.key();
      is(await stores[0]?.claim(key, subject.lease, "a"), "new", "the first claim");
      await untilEnded(subject.lease);
      oneIsNew(await claims(stores, key, 200), ["in-progress"], "200 claims after the lease");
    },
  },
  {
    name: "a lease that ended is not its old owner's",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, subject.lease, "a"), "new", "the first claim");
      await untilEnded(subject.lease);
      is(await b.claim(key, LONG, "b"), "new", "a claim after the lease");
      is(await a.claim(key, LONG, "a"), "in-progress", "a renewal by the old owner");
      await a.release(key, "a");
      is(await a.claim(key, LONG, "c"), "in-progress", "a claim after the old owner's release");
      is(await b.claim(key, LONG, "b"), "new", "a renewal by the new owner");
    },
  },
  {
    name: "a release by who has it makes the next claim new",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, LONG, "a"), "new", "the first claim");
      is(await a.release(key, "a"), undefined, "what release gives");
      is(await b.claim(key, LONG, "b"), "new", "a claim after the release");
      is(await a.claim(key, LONG, "a"), "in-progress", "a claim by who released it");
    },
  },
  {
    name: "a release by anybody else does nothing",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      await b.release(key, "b"); // nobody's
      is(await a.claim(key, LONG, "a"), "new", "the first claim");
      await b.release(key, "b");
      await b.release(key, "A");
      await b.release(key, "");
      is(await b.claim(key, LONG, "b"), "in-progress", "a claim after others released it");
      is(await a.claim(key, LONG, "a"), "new", "a renewal");
    },
  },
  {
    name: "a release does not undo what is done",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, LONG, "a"), "new", "the first claim");
      await a.complete(key, LONG, "a");
      await a.release(key, "a");
      await b.release(key, "b");
      is(await b.claim(key, LONG, "b"), "done", "a claim after the releases");
    },
  },
  {
    name: "what is completed is done, whoever has it by then",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, subject.lease, "a"), "new", "the first claim");
      await untilEnded(subject.lease);
      is(await b.claim(key, LONG, "b"), "new", "a claim after the lease");
      await a.complete(key, LONG, "a"); // late, but its effect took place
      is(await a.claim(key, LONG, "c"), "done", "a claim after the old owner completed it");
      is(await b.claim(key, LONG, "b"), "done", "a renewal by who had it");
      await b.release(key, "b");
      is(await b.claim(key, LONG, "c"), "done", "a claim after who had it released it");
    },
  },
  {
    name: "what is completed is done, whether or not it was in hand",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      await a.complete(key, LONG, "a"); // its claim is forgotten
      is(await b.claim(key, LONG, "b"), "done", "a claim after complete");
      await a.complete(key, LONG, "a"); // again: the first answer was lost
      is(await b.claim(key, LONG, "b"), "done", "a claim after complete, twice");
    },
  },
  {
    name: "nobody gets it while it is being completed",
    async prove(subject) {
      const stores = await subject.connect(4);
      const [first] = stores as [Store<Any>];
      for (let round = 1; round <= 10; round++) {
        const key = subject.key();
        is(await first.claim(key, LONG, "a"), "new", "the first claim");
        const before = claims(stores, key, 20, "before");
        const completing = first.complete(key, LONG, "a");
        const all = await Promise.all([before, claims(stores, key, 20, "after"), completing]);
        is(all.flat().includes("new"), false, "whether another claim was new");
        is(await first.claim(key, LONG, "b"), "done", "a claim after that");
      }
    },
  },
  {
    name: "what is done outlives its lease",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, subject.lease, "a"), "new", "the first claim");
      await a.complete(key, LONG, "a");
      await untilEnded(subject.lease);
      is(await b.claim(key, LONG, "b"), "done", "a claim after what was the lease");
    },
  },
  {
    name: "what is done is forgotten after its time",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      is(await a.claim(key, LONG, "a"), "new", "the first claim");
      const since = performance.now();
      await a.complete(key, subject.lease, "a");
      isYet(await b.claim(key, LONG, "b"), "done", "a claim at once", since, subject.lease);
      await untilEnded(subject.lease);
      is(await b.claim(key, LONG, "b"), "new", "a claim after its time");
      is(await a.claim(key, LONG, "a"), "in-progress", "a claim by another");
    },
  },
  {
    name: "long times, short ones and fractions are taken",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      for (const lease of [0.5, 2 ** 31 - 1, 1000 / 3]) {
        is(await a.claim(subject.key(), lease, "a"), "new", `a claim for ${lease} ms`);
      }
      for (const ttl of [72 * HOUR, 2 ** 31, 100 * 366 * 24 * HOUR, LONG + 1 / 3]) {
        const key = subject.key();
        await a.complete(key, ttl, "a");
        is(await b.claim(key, LONG, "b"), "done", `a claim of what is done for ${ttl} ms`);
      }
    },
  },
  {
    name: "any text is a key, and no two are the same",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      // Nobody else's, without being changed at its beginning or its length.
      const keys = KEYS.map((key) => (key.length < 100 ? `${key}${subject.key()}` : key.slice(36) + subject.key()));
      const tail = subject.key();
      keys.push(...KEYS.filter((key) => key.length < 100).map((key) => `${tail}${key}`));
      const shown = (key: string) => JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
      for (const key of keys) is(await a.claim(key, LONG, "a"), "new", `the first claim of ${shown(key)}`);
      for (const key of keys) is(await b.claim(key, LONG, "b"), "in-progress", `the second claim of ${shown(key)}`);
      for (const [at, key] of keys.entries()) {
        if (at % 2 === 0) await b.complete(key, LONG, "a");
        else await b.release(key, "a");
      }
      for (const [at, key] of keys.entries()) {
        is(await a.claim(key, LONG, "c"), at % 2 === 0 ? "done" : "new", `the third claim of ${shown(key)}`);
      }
    },
  },
];

/** For stores whose engine has a clock. */
export const CLOCK_CASES: readonly Case<Any>[] = [
  {
    name: "a process whose clock is ahead takes nothing over, and forgets nothing",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const [held, done] = [subject.key(), subject.key()];
      is(await a.claim(held, LONG, "a"), "new", "the first claim");
      await a.complete(done, LONG, "a");
      is(await atClock(HOUR, () => b.claim(held, LONG, "b")), "in-progress", "a claim an hour ahead");
      is(await atClock(HOUR, () => b.claim(done, LONG, "b")), "done", "a claim of what is done, an hour ahead");
    },
  },
  {
    name: "a lease lasts as long as it should, though its process's clock is ahead or behind",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      for (const offset of [-HOUR, HOUR]) {
        const key = subject.key();
        const since = performance.now();
        is(await atClock(offset, () => a.claim(key, subject.lease, "a")), "new", "the first claim");
        const meanwhile = await b.claim(key, LONG, "b");
        isYet(meanwhile, "in-progress", `a claim meanwhile (${offset} ms)`, since, subject.lease);
        await untilEnded(subject.lease);
        is(await b.claim(key, LONG, "b"), "new", `a claim after the lease (${offset} ms)`);
      }
    },
  },
  {
    name: "what is done is remembered as long as it should, though its process's clock is ahead or behind",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      for (const offset of [-HOUR, HOUR]) {
        const key = subject.key();
        const since = performance.now();
        await atClock(offset, () => a.complete(key, subject.lease, "a"));
        isYet(await b.claim(key, LONG, "b"), "done", `a claim at once (${offset} ms)`, since, subject.lease);
        await untilEnded(subject.lease);
        is(await b.claim(key, LONG, "b"), "new", `a claim after its time (${offset} ms)`);
      }
    },
  },
];
