// 100,000 bad requests leave nothing behind: neither in the heap nor beside it.

import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bodyOf, MAX_BODY } from "./receivers.mjs";
import { say, text } from "./wire.mjs";

const PER_ROUND = 10_000;
const CONNECTIONS = 20;
/** How many are sent before the answers are waited for. */
const BATCH = 25;
const MIB = 1024 * 1024;

const ok = bodyOf("ok");
/** All that leave the connection open. */
const KINDS = [
  text("/webhook", { body: ok }),
  text("/webhook"),
  text("/webhook", { method: "GET" }),
  text("/webhook", { headers: { "content-encoding": "gzip" } }),
  text("/webhook", { body: "{}", signed: true }),
  text("/webhook", { body: "x".repeat(3000) }),
  text("/webhook", { body: ok, headers: { "svix-id": "a", "svix-timestamp": "1", "svix-signature": "v1,x" } }),
];
/** And now and then one that ends it. */
const LAST = [
  text("/webhook", { headers: { "content-length": MAX_BODY + 1 } }),
  text("/webhook", { body: ok, headers: { "content-encoding": "br" } }),
  text("/webhook", { method: "PUT", body: ok }),
];

/** @param {number} port @param {number} count @returns {Promise<number>} how many were answered */
async function attack(port, count) {
  let answered = 0;
  for (let left = count; left > 0; ) {
    const socket = connect(port, "127.0.0.1");
    let expected = 0;
    let heard = 0;
    let tail = "";
    const closed = new Promise((done) => socket.on("close", done));
    socket.on("error", () => {});
    /** @type {() => void} */
    let next = () => {};
    socket.on("data", (bytes) => {
      // A status line may be cut in two.
      const all = tail + bytes.toString("latin1");
      const found = all.split("HTTP/1.1 ").length - 1;
      heard += found;
      tail = all.slice(-8);
      if (tail.includes("HTTP/1.1 ")) throw new Error("counted twice");
      if (heard >= expected) next();
    });
    socket.setNoDelay(true);
    await once(socket, "connect");
    for (let batch = 0; batch < 8 && left > 0; batch++) {
      const size = Math.min(BATCH, left);
      left -= size;
      expected += size;
      const batchText = Array.from({ length: size }, (_, at) => KINDS[(at + batch) % KINDS.length]).join("");
      const turn = new Promise((done) => {
        next = () => done(undefined);
      });
      socket.write(batchText);
      await Promise.race([turn, closed]);
      if (heard < expected) throw new Error(`${heard} answers to ${expected} requests`);
    }
    if (left > 0) {
      left--;
      expected++;
      const turn = new Promise((done) => {
        next = () => done(undefined);
      });
      socket.write(LAST[left % LAST.length] ?? "");
      await Promise.race([turn, closed]);
    }
    socket.destroy();
    await closed;
    answered += heard;
  }
  return answered;
}

describe("100,000 bad requests", () => {
  for (const [name, rounds] of /** @type {const} */ ([
    ["node:http", 6],
    ["Express 5", 2],
    ["Fastify 5", 2],
  ])) {
    test(`${rounds * PER_ROUND} of them, ${name}`, { timeout: 120_000 }, async () => {
      const server = fork(fileURLToPath(new URL("flood.server.mjs", import.meta.url)), [name], {
        execArgv: ["--expose-gc", "--max-old-space-size=512"],
      });
      try {
        const [port] = await once(server, "message");
        const memory = async () => {
          server.send("memory");
          return (await once(server, "message"))[0];
        };
        const used = [];
        for (let round = 0; round <= rounds; round++) {
          // A first, smaller one, so that what is made once is made.
          const share = (round === 0 ? 2000 : PER_ROUND) / CONNECTIONS;
          const answered = await Promise.all(Array.from({ length: CONNECTIONS }, () => attack(port, share)));
          assert.equal(
            answered.reduce((sum, one) => sum + one, 0),
            share * CONNECTIONS,
          );
          used.push(await memory());
        }
        const [first, last] = [used[0], used.at(-1)];
        const shown = used.map(({ heap, rss }) => `${(heap / MIB).toFixed(1)}/${(rss / MIB).toFixed(0)}`).join(" ");
        console.log(`# ${name}: heap/RSS in MiB after each round: ${shown}`);
        assert.ok(last.heap - first.heap < MIB, `the heap grew: ${shown}`);
        assert.ok(last.rss - first.rss < 48 * MIB, `RSS grew: ${shown}`);
        assert.equal(last.unhandled, 0);
        const next = await say(port, text("/webhook", { body: ok, signed: true }), { answers: 1 });
        assert.deepEqual(next.statuses, [200]);
      } finally {
        server.kill("SIGKILL");
      }
    });
  }
});
