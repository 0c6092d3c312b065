// Stores that are wrong in one way each, and the case that has to say so.

import { commit, Engine, modelStore, moment, Transaction } from "./model.mjs";

/** @typedef {import("./model.mjs").Store} Store */

/**
 * @typedef {object} Defect
 * @property {string} name
 * @property {string} caught the case that fails
 * @property {(engine: Engine, right: ReturnType<typeof modelStore>) => Partial<Store>} make what differs from the right store
 */

/** @type {Defect[]} */
export const DEFECTS = [
  {
    name: "claim looks first and writes later",
    caught: "of 1,000 claims at once, one gets it",
    make: (engine) => ({
      async claim(key, lease, owner) {
        const row = engine.find(key);
        await moment();
        if (row !== undefined && row.owner !== owner) return row.owner === undefined ? "done" : "in-progress";
        engine.put(key, lease, owner);
        return "new";
      },
    }),
  },
  {
    name: "what is done is forgotten at once",
    caught: "what is in hand is in progress for others, and done once it is completed",
    make: (engine) => ({ complete: (key) => void engine.rows.delete(key) }),
  },
  {
    name: "who has it cannot renew",
    caught: "who has it renews the lease",
    make: (engine, right) => ({
      claim: (key, lease, owner) => (engine.find(key)?.owner ? "in-progress" : right.claim(key, lease, owner)),
    }),
  },
  {
    name: "a renewal does not make the lease longer",
    caught: "who has it renews the lease",
    make: (engine, right) => ({
      claim: (key, lease, owner) => (engine.find(key)?.owner === owner ? "new" : right.claim(key, lease, owner)),
    }),
  },
  {
    name: "a claim fails while another is made",
    caught: "who has it can renew while others claim it",
    make(engine, right) {
      const busy = new Set();
      return {
        async claim(key, lease, owner) {
          if (busy.has(key)) return "in-progress";
          busy.add(key);
          try {
            return await right.claim(key, lease, owner);
          } finally {
            busy.delete(key);
          }
        },
      };
    },
  },
  {
    name: "a lease never ends",
    caught: "after a crash between claim and complete, the lease ends and the next claim is new",
    make: (engine) => ({ claim: (key, _, owner) => engine.claim(key, 1e12, owner) }),
  },
  {
    name: "there is no lease: everybody gets it until it is done",
    caught: "of 1,000 claims at once, one gets it",
    make: (engine) => ({ claim: (key) => (engine.find(key) ? "done" : "new") }),
  },
  {
    name: "a lease that ended is looked at first and taken later",
    caught: "a lease that ended goes to one of many",
    make: (engine, right) => ({
      async claim(key, lease, owner) {
        const ended = engine.rows.has(key) && engine.find(key) === undefined;
        await moment();
        if (!ended) return right.claim(key, lease, owner);
        engine.put(key, lease, owner);
        return "new";
      },
    }),
  },
  {
    name: "an old owner takes its lease back",
    caught: "a lease that ended is not its old owner's",
    make(engine, right) {
      const owners = new Set();
      return {
        async claim(key, lease, owner) {
          const claim = await right.claim(key, lease, owner);
          if (claim === "in-progress" && owners.has(`${owner} ${key}`)) return "new";
          if (claim === "new") owners.add(`${owner} ${key}`);
          return claim;
        },
      };
    },
  },
  {
    name: "a release does nothing",
    caught: "a release by who has it makes the next claim new",
    make: () => ({ release: () => {} }),
  },
  {
    name: "anybody can release it",
    caught: "a release by anybody else does nothing",
    make: (engine) => ({
      release(key) {
        if (engine.find(key)?.owner !== undefined) engine.rows.delete(key);
      },
    }),
  },
  {
    name: "a release undoes what is done",
    caught: "a release does not undo what is done",
    make: (engine) => ({
      release(key, owner) {
        const row = engine.find(key);
        if (row?.owner === owner || row?.owner === undefined) engine.rows.delete(key);
      },
    }),
  },
  {
    name: "only who has it can complete it",
    caught: "what is completed is done, whoever has it by then",
    make: (engine) => ({
      complete(key, ttl, owner) {
        const found = engine.find(key)?.owner;
        if (found === undefined || found === owner) engine.put(key, ttl);
      },
    }),
  },
  {
    name: "only what is in hand can be completed",
    caught: "what is completed is done, whether or not it was in hand",
    make: (engine) => ({
      complete(key, ttl) {
        if (engine.rows.has(key)) engine.put(key, ttl);
      },
    }),
  },
  {
    name: "complete lets go first and writes later",
    caught: "nobody gets it while it is being completed",
    make: (engine) => ({
      async complete(key, ttl) {
        engine.rows.delete(key);
        await moment();
        await moment();
        engine.put(key, ttl);
      },
    }),
  },
  {
    name: "what is done is kept as long as the lease",
    caught: "what is done outlives its lease",
    make: (engine, right) => ({
      complete(key, ttl, owner) {
        const row = engine.find(key);
        if (row === undefined) return right.complete(key, ttl, owner);
        row.owner = undefined;
      },
    }),
  },
  {
    name: "what is done is never forgotten",
    caught: "what is done is forgotten after its time",
    make: (engine) => ({ complete: (key) => engine.put(key, 1e12) }),
  },
  {
    name: "times have 31 bits",
    caught: "long times, short ones and fractions are taken",
    make: (engine) => ({ complete: (key, ttl) => engine.put(key, ttl | 0) }),
  },
  {
    name: "keys are cut at 255 characters",
    caught: "any text is a key, and no two are the same",
    make: (engine, right) => ({
      claim: (key, lease, owner) => right.claim(key.slice(0, 255), lease, owner),
      complete: (key, ttl, owner) => right.complete(key.slice(0, 255), ttl, owner),
      release: (key, owner) => right.release(key.slice(0, 255), owner),
    }),
  },
  {
    name: "upper and lower case are the same",
    caught: "any text is a key, and no two are the same",
    make: (engine, right) => ({ claim: (key, lease, owner) => right.claim(key.toLowerCase(), lease, owner) }),
  },
  {
    name: "the caller's clock says what has ended",
    caught: "a process whose clock is ahead takes nothing over, and forgets nothing",
    make(engine) {
      engine.now = () => Date.now();
      return {
        claim: (key, lease, owner) => engine.claim(key, lease, owner),
        complete: (key, ttl) => engine.put(key, ttl),
      };
    },
  },
  {
    name: "the caller's clock says when a lease ends",
    caught: "a lease lasts as long as it should, though its process's clock is ahead or behind",
    make: (engine) => ({
      claim: (key, lease, owner) => engine.claim(key, Date.now() + lease - CLOCK - performance.now(), owner),
    }),
  },
  {
    name: "the caller's clock says when what is done is forgotten",
    caught: "what is done is remembered as long as it should, though its process's clock is ahead or behind",
    make: (engine) => ({ complete: (key, ttl) => engine.put(key, Date.now() + ttl - CLOCK - performance.now()) }),
  },
  {
    name: "a transaction does not say that it is done",
    caught: "transact: the work's effect and the completion take place together",
    make: (engine) => ({
      async transact(_, __, work) {
        const transaction = new Transaction();
        const result = await work(transaction);
        commit(engine, transaction);
        return { claim: "new", result };
      },
    }),
  },
  {
    name: "a transaction says that it is done before it works",
    caught: "transact: of work that rejects nothing remains, and its error is passed on",
    make: (engine) => ({
      async transact(key, ttl, work) {
        if (engine.find(key)) return { claim: "done" };
        engine.put(key, ttl);
        const transaction = new Transaction();
        const result = await work(transaction);
        commit(engine, transaction);
        return { claim: "new", result };
      },
    }),
  },
  {
    name: "a transaction commits although its work failed",
    caught: "transact: of work that rejects nothing remains, and its error is passed on",
    make: (engine, right) => ({
      transact(key, ttl, work) {
        return right.transact(key, ttl, async (/** @type {Transaction} */ transaction) => {
          try {
            return await work(transaction);
          } catch (error) {
            commit(engine, transaction);
            throw error;
          }
        });
      },
    }),
  },
  {
    name: "another attempt waits for the first",
    caught: "transact: another attempt finds it in progress at once, and does not wait",
    make: (engine, right) => ({
      async transact(key, ttl, work) {
        while (engine.locked.has(key)) await moment();
        return right.transact(key, ttl, work);
      },
    }),
  },
  {
    name: "all transactions wait for one another",
    caught: "transact: deliveries do not wait for one another",
    make: (engine, right) => ({
      async transact(key, ttl, work) {
        while (engine.locked.size > 0) await moment();
        return right.transact(key, ttl, work);
      },
    }),
  },
  {
    name: "transactions do not lock",
    caught: "transact: of 200 attempts at once, one works",
    make: (engine, right) => ({
      transact(key, ttl, work) {
        engine.locked.clear();
        return right.transact(key, ttl, work);
      },
    }),
  },
  {
    name: "a transaction that failed keeps its connection",
    caught: "transact: 100 failures in a row use nothing up",
    make(engine, right) {
      let free = 10;
      return {
        async transact(key, ttl, work) {
          while (free === 0) await moment();
          free--;
          const done = await right.transact(key, ttl, work);
          free++;
          return done;
        },
      };
    },
  },
  {
    name: "a broken connection is taken for success",
    caught: "transact: a connection that breaks rolls back",
    make: (engine, right) => ({
      transact: (key, ttl, work) =>
        right.transact(key, ttl, async (/** @type {Transaction} */ transaction) => {
          const result = await work(transaction);
          transaction.broken = false;
          return result;
        }),
    }),
  },
  {
    name: "transactions know nothing of claims",
    caught: "transact: agrees with claim and complete",
    make: (engine, right) => ({ transact: (key, ttl, work) => right.transact(`transaction ${key}`, ttl, work) }),
  },
  {
    name: "the time of what is done begins before the work",
    caught: "transact: what is done is forgotten after its time",
    make: (engine, right) => ({
      async transact(key, ttl, work) {
        const since = performance.now();
        const done = await right.transact(key, ttl, work);
        if (done.claim === "new") engine.put(key, since + ttl - performance.now());
        return done;
      },
    }),
  },
];

/** What this process's clock said when its steady clock was at 0. */
const CLOCK = Date.now() - performance.now();
