// Every form in which a host hands over headers × every form of a body. A right one is accepted, a wrong one refused.
import { Webhook } from "hookseal";
import { ReductoWebhook } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { BODY_FORMS, CONTAINERS } from "./cases.mjs";
import { kindOf, refused } from "./documented.mjs";
import { check, equal, outcome, show, test } from "./harness.mjs";

/** @typedef {import("./cases.mjs").Pairs} Pairs */

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const clock = () => 1614265330_000;
const at = new Date(clock());

const EVENT = {
  event_id: "evt_1",
  event_type: "user.created",
  timestamp: "2026-01-15T10:30:00Z",
  resource: { type: "user", id: "usr_1" },
  actor: { type: "system", id: null },
  data: { name: "zoë €😀", status: "Completed" },
  status: "Completed",
  job_id: "j",
};
// An even number of bytes, for Uint16Array.
const TEXT = JSON.stringify(EVENT) + " ".repeat(new TextEncoder().encode(JSON.stringify(EVENT)).length % 2);

/** Another realm's globals: a frame's, or what the host's runner put there. @returns {any} */
function otherRealm() {
  const given = /** @type {any} */ (globalThis).hooksealOtherRealm;
  if (given !== undefined) return given;
  if (typeof document === "undefined" || !document.body) return undefined;
  return document.body.appendChild(document.createElement("iframe")).contentWindow;
}
const foreign = otherRealm();

/** Copies bytes into a larger buffer of a realm, so that the view must be respected. @param {Uint8Array} bytes @param {any} [realm] */
function padded(bytes, realm = globalThis) {
  const larger = new realm.Uint8Array(bytes.length + 24).fill(0x7b);
  larger.set(bytes, 8);
  return larger;
}

/** @type {Record<string, (text: string, bytes: Uint8Array) => any>} */
const BODIES = {
  string: (text) => text,
  ...Object.fromEntries(
    Object.entries(BODY_FORMS)
      .filter(([name]) => name !== "buffer" || typeof Buffer !== "undefined")
      .map(([name, form]) => [name, (/** @type {string} */ _, /** @type {Uint8Array} */ bytes) => form(bytes)]),
  ),
  "string of many pieces": (text) => [...text].reduce((whole, piece) => whole + piece, ""),
  "subarray at an offset": (_, bytes) => padded(bytes).subarray(8, 8 + bytes.length),
  "DataView at an offset": (_, bytes) => new DataView(padded(bytes).buffer, 8, bytes.length),
  "Uint16Array at an offset": (_, bytes) => new Uint16Array(padded(bytes).buffer, 8, bytes.length / 2),
  Uint8ClampedArray: (_, bytes) => new Uint8ClampedArray(bytes),
  Int8Array: (_, bytes) => new Int8Array(bytes.slice().buffer),
  "subclass of Uint8Array": (_, bytes) => new (class Mine extends Uint8Array {})(bytes),
  ...(typeof Buffer === "undefined" ? {} : { "Buffer from the pool": (text) => Buffer.from(text) }),
  ...(typeof SharedArrayBuffer === "undefined"
    ? {}
    : {
        "view of shared memory": (_, bytes) => {
          const view = new Uint8Array(new SharedArrayBuffer(bytes.length));
          view.set(bytes);
          return view;
        },
      }),
  ...(foreign === undefined
    ? {}
    : {
        "another realm's Uint8Array": (_, bytes) => padded(bytes, foreign).subarray(8, 8 + bytes.length),
        "another realm's ArrayBuffer": (_, bytes) => new foreign.Uint8Array(bytes).buffer,
        "another realm's DataView": (_, bytes) => new foreign.DataView(padded(bytes, foreign).buffer, 8, bytes.length),
      }),
};

/** @param {Pairs} pairs */
function* generated(pairs) {
  yield* pairs;
}

