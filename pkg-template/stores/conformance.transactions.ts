// The cases for transact.
import { type Case, is, isYet, LONG, oneIsNew, pause, type Subject, untilEnded } from "./conformance.cases.js";
import type { Claim, Store, Transacted } from "./store.js";

// biome-ignore lint/suspicious/noExplicitAny: the store's own kind of transaction
type Any = any;

/** Milliseconds in which an answer comes that waits for nobody. */
const AT_ONCE = 5_000;

/** One delivery whose work is a write under its key. */
async function deliver(
  subject: Subject<Any>,
  store: Store<Any>,
  key: string,
  { ttl = LONG, after }: { ttl?: number; after?: (transaction: Any) => unknown } = {},
): Promise<Transacted<string>> {
  if (store.transact === undefined) throw new Error("The store has no transact");
  return store.transact(key, ttl, async (transaction: Any) => {
    await subject.probe.write(transaction, key);
    await after?.(transaction);
    return "the result";
  });
}

/** A delivery that is at work until `end` is called. */
async function started(subject: Subject<Any>, store: Store<Any>, key: string) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let delivery: Promise<Claim> = Promise.resolve("new");
  await new Promise<void>((resolve, reject) => {
    const after = () => {
      resolve();
      return ended;
    };
    delivery = deliver(subject, store, key, { after }).then(({ claim }) => claim);
    delivery.then(() => reject(new Error("The work did not run")), reject);
  });
  return {
    end: () => {
      end();
      return delivery;
    },
  };
}

/** The answer, or that there is none yet. */
async function soon<T>(answer: Promise<T>): Promise<T | "no answer"> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"no answer">((resolve) => {
    timer = setTimeout(resolve, AT_ONCE, "no answer");
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function errorOf(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("The transaction did not reject");
}

export const TRANSACTION_CASES: readonly Case<Any>[] = [
  {
    name: "transact: the work's effect and the completion take place together",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const seen: number[] = [];
      const after = async () => seen.push(await subject.probe.written(key));
      const { claim, result } = await deliver(subject, a, key, { after });
      is(claim, "new", "the first attempt");
      is(result, "the result", "its result");
      is(seen[0], 0, "effects, seen from outside while the work runs");
      is(await subject.probe.written(key), 1, "effects after that");
      is((await deliver(subject, b, key)).claim, "done", "the second attempt");
      is(await b.claim(key, LONG, "b"), "done", "a claim after that");
      is(await subject.probe.written(key), 1, "effects after the second attempt");
    },
  },
  {
    name: "transact: of work that rejects nothing remains, and its error is passed on",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const wrong = new Error("the work's own");
      const after = () => Promise.reject(wrong);
      is(await errorOf(deliver(subject, a, key, { after })), wrong, "the error");
      is(await subject.probe.written(key), 0, "effects");
      is((await deliver(subject, b, key)).claim, "new", "the next attempt");
      is(await subject.probe.written(key), 1, "effects of that");
    },
  },
  {
    name: "transact: another attempt finds it in progress at once, and does not wait",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const first = await started(subject, a, key);
      const others = [b, b, a].map((store) => deliver(subject, store, key).then(({ claim }) => claim));
      try {
        for (const other of others) is(await soon(other), "in-progress", "another attempt");
      } finally {
        is(await first.end(), "new", "the first attempt");
        await Promise.allSettled(others);
      }
      is((await deliver(subject, b, key)).claim, "done", "an attempt after that");
      is(await subject.probe.written(key), 1, "effects");
    },
  },
  {
    name: "transact: deliveries do not wait for one another",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const first = await started(subject, a, subject.key());
      const other = deliver(subject, b, subject.key()).then(({ claim }) => claim);
      try {
        is(await soon(other), "new", "another delivery");
      } finally {
        is(await first.end(), "new", "the first delivery");
        await Promise.allSettled([other]);
      }
    },
  },
  {
    name: "transact: of 200 attempts at once, one works",
    async prove(subject) {
      const stores = await subject.connect(4);
      const key = subject.key();
      const all = Array.from({ length: 200 }, (_, at) =>
        deliver(subject, stores[at % stores.length] as Store<Any>, key, { after: () => pause(20) }),
      );
      const claims = (await Promise.all(all)).map(({ claim }) => claim);
      oneIsNew(claims, ["in-progress", "done"], "200 attempts");
      is(await subject.probe.written(key), 1, "effects");
    },
  },
  {
    name: "transact: 100 failures in a row use nothing up",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      for (let failed = 1; failed <= 100; failed++) {
        const after = () => Promise.reject(new Error("failed"));
        is(await soon(errorOf(deliver(subject, a, key, { after })).then(String)), "Error: failed", `failure ${failed}`);
      }
      is((await deliver(subject, b, key)).claim, "new", "the next attempt");
      is(await subject.probe.written(key), 1, "effects");
    },
  },
  {
    name: "transact: a connection that breaks rolls back",
    breaks: true,
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const after = async (transaction: Any) => {
        await subject.probe.breakConnection?.(transaction);
        await pause(100);
      };
      const error = await soon(errorOf(deliver(subject, a, key, { after })));
      is(error instanceof Error, true, "whether it rejected with an error");
      is(await subject.probe.written(key), 0, "effects");
      is((await deliver(subject, b, key)).claim, "new", "the next attempt");
      is((await deliver(subject, a, key)).claim, "done", "an attempt by who had the broken connection");
      is(await subject.probe.written(key), 1, "effects after that");
    },
  },
  {
    name: "transact: agrees with claim and complete",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const [held, done, ended] = [subject.key(), subject.key(), subject.key()];
      is(await a.claim(held, LONG, "a"), "new", "the first claim");
      is((await deliver(subject, b, held)).claim, "in-progress", "an attempt at what is in hand");
      await a.release(held, "a");
      is((await deliver(subject, b, held)).claim, "new", "an attempt at what was released");
      await a.complete(done, LONG, "a");
      is((await deliver(subject, b, done)).claim, "done", "an attempt at what is done");
      is(await a.claim(ended, subject.lease, "a"), "new", "a claim");
      await untilEnded(subject.lease);
      is((await deliver(subject, b, ended)).claim, "new", "an attempt after the lease");
    },
  },
  {
    name: "transact: what is done is forgotten after its time",
    async prove(subject) {
      const [a, b] = await subject.connect(2);
      const key = subject.key();
      const ttl = subject.lease;
      const slow = () => pause(1.5 * ttl); // its time begins when it is done
      is((await deliver(subject, a, key, { ttl, after: slow })).claim, "new", "the first attempt");
      const since = performance.now();
      isYet((await deliver(subject, b, key, { ttl })).claim, "done", "an attempt at once", since, ttl);
      await untilEnded(ttl);
      is((await deliver(subject, b, key, { ttl })).claim, "new", "an attempt after its time");
      is(await subject.probe.written(key), 2, "effects");
    },
  },
];
