// Every row of the table of answers, on real sockets, in every framework.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
// By its path: it is no entry of the package.
import { ANSWERS } from "../node_modules/hookseal/receiver.answers.js";
import { MOUNTS } from "./mounts.mjs";
import { BODY_TIMEOUT, bodyOf, MAX_BODY, receivers } from "./receivers.mjs";
import { headOf, say, text } from "./wire.mjs";

/** @type {unknown[]} */
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(error));

let ids = 0;
const newId = () => `msg_${++ids}`;
/** A delivery of a job. @param {string} job */
const job = (job, id = newId()) => text("/webhook", { body: bodyOf(job), signed: true, id });
const ok = bodyOf("ok");

/** How each outcome comes about. The last answer of the connection counts. */
const CAUSES = /** @type {Record<string, (port: number) => Promise<import("./wire.mjs").Conversation>>} */ ({
  processed: (port) => say(port, job("ok"), { answers: 1 }),
  duplicate: async (port) => {
    const again = job("ok");
    await say(port, again, { answers: 1 });
    return say(port, again, { answers: 1 });
  },
  enqueued: (port) => say(port, text("/before", { body: ok, signed: true }), { answers: 1 }),
  endpoint_stopped: (port) => say(port, job("stop"), { answers: 1 }),
  message_aborted: (port) => say(port, job("abort"), { answers: 1 }),
  invalid_payload: (port) => say(port, text("/webhook", { body: "{}", signed: true }), { answers: 1 }),
  encoded_body: (port) =>
    say(port, text("/webhook", { body: ok, signed: true, headers: { "content-encoding": "gzip" } }), { answers: 1 }),
  not_authentic: (port) => say(port, text("/webhook", { body: ok }), { answers: 1 }),
  method_not_allowed: (port) => say(port, text("/webhook", { method: "GET" }), { answers: 1 }),
  slow_body: (port) => say(port, `${text("/webhook", { headers: { "content-length": 10 } })}123`),
  body_too_large: (port) => say(port, text("/webhook", { body: " ".repeat(MAX_BODY + 1), signed: true })),
  handler_failed: (port) => say(port, job("fail"), { answers: 1 }),
  receiver_failed: (port) => say(port, text("/broken", { body: ok }), { answers: 1 }),
  in_progress: async (port) => {
    const twice = job("slow");
    const first = say(port, twice, { answers: 1 });
    await new Promise((done) => setTimeout(done, 60));
    const second = await say(port, twice, { answers: 1 });
    assert.deepEqual((await first).statuses, [200]);
    return second;
  },
  store_unavailable: (port) => say(port, text("/store-down", { body: ok, signed: true }), { answers: 1 }),
  queue_unavailable: (port) => say(port, text("/queue-down", { body: ok, signed: true }), { answers: 1 }),
  deadline: (port) => say(port, job("late"), { answers: 1 }),
});

/** body_consumed needs a body parser (parsers.test.mjs); broken_body cannot be answered (sockets.test.mjs). */
test("there is a cause for every outcome", () => {
  const others = ["body_consumed", "broken_body"];
  assert.deepEqual([...Object.keys(CAUSES), ...others].sort(), Object.keys(ANSWERS).sort());
});

for (const [name, mount] of Object.entries(MOUNTS)) {
  describe(name, () => {
    const { all, log } = receivers();
    /** @type {import("./mounts.mjs").Running} */
    let server;
    before(async () => {
      server = await mount(all);
    });
    after(() => server.close());

    for (const [outcome, cause] of Object.entries(CAUSES)) {
      test(outcome, async () => {
        const { status, headers, message } = ANSWERS[outcome];
        log.length = 0;
        const conversation = await cause(server.port);
        assert.deepEqual(conversation.statuses, [status], conversation.text);
        const head = headOf(conversation);
        // Hono's server ends a connection in its own way.
        const expected = Object.entries(headers).filter(
          ([header]) => name !== "Hono on Node" || header !== "connection",
        );
        for (const [header, value] of expected) assert.equal(head[header], value, header);
        assert.ok(["0", undefined].includes(head["content-length"]) || head["transfer-encoding"], "an empty body");
        assert.match(conversation.text, /\r\n\r\n(0\r\n\r\n)?$/, "an empty body");
        assert.ok(message === "" || log.some((line) => line.includes(message)), `not logged: ${message}`);
        if (outcome === "slow_body") assert.ok(conversation.ms > BODY_TIMEOUT);
      });
    }
  });
}

test("nothing was rejected unseen", () => assert.deepEqual(unhandled, []));
