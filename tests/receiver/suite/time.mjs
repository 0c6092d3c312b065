// Deadlines, leases, stores that fail, and what is done after the answer.

import { memoryStore } from "hookseal/stores/memory";
import { check, equal, test } from "../../suite/harness.mjs";
import { deferred, delivery, newId, pause, receiverOf } from "./signed.mjs";

const down = () => Promise.reject(new Error("store is down"));
const hangs = () => new Promise(() => {});

/** @param {any} [calls] @returns {any} */
function storeOf(calls = {}) {
  return { claim: () => "new", complete: () => {}, release: () => {}, ...calls };
}

test("deadline: 503; the handler goes on, keeps its lease, and the next attempt is a duplicate", async () => {
  const gate = deferred();
  const { receiver, lines } = receiverOf({ deadline: 60, lease: 90, onDelivery: () => gate.promise });
  const id = newId();
  /** @type {Promise<unknown>[]} */
  const waited = [];
  const started = performance.now();
  const context = { waitUntil: (/** @type {Promise<unknown>} */ promise) => void waited.push(promise) };
  const response = await receiver.fetch(delivery({ id }), {}, context);
  check(performance.now() - started < 400, "answered late");
  equal([response.status, response.headers.get("retry-after"), waited.length], [503, "5", 1]);
  equal(
    lines.map(({ level }) => level),
    ["error"],
  );
  await pause(200); // more than two leases
  equal((await receiver.fetch(delivery({ id }))).status, 503, "while it goes on");
  gate.resolve();
  await Promise.all(waited);
  equal((await receiver.fetch(delivery({ id }))).status, 200, "when it is done");
});

test("deadline: what fails after it is logged, and the next attempt is handled", async () => {
  let calls = 0;
  const { receiver, lines } = receiverOf({
    deadline: 30,
    onDelivery: async () => {
      if (++calls > 1) return;
      await pause(80);
      throw new Error("too late");
    },
  });
  const id = newId();
  equal((await receiver.fetch(delivery({ id }))).status, 503);
  await receiver.drain();
  equal(
    lines.map(({ message }) => message.slice(0, 13)),
    ["hookseal: 503", "hookseal: 500"],
  );
  equal(lines[1]?.details.error.message, "too late");
  equal((await receiver.fetch(delivery({ id }))).status, 200);
});

test("store down: 503, and the handler is not called", async () => {
  for (const claim of [
    down,
    () => {
      throw new Error("at once");
    },
  ]) {
    const { receiver, seen, lines } = receiverOf({ store: storeOf({ claim }) });
    const response = await receiver.fetch(delivery());
    equal([response.status, response.headers.get("retry-after"), seen.length], [503, "5", 0]);
    equal(lines.length, 1);
  }
});

test("store hangs: 503 at the deadline", async () => {
  const { receiver, seen } = receiverOf({ deadline: 40, store: storeOf({ claim: hangs }) });
  equal((await receiver.fetch(delivery())).status, 503);
  equal(seen.length, 0);
});

test("a store that cannot be told at once is told until it knows; the answer stands", async () => {
  let tries = 0;
  const complete = () => (++tries < 3 ? down() : undefined);
  const { receiver, lines } = receiverOf({ store: storeOf({ complete }) });
  equal((await receiver.fetch(delivery())).status, 200);
  equal([tries, lines.length], [3, 2]);
});

test("complete hangs: 200 at the deadline, since the effect took place", async () => {
  const { receiver } = receiverOf({ deadline: 40, store: storeOf({ complete: hangs }) });
  equal((await receiver.fetch(delivery())).status, 200);
});

test("release fails or hangs: 500 all the same", async () => {
  for (const release of [down, hangs]) {
    const onDelivery = () => Promise.reject(new Error("no"));
    const { receiver } = receiverOf({ deadline: 60, onDelivery, store: storeOf({ release }) });
    equal((await receiver.fetch(delivery())).status, 500);
  }
});

test("lease: renewed while the handler runs, and never after", async () => {
  let claims = 0;
  const { receiver } = receiverOf({
    lease: 60,
    onDelivery: () => pause(150),
    store: storeOf({ claim: () => (claims++ >= 0 ? "new" : "done") }),
  });
  equal((await receiver.fetch(delivery())).status, 200);
  check(claims >= 3, `${claims} claims`);
  const before = claims;
  await pause(100);
  equal(claims, before);
});

