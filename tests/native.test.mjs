// The host's own SHA-256: whatever becomes of it, the verdict stays the same. (The suite runs on it, see suite/node.mjs.)

import assert from "node:assert/strict";
import { createHash, hash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { copyPackage } from "./suite/copy.mjs";

const copies = await mkdtemp(join(tmpdir(), "hookseal-native-"));
after(() => rm(copies, { recursive: true, force: true }));

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const fail = () => {
  throw new Error("no");
};
const real = process.getBuiltinModule;

/** What `process.getBuiltinModule` may be. @type {Record<string, any>} */
const HOSTS = {
  "as it is": real,
  "without one-shot hashes": () => ({ createHash }),
  "with one-shot hashes only": () => ({ hash, createHash: fail }),
  "without the function": undefined,
  "a function that throws": fail,
  "no such module": () => undefined,
  "a module without hashes": () => ({}),
  "hashes that throw": () => ({ createHash: fail, hash: fail }),
  "digests of another kind": () => ({
    createHash: () => ({ update() {}, digest: () => new Uint8Array(32) }),
    hash: () => undefined,
  }),
  "digests of another length": () => ({ createHash: () => ({ update() {}, digest: () => "short" }), hash: () => "" }),
};

let number = 0;

for (const [name, getBuiltinModule] of Object.entries(HOSTS)) {
  test(`${name}: long bodies are judged as by the core`, async () => {
    const copy = join(copies, String(number++));
    await copyPackage(copy);
    Object.defineProperty(process, "getBuiltinModule", { value: getBuiltinModule, configurable: true, writable: true });
    try {
      const { Webhook } = await import(pathToFileURL(join(copy, "index.js")).href);
      const { ScaiKeyWebhook } = await import(pathToFileURL(join(copy, "scaikey.js")).href);
      const webhook = new Webhook(["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", SECRET]);
      const sender = new Webhook(SECRET);
      const scaikey = new ScaiKeyWebhook("secret");
      for (const size of [1, 1000, 5000, 65_536, 200_000]) {
        const text = JSON.stringify("x€".repeat(size / 2));
        for (const body of [text, new TextEncoder().encode(text)]) {
          const headers = sender.signedHeaders(body);
          assert.equal(webhook.verify(body, headers), JSON.parse(text));
          assert.throws(() => webhook.verify(`${text} `, headers), { code: "no_matching_signature" });
          assert.throws(() => webhook.verify(body, { ...headers, "svix-timestamp": "5" }), {
            code: "timestamp_too_old",
          });
          assert.equal(scaikey.sign(new Date(5000), body), new ScaiKeyWebhook("secret").sign(new Date(5000), text));
        }
      }
    } finally {
      Object.defineProperty(process, "getBuiltinModule", { value: real, configurable: true, writable: true });
    }
  });
}
