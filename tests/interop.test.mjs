// Deliveries between hookseal and the packages whose place it takes: what they sign we verify, what we sign they verify.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import * as standardwebhooks from "standardwebhooks";
import * as svix from "svix";
import { Webhook, WebhookVerificationError } from "../pkg/index.js";

const CASES = 1000;

/** Mulberry32: small, and the same on every machine. @param {number} seed */
function generator(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  /** A whole number, both ends included. @param {number} least @param {number} most */
  const between = (least, most) => least + (next() % (most - least + 1));
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => list[between(0, list.length - 1)];
  /** @param {number} count @param {string} alphabet */
  const text = (count, alphabet) => Array.from({ length: count }, () => pick([...alphabet])).join("");
  return { between, pick, text };
}

const ASCII = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).join("");
const ID = ASCII.replace(" ", "").replace(".", "");
const MULTIBYTE = 'aé€😀ßñ漢字\u00a0\u2028\ufeff\u0000\n"\\';

/** @param {ReturnType<typeof generator>} random @returns {string} */
function body({ between, pick, text }) {
  return pick([
    () => JSON.stringify({ text: text(between(0, 200), ASCII), n: between(-1e6, 1e6) }),
    () => JSON.stringify({ text: text(between(1, 100), MULTIBYTE) }),
    () => pick(["{}", "[]", "null", "0", '""', " {} ", "false", "1.10", "12345678901234567890", '{"a":1,"a":2}']),
    () => JSON.stringify(Array.from({ length: between(50, 300) }, (_, at) => ({ at, text: text(10, MULTIBYTE) }))),
    () => `"${text(1, ASCII.replace(/["\\]/g, "")).repeat(between(65_400, 65_700))}"`,
  ])();
}

/** @param {ReturnType<typeof generator>} random */
function delivery(random) {
  const { between, pick, text } = random;
  const secret = Buffer.from(Array.from({ length: between(24, 64) }, () => between(0, 255))).toString("base64");
  const payload = body(random);
  return {
    secret: `${pick(["whsec_", ""])}${secret}`,
    id: pick([() => `msg_${text(27, "0123456789abcdefXYZ")}`, () => text(between(1, 256), ID)])(),
    // Far enough from the borders that a slow machine does not matter.
    timestamp: new Date(Date.now() + between(-200_000, 200_000)),
    payload,
    given: pick([payload, Buffer.from(payload)]),
    family: /** @type {"svix" | "webhook"} */ (pick(["svix", "webhook"])),
  };
}

const PEERS = /** @type {const} */ ([
  { name: "svix", Peer: svix.Webhook, PeerError: svix.WebhookVerificationError, families: ["svix", "webhook"] },
  {
    name: "standardwebhooks",
    Peer: standardwebhooks.Webhook,
    PeerError: standardwebhooks.WebhookVerificationError,
    families: ["webhook"],
  },
]);

for (const [index, { name, Peer, PeerError, families }] of PEERS.entries()) {
  test(`${CASES} deliveries that ${name} signed verify with hookseal`, () => {
    const random = generator(1000 + index);
    for (let n = 0; n < CASES; n++) {
      const { secret, id, timestamp, payload, given, family } = delivery(random);
      const signature = new Peer(secret).sign(id, timestamp, payload);
      const headers = {
        [`${family}-id`]: id,
        [`${family}-timestamp`]: String(Math.floor(timestamp.getTime() / 1000)),
        [`${family}-signature`]: signature,
      };
      const ours = new Webhook(secret);
      assert.equal(ours.sign(id, timestamp, given), signature, `case ${n}`);
      assert.deepEqual(ours.verify(given, headers), JSON.parse(payload), `case ${n}`);
      assert.throws(() => ours.verify(`${payload} `, headers), { code: "no_matching_signature" });
    }
  });

  test(`${CASES} deliveries that hookseal signed verify with ${name}`, () => {
    const random = generator(2000 + index);
    for (let n = 0; n < CASES; n++) {
      const { secret, id, timestamp, payload, given } = delivery(random);
      const family = random.pick(families);
      const headers = new Webhook(secret).signedHeaders(given, { id, timestamp, family });
      const peer = new Peer(secret);
      assert.deepEqual(peer.verify(given, headers), JSON.parse(payload), `case ${n}`);
      assert.throws(() => peer.verify(`${payload} `, headers), PeerError);
    }
  });

  test(`what ${name} refuses, hookseal refuses in the same words`, () => {
    const random = generator(3000 + index);
    const seen = new Set();
    for (let n = 0; n < 300; n++) {
      const { secret, id, payload, family: any } = delivery(random);
      const family = families.includes(/** @type {never} */ (any)) ? any : "webhook";
      const ours = new Webhook(secret);
      const peer = new Peer(secret);
      const [ID, TIMESTAMP, SIGNATURE] = ["id", "timestamp", "signature"].map((part) => `${family}-${part}`);
      const sign = (/** @type {number} */ age) =>
        ours.signedHeaders(payload, { id, timestamp: new Date(Date.now() - age * 1000), family });
      const good = sign(0);
      const without = (/** @type {string} */ header) =>
        Object.fromEntries(Object.entries(good).filter(([given]) => given !== header));
      /** @type {[string, Record<string, string>][]} */
      const wrong = [
        ["Missing required headers", {}],
        ["Missing required headers", without(ID)],
        ["Missing required headers", without(TIMESTAMP)],
        ["Missing required headers", { ...good, [SIGNATURE]: "" }],
        ["Invalid Signature Headers", { ...good, [TIMESTAMP]: "yesterday" }],
        ["Message timestamp too old", sign(random.between(310, 100_000))],
        ["Message timestamp too new", sign(-random.between(310, 100_000))],
        ["No matching signature found", { ...good, [ID]: `${id.slice(1)}x` }],
        ["No matching signature found", { ...good, [SIGNATURE]: `v2${good[SIGNATURE].slice(2)}` }],
        ["No matching signature found", { ...good, [SIGNATURE]: sign(1)[SIGNATURE] }],
      ];
      for (const [message, headers] of wrong) {
        if (headers[ID] === id && message.startsWith("No matching") && headers[SIGNATURE] === good[SIGNATURE]) continue;
        assert.throws(
          () => peer.verify(payload, headers),
          (error) => error instanceof PeerError && error.message === message,
          message,
        );
        assert.throws(
          () => ours.verify(payload, headers),
          (error) =>
            error instanceof WebhookVerificationError &&
            error.message === message &&
            error.name === "WebhookVerificationError",
          message,
        );
        seen.add(message);
      }
    }
    assert.equal(seen.size, 5);
  });
}
