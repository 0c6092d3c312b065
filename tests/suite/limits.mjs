// Sizes: around the core's 64 KiB region, far above it, and what must be refused soon instead of filling the process.
import { Webhook } from "hookseal";
import { verifyDirect } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { refused } from "./documented.mjs";
import { check, equal, outcome, test } from "./harness.mjs";
import { scaikeySignature, standardSignature } from "./hmac.mjs";

const REGION = 65_536;
const KEY = new Uint8Array(32).fill(9);
const seconds = 1614265330;
const at = new Date(seconds * 1000);
const options = { clock: () => at.getTime() };
const webhook = new Webhook(KEY, options);
const scaikey = new ScaiKeyWebhook(KEY, options);

/** @param {string} signature */
const headersOf = (signature) => ({
  "svix-id": "msg_1",
  "svix-timestamp": String(seconds),
  "svix-signature": signature,
});

/** Signs and verifies a body as text and as bytes, against another implementation. @param {string} text */
async function holds(text) {
  const bytes = new TextEncoder().encode(text);
  const expected = await standardSignature(KEY, "msg_1", seconds, bytes);
  const header = await scaikeySignature(KEY, seconds, bytes);
  for (const body of [text, bytes]) {
    equal(webhook.sign("msg_1", at, body), expected, "signature");
    equal(scaikey.sign(at, body), header, "scaikey signature");
    equal(webhook.verify(body, headersOf(expected), { jsonParse: false }), undefined);
  }
}

/** @param {string} text changes one character of it. @param {number} index */
const changed = (text, index) => `${text.slice(0, index)}#${text.slice(index + 1)}`;

for (const size of [
  0,
  1,
  63,
  64,
  65,
  127,
  128,
  REGION - 1,
  REGION,
  REGION + 1,
  2 * REGION - 1,
  2 * REGION,
  2 * REGION + 1,
]) {
  test(`limits: a body of ${size} bytes`, async () => {
    await holds("x".repeat(size));
    const text = "x".repeat(size);
    for (const index of [0, REGION - 1, REGION, size - 1].filter((index) => index >= 0 && index < size)) {
      const headers = headersOf(webhook.sign("msg_1", at, changed(text, index)));
      refused("verification", "no_matching_signature", () => webhook.verify(text, headers), `byte ${index} differs`);
      refused("verification", "no_matching_signature", () => webhook.verify(new TextEncoder().encode(text), headers));
    }
  });
}

for (const [name, char] of /** @type {const} */ ([
  ["two", "é"],
  ["three", "€"],
  ["four", "😀"],
])) {
  test(`limits: a character of ${name} bytes across the end of the region`, async () => {
    for (let before = REGION - 5; before <= REGION + 1; before++) {
      await holds(`${"x".repeat(before)}${char}${"y".repeat(3)}`);
      await holds(`${"x".repeat(before)}${char}`);
    }
    await holds(`x${char.repeat(REGION)}`);
  });
}

test("limits: a body of 20 MiB, as bytes and as text", () => {
  const size = 20 * 1024 * 1024;
  const text = `"${"0123456789abcdef".repeat(size / 16)}"`;
  const bytes = new TextEncoder().encode(text);
  const signature = webhook.sign("msg_1", at, bytes);
  equal(/** @type {string} */ (webhook.verify(text, headersOf(signature))).length, size);
  bytes[size - 7] ^= 1;
  refused("verification", "no_matching_signature", () => webhook.verify(bytes, headersOf(signature)));
});

test("limits: 10,000 headers", () => {
  const signed = Object.entries(webhook.signedHeaders("{}", { timestamp: at, family: "webhook" }));
  const many = Array.from(
    { length: 10_000 },
    (_, n) => /** @type {[string, string]} */ ([`x-header-${n}`, "v".repeat(50)]),
  );
  const pairs = [...many.slice(0, 5000), ...signed, ...many.slice(5000)];
  for (const headers of [
    pairs,
    new Map(pairs),
    Object.fromEntries(pairs),
    new Set(pairs),
    { headers: Object.fromEntries(pairs) },
  ]) {
    equal(webhook.verify("{}", headers), {});
    refused("verification", "no_matching_signature", () => webhook.verify("{ }", headers));
  }
});