/** @type {Record<string, (pairs: Pairs) => any>} */
const HEADERS = {
  ...CONTAINERS,
  "fetch Request": (pairs) =>
    new Request("https://example.com/hook", { method: "POST", headers: CONTAINERS.fetch(pairs) }),
  "fetch Response": (pairs) => new Response(null, { headers: CONTAINERS.fetch(pairs) }),
  "entries of Headers": (pairs) => CONTAINERS.fetch(pairs).entries(),
  "entries of a Map": (pairs) => new Map(pairs).entries(),
  generator: generated,
  "iterable object": (pairs) => ({ [Symbol.iterator]: () => generated(pairs) }),
  Set: (pairs) => new Set(pairs),
  "object without prototype": (pairs) => Object.assign(Object.create(null), Object.fromEntries(pairs)),
  "object of lists": (pairs) => Object.fromEntries(pairs.map(([name, value]) => [name, [value].flat()])),
  "Map of lists": (pairs) => new Map(pairs.map(([name, value]) => [name, [value].flat()])),
  "frozen object": (pairs) => Object.freeze(Object.fromEntries(pairs)),
  "Node's request": (pairs) => ({ method: "POST", url: "/", headers: CONTAINERS.node(pairs), rawHeaders: [] }),
  "Express's request": (pairs) => {
    const headers = CONTAINERS.node(pairs);
    return { headers, get: (/** @type {string} */ name) => headers[name.toLowerCase()] };
  },
  "get(name) that gives null": (pairs) => {
    const { get } = CONTAINERS.get(pairs);
    return { get: (/** @type {string} */ name) => get(name) ?? null };
  },
  "subclass of Map": (pairs) => new (class Mine extends Map {})(pairs),
  "upper-case names": (pairs) => Object.fromEntries(pairs.map(([name, value]) => [name.toUpperCase(), value])),
  "proxy of an object": (pairs) => new Proxy(Object.fromEntries(pairs), {}),
  ...(foreign === undefined
    ? {}
    : {
        "another realm's Map": (pairs) => new foreign.Map(pairs),
        "another realm's pairs": (pairs) => foreign.Array.from(pairs),
        "another realm's object": (pairs) => Object.assign(new foreign.Object(), Object.fromEntries(pairs)),
        ...(foreign.Headers === undefined ? {} : { "another realm's Headers": (pairs) => new foreign.Headers(pairs) }),
      }),
};

const OTHERS = /** @type {Pairs} */ ([
  ["Host", "example.com"],
  ["Content-Type", "application/json"],
  ["Accept-Encoding", "gzip"],
]);

/** Signed headers among others; or with another body's signature. @param {{signedHeaders: Function}} webhook @param {object} options @param {string} [text] */
function pairsOf(webhook, options, text = TEXT) {
  const signed = Object.entries(webhook.signedHeaders(text, { timestamp: at, ...options }));
  return /** @type {Pairs} */ ([...OTHERS, ...signed]);
}

const webhook = new Webhook(SECRET, { clock });
const reducto = new ReductoWebhook(SECRET, { clock });
const scaikey = new ScaiKeyWebhook(SECRET, { clock });

/** What each container × body is put through. @type {Record<string, {receiver: any, options: object}>} */
const RECEIVERS = {
  "svix-*": { receiver: webhook, options: { id: "msg_1" } },
  "webhook-*": { receiver: webhook, options: { id: "msg_1", family: "webhook" } },
  "reducto, webhook-*": { receiver: reducto, options: { id: "msg_1", family: "webhook" } },
  scaikey: { receiver: scaikey, options: {} },
};

for (const [container, contain] of Object.entries(HEADERS)) {
  for (const [form, give] of Object.entries(BODIES)) {
    test(`containers: ${container} × ${form}`, () => {
      for (const [name, { receiver, options }] of Object.entries(RECEIVERS)) {
        const bytes = new TextEncoder().encode(TEXT);
        const right = () => contain(pairsOf(receiver, options));
        equal(receiver.verify(give(TEXT, bytes), right()), EVENT, `${name}: value`);
        equal(receiver.verifyDelivery(give(TEXT, bytes), right()).payload, EVENT, `${name}: delivery`);
        const wrong = () => contain(pairsOf(receiver, options, `${TEXT} `));
        refused("verification", "no_matching_signature", () => receiver.verify(give(TEXT, bytes), wrong()), name);
        refused(
          "verification",
          "no_matching_signature",
          () =>
            receiver.verify(
              give(`${TEXT.slice(0, -2)}  `, new TextEncoder().encode(`${TEXT.slice(0, -2)}  `)),
              right(),
            ),
          `${name}, another body`,
        );
      }
    });
  }
  test(`containers: ${container} without the headers`, () => {
    for (const [name, { receiver }] of Object.entries(RECEIVERS)) {
      const error = refused("verification", "missing_header", () => receiver.verify(TEXT, contain(OTHERS)), name);
      check(error.headers.length === (receiver === scaikey ? 1 : 3), `${name}: ${error.headers}`);
    }
  });
  test(`containers: ${container}, ScaiKey's headers passed on`, () => {
    const pairs = pairsOf(scaikey, {});
    pairs.push(["X-ScaiKey-Webhook-ID", "wh_1"], ["X-ScaiKey-Event-Type", "user.created"]);
    const { webhookId, eventType } = scaikey.verifyDelivery(TEXT, contain(pairs));
    equal([webhookId, eventType], ["wh_1", "user.created"]);
  });
}