for (const [how, renewal] of /** @type {[string, () => unknown][]} */ ([
  ["taken by another", () => "in-progress"],
  ["the store fails", down],
  ["the store hangs", hangs],
])) {
  test(`lease lost, ${how}: the signal says so`, async () => {
    let claims = 0;
    let aborted = false;
    const { receiver, lines } = receiverOf({
      lease: 60,
      deadline: 5000,
      store: storeOf({ claim: () => (claims++ === 0 ? "new" : renewal()) }),
      onDelivery: (/** @type {any} */ _payload, /** @type {any} */ { signal }) =>
        new Promise((done) => {
          signal.addEventListener("abort", () => {
            aborted = true;
            done(undefined);
          });
          setTimeout(done, 2000);
        }),
    });
    const request = receiver.fetch(delivery());
    await pause(200);
    equal(aborted, true, "aborted");
    equal(lines.filter(({ message }) => message.includes("lease was lost")).length, 1);
    if (how !== "the store hangs") equal((await request).status, 200);
  });
}

test("a renewal on its way ends before the release", async () => {
  /** @type {string[]} */
  const calls = [];
  let claims = 0;
  const store = storeOf({
    claim: async () => {
      if (claims++ === 0) return "new";
      await pause(80);
      calls.push("renewed");
      return "new";
    },
    release: () => void calls.push("released"),
  });
  const onDelivery = async () => {
    await pause(40);
    throw new Error("no");
  };
  const { receiver } = receiverOf({ lease: 60, store, onDelivery });
  equal((await receiver.fetch(delivery())).status, 500);
  equal(calls, ["renewed", "released"]);
});

test("transact: claim, work and completion are one; what it throws is told apart", async () => {
  /** @type {any} */
  let claim = "new";
  let commit = () => {};
  const store = storeOf({
    transact: async (/** @type {string} */ _key, /** @type {number} */ _ttl, /** @type {any} */ work) => {
      if (claim !== "new") return { claim };
      const result = await work("the client");
      commit();
      return { claim, result };
    },
    claim: () => check(false, "claim was called"),
  });
  let fails = false;
  /** @type {unknown[]} */
  const given = [];
  const onDelivery = (/** @type {any} */ _payload, /** @type {any} */ { transaction }) => {
    given.push(transaction);
    if (fails) throw new Error("no");
  };
  const { receiver } = receiverOf({ store, onDelivery });
  equal((await receiver.fetch(delivery())).status, 200);
  equal(given, ["the client"]);
  fails = true;
  equal((await receiver.fetch(delivery())).status, 500);
  fails = false;
  commit = () => {
    throw new Error("connection lost");
  };
  equal((await receiver.fetch(delivery())).status, 503);
  for (const [found, status] of [
    ["done", 200],
    ["in-progress", 503],
  ]) {
    claim = found;
    equal((await receiver.fetch(delivery())).status, status);
  }
});

test("drain waits for what goes on after the answer", async () => {
  const gate = deferred();
  const { receiver } = receiverOf({ deadline: 20, onDelivery: () => gate.promise });
  await receiver.drain(); // nothing runs
  await receiver.fetch(delivery());
  let drained = false;
  const draining = receiver.drain().then(() => {
    drained = true;
  });
  await pause(30);
  equal(drained, false);
  gate.resolve();
  await draining;
});

test("a claim whose answer comes after its lease is asked again", async () => {
  const shared = memoryStore();
  let asked = 0;
  const late = async (/** @type {[string, number, string]} */ ...claim) => {
    const answer = shared.claim(...claim);
    if (asked++ === 0) await pause(250);
    return answer;
  };
  const first = receiverOf({ lease: 150, store: { ...shared, claim: late } });
  const second = receiverOf({ lease: 150, store: shared });
  const id = newId();
  const waiting = first.receiver.fetch(delivery({ id }));
  await pause(200);
  equal((await second.receiver.fetch(delivery({ id }))).status, 200);
  equal((await waiting).status, 200);
  equal([first.seen.length, second.seen.length], [0, 1], "handled by who has the lease");
});

test("a store that is back within the lease hears of the completion", async () => {
  const shared = memoryStore();
  let isDown = false;
  const whileUp =
    (/** @type {any} */ call) =>
    async (/** @type {unknown[]} */ ...args) =>
      isDown ? down() : call(...args);
  const store = storeOf({ claim: whileUp(shared.claim), complete: whileUp(shared.complete) });
  const { receiver, seen } = receiverOf({
    store,
    lease: 2000,
    onDelivery: (/** @type {any} */ payload) => {
      seen.push(payload);
      isDown = true;
    },
  });
  const id = newId();
  const waiting = receiver.fetch(delivery({ id }));
  await pause(1600);
  isDown = false;
  await pause(700); // the lease has ended by now
  equal((await receiver.fetch(delivery({ id }))).status, 200);
  equal(seen.length, 1, "the effect took place twice");
  equal((await waiting).status, 200);
});