test("limits: endless headers are refused soon, and their generator is closed", () => {
  let closed = 0;
  let late = false;
  /** @param {[string, string]} pair */
  function* endless(pair) {
    // What hangs cannot be interrupted, so it ends itself.
    const started = Date.now();
    try {
      while (!late) {
        yield pair;
        late = Date.now() - started > 1000;
      }
    } finally {
      closed++;
    }
  }
  for (const pair of /** @type {[string, string][]} */ ([
    ["x-other", "v"],
    ["svix-id", "msg_1"],
    ["svix-signature", "v1,"],
    ["x-scaikey-signature", "t=1"],
  ])) {
    for (const receiver of [webhook, scaikey]) {
      for (const headers of [endless(pair), { [Symbol.iterator]: () => endless(pair) }]) {
        closed = 0;
        const { error } = outcome(() => receiver.verify("{}", headers));
        check(!late, `more than a second over endless ${pair[0]}`);
        refused("TypeError", "invalid_headers", () => {
          throw error;
        });
        equal(closed, 1, "generators closed");
      }
    }
  }
});

test("limits: headers nested in headers are refused, not followed for ever", () => {
  /** @type {any} */
  const circle = {};
  circle.headers = circle;
  refused("TypeError", "invalid_headers", () => webhook.verify("{}", circle));
});

test("limits: secrets of 4096 bytes and more", () => {
  const base64 = (/** @type {number} */ size) => btoa("k".repeat(size));
  for (const size of [1, 63, 64, 65, 4095, 4096]) {
    const bytes = new Uint8Array(size).fill(0x6b);
    const signature = new Webhook(bytes).sign("msg_1", at, "{}");
    equal(new Webhook(base64(size)).sign("msg_1", at, "{}"), signature);
    equal(new Webhook("k".repeat(size), { format: "raw" }).sign("msg_1", at, "{}"), signature);
    equal(new ScaiKeyWebhook("k".repeat(size)).sign(at, "{}"), new ScaiKeyWebhook(bytes).sign(at, "{}"));
  }
  for (const size of [4097, REGION - 1, REGION, REGION + 1, 3 * REGION, 3_000_000]) {
    refused("TypeError", "invalid_secret", () => new Webhook(new Uint8Array(size)), `${size} bytes`);
    refused("TypeError", "invalid_secret", () => new Webhook(base64(size)), `${size} bytes in base64`);
    refused("TypeError", "invalid_secret", () => new Webhook("k".repeat(size), { format: "raw" }), `${size}, raw`);
    refused("TypeError", "invalid_secret", () => new ScaiKeyWebhook("k".repeat(size)), `${size}, text`);
  }
});

test("limits: a secret is judged whole, never cut", () => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const blank = " ".repeat(2 * REGION);
  for (const long of [`${blank}${secret}`, `${secret}${blank}`]) {
    refused("TypeError", "invalid_secret", () => new Webhook(long));
  }
  const some = " ".repeat(1000);
  const trimmed = new Webhook(`${some}${secret}${some}`).sign("msg_1", at, "{}");
  equal(trimmed, new Webhook(secret).sign("msg_1", at, "{}"));
});

test("limits: what stands behind much white space in a secret counts", () => {
  const blank = " ".repeat(2 * REGION);
  refused("TypeError", "invalid_secret", () => new Webhook(`whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw${blank}!`));
  refused("TypeError", "invalid_secret", () => new ScaiKeyWebhook(`abc${blank}def`));
});

