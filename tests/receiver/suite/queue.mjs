// respond: "before", and receiver.process.

import { createReceiver, DeliveryNotProcessedError } from "hookseal/receiver";
import { memoryStore } from "hookseal/stores/memory";
import { check, equal, test } from "../../suite/harness.mjs";
import { deferred, delivery, JOB, newId, pause, receiverOf, webhook } from "./signed.mjs";

test("before: 202 once the queue has it, in a form that JSON keeps, without credentials", async () => {
  const gate = deferred();
  /** @type {any[]} */
  const queue = [];
  const { receiver } = receiverOf({
    respond: "before",
    enqueue: async (/** @type {any} */ item, /** @type {any} */ { env }) => {
      await gate.promise;
      queue.push(JSON.parse(JSON.stringify(item)), env);
    },
  });
  const headers = { authorization: "Bearer secret", cookie: "a=b", "x-mine": "1" };
  let answered = false;
  const env = { name: "env" };
  const request = receiver.fetch(delivery({ id: "msg_q", headers }), env).then((response) => {
    answered = true;
    return response;
  });
  await pause(20);
  equal(answered, false, "answered before it was enqueued");
  gate.resolve();
  equal((await request).status, 202);
  const [item, given] = queue;
  equal([item.id, item.payload, item.headers["x-mine"]], ["msg_q", JSON.parse(JOB), "1"]);
  equal([item.headers.authorization, item.headers.cookie], [undefined, undefined]);
  check(given === env, "env");
});

test("before: 503 if the queue fails, at once or later, or does not answer by the deadline", async () => {
  for (const enqueue of [
    () => Promise.reject(new Error("queue is down")),
    () => {
      throw new Error("queue is down");
    },
    () => new Promise(() => {}),
  ]) {
    const { receiver, lines } = receiverOf({ respond: "before", deadline: 50, enqueue });
    const response = await receiver.fetch(delivery());
    equal([response.status, response.headers.get("retry-after"), lines.length], [503, "5", 1]);
  }
});

test("before: what is not authentic is not enqueued", async () => {
  let enqueued = 0;
  const { receiver } = receiverOf({ respond: "before", enqueue: () => enqueued++ });
  equal((await receiver.fetch(delivery({ headers: { "svix-id": "other" } }))).status, 401);
  equal(enqueued, 0);
});

test("process: once, with the headers; a duplicate resolves", async () => {
  const { receiver, seen } = receiverOf();
  const item = { id: newId(), payload: JSON.parse(JOB), headers: { "x-mine": "1" } };
  equal(await receiver.process(item, { name: "env" }), "processed");
  equal(await receiver.process(item), "duplicate");
  equal(seen.length, 1);
  equal([seen[0]?.context.headers.get("x-mine"), seen[0]?.context.env.name], ["1", "env"]);
});

test("process: what fails rejects, and says how", async () => {
  let fails = true;
  const failure = new Error("no");
  const { receiver } = receiverOf({
    onDelivery: () => (fails ? Promise.reject(failure) : undefined),
  });
  const item = { id: newId(), payload: JSON.parse(JOB), headers: {} };
  const error = await receiver.process(item).catch((/** @type {any} */ thrown) => thrown);
  check(error instanceof DeliveryNotProcessedError, "DeliveryNotProcessedError");
  equal([error.outcome, error.cause === failure], ["handler_failed", true]);
  fails = false;
  equal(await receiver.process(item), "processed");
});

test("process: another consumer's delivery rejects as in progress", async () => {
  const store = memoryStore();
  const gate = deferred();
  const make = () => createReceiver({ webhook: webhook(), store, onDelivery: () => gate.promise });
  const item = { id: newId(), payload: JSON.parse(JOB), headers: {} };
  const first = make().process(item);
  await pause(5);
  const { outcome } = await make()
    .process(item)
    .catch((/** @type {any} */ error) => error);
  equal(outcome, "in_progress");
  gate.resolve();
  equal(await first, "processed");
});
