// What is forgotten is collected: objects that nobody disposed, and bodies of any size.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Webhook } from "../pkg/index.js";
import { ScaiKeyWebhook } from "../pkg/scaikey.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MIB = 1024 * 1024;

/**
 * Bytes in use after collections: the heap, and buffers outside it (wasm memory is one). Several, with turns of the event
 * loop between: V8 frees buffers on a thread of its own, and counts them until a later collection has joined it.
 */
async function used() {
  for (let turn = 0; turn < 5; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + arrayBuffers + external;
}

/** How much more is in use after the work than after a first round of it. */
async function growth(work) {
  work();
  const before = await used();
  work();
  return (await used()) - before;
}

test("200,000 objects that are never disposed leave nothing", async () => {
  const grown = await growth(() => {
    for (let n = 0; n < 100_000; n++) {
      new Webhook([SECRET, SECRET]);
      new ScaiKeyWebhook("secret");
    }
  });
  assert.ok(grown < MIB, `${grown} bytes`);
});

test("a 64 MiB body leaves nothing", async () => {
  const webhook = new Webhook(SECRET);
  const grown = await growth(() => {
    const body = Buffer.alloc(64 * MIB, " ");
    body.write("1");
    assert.equal(webhook.verify(body, webhook.signedHeaders(body), { jsonParse: false }), undefined);
  });
  assert.ok(grown < MIB, `${grown} bytes`);
});

test("200,000 deliveries, good and bad, leave nothing", async () => {
  const webhook = new Webhook(SECRET);
  const headers = webhook.signedHeaders("{}");
  const grown = await growth(() => {
    for (let n = 0; n < 100_000; n++) {
      webhook.verify("{}", headers);
      assert.throws(() => webhook.verify("{ }", headers, { jsonParse: false }));
    }
  });
  assert.ok(grown < MIB, `${grown} bytes`);
});