test("limits: ids and timestamps that are too long are not cut", () => {
  const good = webhook.signedHeaders("{}", { id: "i".repeat(256), timestamp: at });
  equal(webhook.verify("{}", good), {});
  for (const more of [1, 2, 100, 1000, REGION, 1_000_000]) {
    refused("verification", "invalid_header", () =>
      webhook.verify("{}", { ...good, "svix-id": "i".repeat(256 + more) }),
    );
    const long = "0".repeat(5 + more) + seconds;
    refused("verification", "invalid_header", () => webhook.verify("{}", { ...good, "svix-timestamp": long }));
    refused("TypeError", "invalid_id", () => webhook.sign("i".repeat(256 + more), at, "{}"));
  }
});

test("limits: a signature header of 8 KiB", () => {
  const right = webhook.sign("msg_1", at, "{}");
  const wrong = webhook.sign("msg_1", at, "other");
  const fill = (/** @type {number} */ length) => `${wrong} `.repeat(200).slice(0, length);
  for (const header of [
    fill(8192 - right.length - 1).concat(" ", right),
    right.padEnd(8192, " "),
    right.padStart(8192, " "),
  ]) {
    equal(header.length, 8192);
    equal(webhook.verify("{}", headersOf(header)), {});
    for (const longer of [`${header} `, ` ${header}`, header.repeat(2), header.repeat(200)]) {
      refused(
        "verification",
        "invalid_header",
        () => webhook.verify("{}", headersOf(longer)),
        `${longer.length} bytes`,
      );
    }
  }
  const event =
    '{"event_id":"e","event_type":"t","timestamp":"s","resource":{"type":"r","id":"1"},"actor":{"type":"a","id":null}}';
  const signed = scaikey.sign(at, event);
  const long = signed.padEnd(8192, ",");
  equal(scaikey.verify(event, { "x-scaikey-signature": long }).event_id, "e");
  refused("verification", "invalid_header", () => scaikey.verify(event, { "x-scaikey-signature": `${long},` }));
  refused("verification", "invalid_header", () =>
    scaikey.verify(event, { "x-scaikey-signature": signed.padEnd(1e6, ",") }),
  );
});

test("limits: a signature header repeated 10,000 times", () => {
  const headers = { ...headersOf(""), "svix-signature": new Array(10_000).fill(webhook.sign("msg_1", at, "{}")) };
  refused("verification", "invalid_header", () => webhook.verify("{}", headers));
});

test("limits: a direct token of more than a region", () => {
  const token = "é".repeat(REGION);
  /** @param {string} secret */
  const body = (secret) => JSON.stringify({ status: "Completed", job_id: "j", metadata: { secret } });
  equal(verifyDirect(body(token), token).metadata, {});
  for (const wrong of [token.slice(1), `${token}é`, `${token.slice(0, -1)}e`, `e${token.slice(1)}`]) {
    refused("verification", "no_matching_signature", () => verifyDirect(body(wrong), token));
  }
});

test("limits: 2,000 objects at once, each with its own key", () => {
  const all = Array.from({ length: 2000 }, (_, n) => {
    const key = new Uint8Array(24);
    new DataView(key.buffer).setUint32(0, n + 1);
    return new Webhook(key, options);
  });
  const signed = all.map((one) => one.signedHeaders("{}", { timestamp: at }));
  for (const [n, one] of all.entries()) {
    equal(one.verify("{}", signed[n]), {});
    refused("verification", "no_matching_signature", () => one.verify("{}", signed[(n + 1) % all.length]));
  }
});

test("limits: an object in use while its headers use it", () => {
  // The core runs one operation at a time; the caller's code must never run in the middle of one.
  const inner = webhook.signedHeaders('{"inner":1}', { timestamp: at });
  const outer = webhook.signedHeaders('{"outer":1}', { timestamp: at });
  const reentrant = new Webhook(KEY, {
    clock: () => {
      equal(webhook.verify('{"inner":1}', inner), { inner: 1 });
      return at.getTime();
    },
  });
  const get = (/** @type {string} */ name) => {
    equal(webhook.verify('{"inner":1}', inner), { inner: 1 });
    return outer[name];
  };
  equal(reentrant.verify('{"outer":1}', { get }), { outer: 1 });
});