for (const [form, give] of Object.entries(BODIES)) {
  test(`containers: signing ${form}`, () => {
    const bytes = new TextEncoder().encode(TEXT);
    equal(webhook.sign("msg_1", at, give(TEXT, bytes)), webhook.sign("msg_1", at, TEXT), "standard");
    equal(scaikey.sign(at, give(TEXT, bytes)), scaikey.sign(at, TEXT), "scaikey");
  });
}

test("containers: what is none", () => {
  const symbol = Symbol("headers");
  for (const none of [undefined, null, true, 7, 7n, "svix-id: msg_1", symbol, () => {}]) {
    for (const { receiver } of Object.values(RECEIVERS)) {
      refused("TypeError", "invalid_headers", () => receiver.verify(TEXT, none), String(none));
    }
  }
  for (const none of [["svix-id", "msg_1"], [1, 2], new Set(["svix-id"]), ["svix-id: msg_1"]]) {
    refused("TypeError", "invalid_headers", () => webhook.verify(TEXT, none));
  }
});

test("containers: values that are no text", () => {
  const good = Object.fromEntries(pairsOf(webhook, { id: "msg_1" }));
  for (const value of [
    1614265330,
    true,
    {},
    [1614265330],
    [["1614265330"]],
    Symbol("v"),
    7n,
    new String("1614265330"),
  ]) {
    refused("TypeError", "invalid_headers", () =>
      webhook.verify(TEXT, /** @type {any} */ ({ ...good, "svix-timestamp": value })),
    );
  }
});

test("containers: a body that changes while headers are read", () => {
  // What is verified is what is parsed: both happen after the caller's code has run.
  const bytes = new TextEncoder().encode(TEXT);
  const values = Object.fromEntries(pairsOf(webhook, { id: "msg_1" }));
  const get = (/** @type {string} */ name) => {
    bytes[bytes.length - 3] = 0x20;
    return values[name];
  };
  refused("verification", "no_matching_signature", () => webhook.verify(bytes, { get }));
});

/** Bytes whose own properties lie about them. @type {Record<string, (bytes: Uint8Array) => any>} */
const LIARS = {
  "an own length of 0": (bytes) => Object.defineProperty(bytes, "length", { value: 0 }),
  "no prototype": (bytes) => Object.setPrototypeOf(bytes, null),
  "another prototype": (bytes) =>
    Object.setPrototypeOf(bytes, { length: 0, byteLength: 0, buffer: new ArrayBuffer(0) }),
  "an own byteLength of 0": (bytes) =>
    Object.defineProperty(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), "byteLength", { value: 0 }),
  "a buffer with an own byteLength of 0": (bytes) =>
    Object.defineProperty(bytes.slice().buffer, "byteLength", { value: 0 }),
  "an own subarray": (bytes) =>
    Object.assign(bytes, { subarray: () => new Uint8Array(0), slice: () => new Uint8Array(0) }),
  "a class with a length of 0": (bytes) =>
    new (class Liar extends Uint8Array {
      get length() {
        return 0;
      }
    })(bytes),
};

// Whether such a body counts as empty is its owner's doing. But what is handed back must be what was verified.
for (const [name, lie] of Object.entries(LIARS)) {
  test(`containers: a body with ${name} is not parsed from bytes that were not verified`, () => {
    const text = '{"evil":1}';
    for (const body of [text, `${text}${" ".repeat(70_000)}`]) {
      const given = () => lie(new TextEncoder().encode(body));
      const unsigned = outcome(() => webhook.verify(given(), webhook.signedHeaders("", { timestamp: at })));
      if (unsigned.error === undefined) equal(unsigned.value, undefined, "value under an empty body's signature");
      else check(kindOf(unsigned.error) !== undefined, show(unsigned.error));
      const signed = outcome(() => webhook.verify(given(), webhook.signedHeaders(body, { timestamp: at })));
      if (signed.error === undefined) equal(signed.value, { evil: 1 });
      else check(kindOf(signed.error) !== undefined, show(signed.error));
    }
  });
}

test("containers: an object that calls itself a buffer is still an object", () => {
  for (const tag of ["ArrayBuffer", "SharedArrayBuffer", "Uint8Array", "DataView"]) {
    for (const given of [{ length: 2 }, { byteLength: 2, slice: () => {} }, {}]) {
      const body = /** @type {any} */ ({ ...given, [Symbol.toStringTag]: tag });
      refused("TypeError", "body_not_raw", () => webhook.sign("msg_1", at, body), tag);
    }
  }
});
