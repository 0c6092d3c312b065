// What createReceiver takes and refuses, functions of env, hooks that fail.

import { createReceiver } from "hookseal/receiver";
import { memoryStore } from "hookseal/stores/memory";
import { check, equal, test, thrown } from "../../suite/harness.mjs";
import { delivery, newId, pause, receiverOf, webhook } from "./signed.mjs";

const onDelivery = () => {};

test("options that cannot be are refused at once", () => {
  const base = { webhook: webhook(), onDelivery };
  for (const [options, text] of /** @type {[any, RegExp][]} */ ([
    [undefined, /webhook must be/],
    [{ ...base, webhook: "whsec_x" }, /webhook must be/],
    [{ webhook: webhook() }, /onDelivery, or on/],
    [{ ...base, on: { completed() {} } }, /one of the two/],
    [{ webhook: webhook(), on: {} }, /onDelivery, or on/],
    [{ webhook: webhook(), on: { complete() {} } }, /: complete$/],
    [{ webhook: webhook(), on: { completed: 1 } }, /onDelivery, or on/],
    [{ ...base, respond: "later" }, /respond must be/],
    [{ ...base, respond: "before" }, /pass enqueue/],
    [{ ...base, enqueue() {} }, /there is no enqueue/],
    [{ ...base, store: {} }, /store must have/],
    [{ ...base, maxBody: 0 }, /: maxBody$/],
    [{ ...base, deadline: Number.NaN }, /: deadline$/],
    [{ ...base, bodyTimeout: 2 ** 31 }, /: bodyTimeout$/],
    [{ ...base, lease: "30s" }, /: lease$/],
    [{ ...base, ttl: -1 }, /: ttl$/],
    [{ ...base, onRejected: {} }, /: onRejected$/],
    [{ ...base, logger: {} }, /: logger$/],
  ])) {
    const error = thrown(() => createReceiver(options));
    equal(error.code, "invalid_option", error.message);
    check(text.test(error.message), error.message);
  }
});

test("a function of env is called once for each env; one of nothing, once", async () => {
  /** @type {any[]} */
  const envs = [];
  let stores = 0;
  const { receiver, seen } = receiverOf({
    webhook: (/** @type {any} */ env) => {
      envs.push(env);
      return webhook();
    },
    store: () => {
      stores++;
      return memoryStore();
    },
  });
  const [one, two] = [{ n: 1 }, { n: 2 }];
  const id = newId();
  for (const env of [one, two, one, two]) await receiver.fetch(delivery({ id }), env);
  check(envs.length === 2 && envs[0] === one && envs[1] === two, `${envs.length} envs`);
  equal([stores, seen.length], [1, 1]);
});

test("a function that gives no verifier, or throws: 500; no store: 503", async () => {
  for (const [options, status] of /** @type {[any, number][]} */ ([
    [{ webhook: () => ({}) }, 500],
    [
      {
        webhook: () => {
          throw new Error("no secret");
        },
      },
      500,
    ],
    [{ store: () => ({}) }, 503],
  ])) {
    equal((await receiverOf(options).receiver.fetch(delivery())).status, status);
  }
});

test("onRejected is told of every refusal, and of no delivery", async () => {
  /** @type {any[]} */
  const told = [];
  const { receiver } = receiverOf({ onRejected: (/** @type {any} */ rejection) => told.push(rejection) });
  await receiver.fetch(delivery());
  await receiver.fetch(delivery({ headers: { "svix-id": "msg_other" } }));
  await receiver.fetch(delivery({ method: "GET" }));
  equal(
    told.map(({ outcome, status }) => `${outcome} ${status}`),
    ["not_authentic 401", "method_not_allowed 405"],
  );
  equal([told[0].error.code, told[0].headers.get("svix-id")], ["no_matching_signature", "msg_other"]);
});

test("hooks and loggers that fail cost nothing", async () => {
  /** @type {unknown[]} */
  const unhandled = [];
  const listener = (/** @type {any} */ event) => {
    unhandled.push(event.reason);
    event.preventDefault?.();
  };
  globalThis.addEventListener?.("unhandledrejection", listener);
  const fail = () => {
    throw new Error("no");
  };
  const reject = () => Promise.reject(new Error("no"));
  for (const bad of [fail, reject]) {
    const logger = { warn: bad, error: bad };
    const onDelivery = async () => {
      throw new Error("no");
    };
    const { receiver } = receiverOf({ onRejected: bad, logger, onDelivery });
    equal((await receiver.fetch(delivery({ method: "GET" }))).status, 405);
    equal((await receiver.fetch(delivery())).status, 500);
  }
  await pause(20);
  globalThis.removeEventListener?.("unhandledrejection", listener);
  equal(unhandled.length, 0, "unhandled rejections");
});
