// Bad input, as bytes on a socket: docs/receiving.md has a row for each.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { MOUNTS } from "./mounts.mjs";
import { BODY_TIMEOUT, bodyOf, MAX_BODY, receivers } from "./receivers.mjs";
import { flood, say, text } from "./wire.mjs";

/** @type {unknown[]} */
const unhandled = [];
process.on("unhandledRejection", (error) => unhandled.push(error));
process.on("uncaughtException", (error) => unhandled.push(error));

const ok = bodyOf("ok");
const open = (/** @type {Record<string, string | number>} */ headers, method = "POST") =>
  text("/webhook", { method, headers });
const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;

/**
 * The statuses of all answers on the connection; and whether the server ends it, however long the sender goes on.
 * @type {Record<string, {said: Parameters<typeof say>[1], statuses: number[] | number[][], ends: boolean}>}
 */
export const CASES = {
  "no body": { said: open({}), statuses: [401], ends: false },
  "a body that does not come": { said: open({ "content-length": 10 }), statuses: [408], ends: true },
  "a body that drips": {
    said: (socket) => {
      socket.write(open({ "transfer-encoding": "chunked" }));
      const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write("1\r\nx\r\n")), 20);
    },
    statuses: [408],
    ends: true,
  },
  "a body in single bytes": {
    said: `${open({ "transfer-encoding": "chunked" })}${"1\r\nx\r\n".repeat(20_000)}0\r\n\r\n`,
    statuses: [401],
    ends: false,
  },
  "a Content-Length over the limit": { said: open({ "content-length": MAX_BODY + 1 }), statuses: [413], ends: true },
  "the same, and Expect: 100-continue": {
    said: open({ "content-length": MAX_BODY + 1, expect: "100-continue" }),
    statuses: [413],
    ends: true,
  },
  "chunks over the limit, without end": {
    said: flood(open({ "transfer-encoding": "chunked" }), chunk),
    statuses: [413],
    ends: true,
  },
  "a GET with a body without end": {
    said: flood(open({ "transfer-encoding": "chunked" }, "GET"), chunk),
    statuses: [405],
    ends: true,
  },
  "a compressed body without end": {
    said: flood(open({ "transfer-encoding": "chunked", "content-encoding": "gzip" }), chunk),
    statuses: [400],
    ends: true,
  },
  "a Content-Length that is too small": {
    said: text("/webhook", { body: ok, headers: { "content-length": ok.length - 5 } }),
    // Node may see the garbage before the answer is there.
    statuses: [[401, 400], [400]],
    ends: true,
  },
  "a Content-Length that is too large": {
    said: text("/webhook", { body: ok, headers: { "content-length": ok.length + 5 } }),
    statuses: [408],
    ends: true,
  },
  "a sender that stops half-way": {
    said: (socket) => socket.end(`${open({ "content-length": 10 })}123`),
    // There may be nobody left to answer to.
    statuses: [[], [400]],
    ends: true,
  },
  "a Content-Length that is no number": { said: open({ "content-length": "ten" }), statuses: [400], ends: true },
  "Content-Length and Transfer-Encoding": {
    said: open({ "content-length": 2, "transfer-encoding": "chunked" }),
    statuses: [400],
    ends: true,
  },
  "a chunk that is none": {
    said: `${open({ "transfer-encoding": "chunked" })}zz\r\nx\r\n`,
    statuses: [400],
    ends: true,
  },
  "10,000 headers": {
    said: open(Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`x-${at}`, "1"]))),
    statuses: [431],
    ends: true,
  },
  "what is no HTTP": { said: "\x16\x03\x01 garbage\r\n\r\n", statuses: [400], ends: true },
  "a request, and garbage after it": {
    said: `${text("/webhook", { body: ok })}garbage\r\n\r\n`,
    statuses: [[401, 400], [400]],
    ends: true,
  },
  "three requests at once": { said: text("/webhook", { body: ok }).repeat(3), statuses: [401, 401, 401], ends: false },
};

for (const name of ["Express 5", "Express 4", "node:http", "Fastify 5", "Fastify 4"]) {
  describe(name, () => {
    const { all } = receivers();
    /** @type {import("./mounts.mjs").Running} */
    let server;
    before(async () => {
      server = await /** @type {NonNullable<typeof MOUNTS[string]>} */ (MOUNTS[name])(all);
    });
    after(() => server.close());

    for (const [what, { said, statuses, ends }] of Object.entries(CASES)) {
      test(what, async () => {
        const [first] = statuses;
        const allowed = /** @type {number[][]} */ (Array.isArray(first) ? statuses : [statuses]);
        const answers = ends ? undefined : allowed[0]?.length;
        const heard = await say(server.port, said, answers === undefined ? {} : { answers });
        assert.ok(
          allowed.some((some) => some.join() === heard.statuses.join()),
          `answered ${heard.statuses}: ${heard.text.slice(0, 500)}`,
        );
        assert.equal(heard.closed, ends, "the server ends the connection");
        if (ends) assert.ok(heard.ms < BODY_TIMEOUT + 2500, `after ${heard.ms} ms`);
        const next = await say(server.port, text("/webhook", { body: ok, signed: true }), { answers: 1 });
        assert.deepEqual(next.statuses, [200], "the next delivery");
      });
    }
  });
}

test("nothing was rejected or thrown unseen", () => assert.deepEqual(unhandled, []));
