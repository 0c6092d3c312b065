// Arbitrary input into every public function: out comes a value or a documented error. What is signed verifies,
// and what is changed afterwards does not. The seed is fixed, so that a failure comes again on every host.
import fc from "fast-check";
import { generateSecret, Webhook } from "hookseal";
import { parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { CONTAINERS } from "./cases.mjs";
import { kindOf } from "./documented.mjs";
import { check, equal, outcome, show, test } from "./harness.mjs";

const SEED = 1_614_265_330;
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/**
 * A property over arbitrary values. The arbitraries are made when the test runs, not at import.
 * @template T
 * @param {string} name
 * @param {number} runs
 * @param {() => fc.Arbitrary<T>} arbitrary
 * @param {(value: T) => void} holds throws unless it holds
 */
function property(name, runs, arbitrary, holds) {
  test(`properties: ${name}`, () => {
    const details = fc.check(fc.property(arbitrary(), holds), { seed: SEED, numRuns: runs });
    if (!details.failed) return;
    const error = /** @type {any} */ (details).errorInstance;
    throw new Error(
      `${error?.message ?? "failed"}\nafter ${details.numRuns} runs, seed ${SEED}, path ${details.counterexamplePath}, ` +
        `with ${fc.stringify(details.counterexample).slice(0, 1500)}`,
      { cause: error },
    );
  });
}

/** What hostile objects throw: nothing of ours. */
const MARK = { thrown: "by the caller" };
const throwing = () => {
  throw MARK;
};

/** Objects that throw at whatever is asked of them. */
function hostile() {
  const { proxy, revoke } = Proxy.revocable(/** @type {any} */ ([]), {});
  revoke();
  const traps = Object.fromEntries(
    /** @type {const} */ ([
      "get",
      "has",
      "ownKeys",
      "getPrototypeOf",
      "getOwnPropertyDescriptor",
      "set",
      "deleteProperty",
      "apply",
      "construct",
    ]).map((trap) => [trap, throwing]),
  );
  const getters = [
    "get",
    "headers",
    "length",
    "format",
    "tolerance",
    "clock",
    "jsonParse",
    "id",
    "timestamp",
    "family",
    "field",
    "svix-id",
    "constructor",
    "buffer",
  ];
  const withGetters = () =>
    Object.defineProperties({}, Object.fromEntries(getters.map((key) => [key, { get: throwing, enumerable: true }])));
  return [
    proxy,
    new Proxy({}, traps),
    new Proxy([], traps),
    new Proxy(() => {}, traps),
    new Proxy(new Uint8Array(4), {}),
    new Proxy(new Date(0), {}),
    withGetters(),
    Object.assign([1], { map: throwing, flat: throwing }),
    Object.defineProperty([], "0", { get: throwing, enumerable: true }),
    { toString: throwing, valueOf: throwing, toJSON: throwing },
    { [Symbol.toPrimitive]: throwing },
    { [Symbol.iterator]: throwing },
    { [Symbol.iterator]: () => ({ next: throwing }) },
    {
      [Symbol.iterator]: () => ({
        next: () => ({
          done: false,
          get value() {
            return throwing();
          },
        }),
      }),
    },
    { [Symbol.iterator]: () => ({}) },
    { [Symbol.iterator]: 7 },
    {
      get [Symbol.toStringTag]() {
        return throwing();
      },
    },
    { [Symbol.toStringTag]: "Date" },
    { [Symbol.toStringTag]: "ArrayBuffer" },
    { [Symbol.toStringTag]: "Uint8Array" },
    { [Symbol.toStringTag]: "Map" },
    { get: throwing },
    { get: () => Promise.resolve("x") },
    { get: () => [[["x"]]] },
    { headers: { headers: { headers: null } } },
    { headers: { get: throwing } },
    [[]],
    [["svix-id"]],
    [[Symbol("name"), "value"]],
    Object.create(null),
    Object.setPrototypeOf(new Uint8Array(4), null),
    Object.setPrototypeOf(new Map(), null),
    new Uint8Array(0),
    new Date(Number.NaN),
    new Date(8.64e15),
    new WeakMap(),
    Promise.resolve(),
    Symbol("symbol"),
    throwing,
    function* () {},
    new (class extends Date {
      getTime() {
        return throwing();
      }
    })(0),
    (() => {
      /** @type {any} */
      const circle = [];
      circle.push(circle);
      return circle;
    })(),
    globalThis,
  ];
}

const text = () =>
  fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: "grapheme" }),
    // Any UTF-16 at all, lone surrogates too.
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
    fc.base64String().map((given) => `whsec_${given}`),
    fc.constantFrom("", " ", SECRET, "whsec_", "whsk_abc", "{}", "null", "__proto__", "constructor", "secret", "msg_1"),
    fc.json(),
  );

/**
 * A value that is made when it is needed: fast-check looks into the values that it generates, and a hostile one throws
 * at that.
 */
class Maker {
  /** @param {() => any} make @param {() => string} label what a counterexample shows */
  constructor(make, label) {
    this.make = make;
    this[fc.toStringMethod] = label;
  }
}

/** @param {fc.Arbitrary<any>} arbitrary of values that do no harm */
const made = (arbitrary) =>
  arbitrary.map(
    (value) =>
      new Maker(
        () => value,
        () => fc.stringify(value),
      ),
  );

const anything = () =>
  fc.oneof(
    { weight: 3, arbitrary: made(text()) },
    {
      weight: 3,
      arbitrary: fc.nat(hostile().length - 1).map(
        (index) =>
          new Maker(
            () => hostile()[index],
            () => `hostile()[${index}]`,
          ),
      ),
    },
    made(fc.uint8Array()),
    made(fc.double()),
    made(fc.date({ noInvalidDate: false })),
    made(fc.constantFrom(undefined, null, true, 0, -1, 7n, Number.NaN)),
    made(
      fc.anything({
        withBigInt: true,
        withBoxedValues: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withObjectString: true,
        withSet: true,
        withSparseArray: true,
        withTypedArray: true,
      }),
    ),
    made(fc.array(text(), { maxLength: 4 })),
  );

const names = () =>
  fc.constantFrom(
    ...["svix", "webhook"].flatMap((family) => ["id", "timestamp", "signature"].map((part) => `${family}-${part}`)),
    "x-scaikey-signature",
    "SVIX-ID",
    "x-scaikey-webhook-id",
  );

/** Headers that look like some, with odd values. */
const headers = () =>
  fc.oneof(
    anything(),
    fc
      .tuple(
        fc.array(fc.tuple(fc.oneof(names(), text()), anything()), { maxLength: 9 }),
        fc.constantFrom("object", "map", "pairs", "get", "iterator"),
      )
      .map(
        ([makers, form]) =>
          new Maker(
            () => {
              /** @type {any} */
              const pairs = makers.map(([name, maker]) => [name, maker.make()]);
              if (form === "iterator") return pairs[Symbol.iterator]();
              if (form !== "get") return CONTAINERS[form](pairs);
              return { get: (/** @type {string} */ name) => new Map(pairs).get(name) };
            },
            () => `${form} of ${fc.stringify(makers)}`,
          ),
      ),
  );

/** A clock that gives anything, or is none. */
const clocks = () =>
  fc.oneof(
    anything(),
    fc.oneof(anything(), made(fc.integer())).map(
      (maker) =>
        new Maker(
          () => {
            const value = maker.make();
            return () => value;
          },
          () => `() => ${fc.stringify(maker)}`,
        ),
    ),
    fc.constant(
      new Maker(
        () => throwing,
        () => "throwing",
      ),
    ),
  );

/** Options that look like some. */
const options = () =>
  fc.oneof(
    { weight: 1, arbitrary: made(fc.constant(undefined)) },
    { weight: 2, arbitrary: anything() },
    {
      weight: 6,
      arbitrary: fc
        .record(
          {
            tolerance: fc.oneof(made(fc.nat()), anything()),
            clock: clocks(),
            format: fc.oneof(made(fc.constant("raw")), anything()),
            jsonParse: anything(),
            id: anything(),
            timestamp: anything(),
            family: fc.oneof(made(fc.constantFrom("svix", "webhook")), anything()),
            field: anything(),
          },
          { requiredKeys: [] },
        )
        .map(
          (makers) =>
            new Maker(
              () => Object.fromEntries(Object.entries(makers).map(([key, maker]) => [key, maker?.make()])),
              () => fc.stringify(makers),
            ),
        ),
    },
  );

/** A value, or a documented error, which is not the core's. @param {() => unknown} run */
function documented(run) {
  const { error } = outcome(run);
  if (error === undefined) return;
  const kind = kindOf(error);
  const what = error === MARK ? "what the caller's own object threw" : show(error);
  check(kind !== undefined, `no documented error: ${what}`);
  check(kind !== "core", `the core failed: ${what}`);
}

const CLASSES = /** @type {[string, any][]} */ (Object.entries({ Webhook, ReductoWebhook, ScaiKeyWebhook }));

/**
 * Calls something with arbitrary arguments.
 * @param {string} name
 * @param {number} runs
 * @param {(() => fc.Arbitrary<Maker>)[]} parameters
 * @param {(...given: any[]) => unknown} call
 */
function survives(name, runs, parameters, call) {
  const given = () => fc.tuple(...parameters.map((parameter) => parameter()));
  property(name, runs, given, (makers) => {
    const values = makers.map((maker) => maker.make());
    documented(() => call(...values));
  });
}

for (const [name, Class] of CLASSES) {
  const isScaiKey = Class === ScaiKeyWebhook;
  const webhook = () => new Class(SECRET);
  survives(`new ${name}: any secret`, 400, [anything], (secret) => new Class(secret));
  survives(`new ${name}: any options`, 400, [options], (given) => new Class(SECRET, given));
  survives(`${name}: verify any body`, 300, [anything], (body) =>
    webhook().verify(body, webhook().signedHeaders("{}")),
  );
  survives(`${name}: verify any headers`, 600, [headers], (given) => webhook().verify("{}", given));
  survives(`${name}: verify, any options`, 200, [options], (given) =>
    webhook().verify("{}", webhook().signedHeaders("{}"), given),
  );
  survives(`${name}: verify anything`, 200, [anything, headers, options], (...given) => webhook().verify(...given));
  survives(`${name}: verifyDelivery anything`, 200, [anything, headers], (...given) =>
    webhook().verifyDelivery(...given),
  );
  survives(`${name}: any clock`, 300, [clocks], (clock) =>
    new Class(SECRET, { clock }).verify("{}", webhook().signedHeaders("{}")),
  );
  const sign = (/** @type {any} */ when, /** @type {any} */ body) =>
    isScaiKey ? webhook().sign(when, body) : webhook().sign("msg_1", when, body);
  survives(`${name}: sign any body`, 300, [anything], (body) => sign(new Date(0), body));
  survives(`${name}: sign at any time`, 300, [anything], (when) => sign(when, "{}"));
  survives(`${name}: signedHeaders, any options`, 300, [options], (given) => webhook().signedHeaders("{}", given));
  if (isScaiKey) continue;
  survives(`${name}: sign any id`, 300, [anything], (id) => webhook().sign(id, new Date(0), "{}"));
}

survives("parseJobUpdate: anything", 300, [anything], (body) => parseJobUpdate(body));
survives("parseJobUpdate: any JSON", 200, [() => made(fc.json())], (body) => parseJobUpdate(body));
survives("verifyDirect: any body", 200, [anything], (body) => verifyDirect(body, "tok"));
survives("verifyDirect: any tokens", 400, [anything], (tokens) =>
  verifyDirect('{"metadata":{"secret":"tok"}}', tokens),
);
survives("verifyDirect: any options", 300, [options], (given) =>
  verifyDirect('{"metadata":{"secret":"tok"}}', "tok", given),
);
survives("generateSecret: any arguments", 50, [anything], (given) => {
  check(/^whsec_.{44}$/.test(/** @type {any} */ (generateSecret)(given)), "no secret");
});

/** A delivery that is right. */
const delivery = () =>
  fc.record({
    key: fc.uint8Array({ minLength: 1, maxLength: 100 }),
    id: fc.string({
      unit: fc
        .integer({ min: 0x21, max: 0x7e })
        .filter((code) => code !== 0x2e)
        .map((code) => String.fromCharCode(code)),
      minLength: 1,
      maxLength: 256,
    }),
    seconds: fc.integer({ min: 0, max: 8_640_000_000_000 }),
    milliseconds: fc.integer({ min: 0, max: 999 }),
    age: fc.integer({ min: -300, max: 300 }),
    body: fc.oneof(fc.json(), fc.string({ unit: "binary" }), fc.uint8Array()),
    family: fc.constantFrom(/** @type {"svix" | "webhook"} */ ("svix"), /** @type {"webhook"} */ ("webhook")),
    container: fc.constantFrom("object", "map", "pairs", "fetch", "node", "get"),
    others: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 2 }),
  });

/** @param {Uint8Array | string} body @returns {{value?: unknown, failed?: true}} */
function parsed(body) {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const given = typeof body === "string" ? body : decoder.decode(body);
    return { value: given === "" ? undefined : JSON.parse(given) };
  } catch {
    return { failed: true };
  }
}

property("what is signed verifies", 400, delivery, (d) => {
  const timestamp = new Date(Math.min(d.seconds * 1000 + d.milliseconds, 8.64e15));
  const clock = () => (d.seconds + d.age) * 1000;
  const signed = new Webhook(d.key).signedHeaders(d.body, { id: d.id, timestamp, family: d.family });
  const receiver = new Webhook([...d.others, d.key], { clock });
  const given = CONTAINERS[d.container](Object.entries(signed));
  const { value, error } = outcome(() => receiver.verifyDelivery(d.body, given));
  const expected = parsed(d.body);
  if (expected.failed) equal(error?.code, "invalid_json");
  else {
    check(error === undefined, `refused: ${show(error)}`);
    equal([value.id, value.timestamp.getTime()], [d.id, d.seconds * 1000]);
    equal(value.payload, expected.value, "payload");
  }
  equal(receiver.verify(d.body, given, { jsonParse: false }), undefined);
});

property("what ScaiKey signed verifies", 200, delivery, (d) => {
  const timestamp = new Date(Math.min(d.seconds * 1000 + d.milliseconds, 8.64e15));
  const body = JSON.stringify({
    event_id: d.id,
    event_type: "t",
    timestamp: "s",
    resource: { type: "r", id: "1" },
    actor: { type: "a", id: null },
    data: parsed(d.body).value,
  });
  const signed = new ScaiKeyWebhook(d.key).signedHeaders(body, { timestamp });
  const receiver = new ScaiKeyWebhook([...d.others, d.key], { clock: () => (d.seconds + d.age) * 1000 });
  const {
    id,
    timestamp: when,
    payload,
  } = receiver.verifyDelivery(body, CONTAINERS[d.container](Object.entries(signed)));
  equal([id, when.getTime()], [d.id, d.seconds * 1000]);
  equal(payload, JSON.parse(body), "payload");
});

property(
  "a direct token is the one that was expected",
  300,
  () => fc.tuple(fc.string({ unit: "grapheme", minLength: 1 }), fc.string({ unit: "grapheme", minLength: 1 }), text()),
  ([token, other, field]) => {
    const metadata = Object.defineProperty({ kept: 1 }, field, {
      value: token,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    const body = JSON.stringify({ status: "Completed", job_id: "j", metadata });
    // A key that is no Unicode is escaped in JSON and comes back as it was.
    const found = outcome(() => verifyDirect(body, [other, token], { field }));
    check(found.error === undefined, `refused: ${show(found.error)}`);
    check(!Object.hasOwn(/** @type {any} */ (found.value.metadata), field), "the token is still there");
    const wrong = outcome(() => verifyDirect(body, other, { field }));
    equal(wrong.error?.code, token === other ? undefined : "no_matching_signature");
  },
);

/** Flips one bit. @param {string} given @param {number} at @param {number} bit */
function flipped(given, at, bit) {
  const index = at % given.length;
  return given.slice(0, index) + String.fromCharCode(given.charCodeAt(index) ^ (1 << bit)) + given.slice(index + 1);
}

/** Which bit of which part is flipped. */
const flip = () =>
  fc.record({
    part: fc.constantFrom("id", "timestamp", "signature", "body"),
    at: fc.nat(100_000),
    bit: fc.integer({ min: 0, max: 7 }),
  });

property(
  "a flipped bit is refused",
  800,
  () => fc.tuple(delivery(), flip()),
  ([d, { part, at, bit }]) => {
    const clock = () => d.seconds * 1000;
    const webhook = new Webhook(d.key, { clock, tolerance: 2 ** 53 - 1 });
    const body = typeof d.body === "string" ? new TextEncoder().encode(d.body) : d.body;
    const signed = webhook.signedHeaders(body, { id: d.id, timestamp: new Date(clock()), family: d.family });
    const given = /** @type {Record<string, string>} */ ({ ...signed });
    const changed = body.slice();
    if (part === "body") {
      if (body.length === 0) return;
      changed[at % body.length] ^= 1 << bit;
    } else given[`${d.family}-${part}`] = flipped(given[`${d.family}-${part}`], at, bit);
    const { value, error } = outcome(() => webhook.verify(changed, given, { jsonParse: false }));
    check(
      kindOf(error) === "verification",
      `${part}: ${error === undefined ? `accepted, ${show(value)}` : show(error)}`,
    );
  },
);

property(
  "a flipped bit is refused (ScaiKey)",
  500,
  () => fc.tuple(delivery(), flip()),
  ([d, { part, at, bit }]) => {
    const clock = () => d.seconds * 1000;
    const webhook = new ScaiKeyWebhook(d.key, { clock, tolerance: 2 ** 53 - 1 });
    const event = {
      event_id: d.id,
      event_type: "t",
      timestamp: "s",
      resource: { type: "r", id: "1" },
      actor: { type: "a", id: null },
    };
    const body = new TextEncoder().encode(JSON.stringify(event));
    const given = webhook.sign(new Date(clock()), body);
    const changed = body.slice();
    if (part === "body") changed[at % body.length] ^= 1 << bit;
    const header = part === "body" ? given : flipped(given, at, bit);
    const { value, error } = outcome(() => webhook.verify(changed, { "x-scaikey-signature": header }));
    check(
      kindOf(error) === "verification",
      `${part}: ${error === undefined ? `accepted, ${show(value)}` : show(error)}`,
    );
  },
);

test("properties: every single bit of a delivery counts", () => {
  const clock = () => 1614265330_000;
  const webhook = new Webhook(SECRET, { clock, tolerance: 2 ** 53 - 1 });
  const body = new TextEncoder().encode('{"test": 2432232314}');
  const signed = webhook.signedHeaders(body, { id: "msg_1", timestamp: new Date(clock()) });
  equal(webhook.verify(body, signed), { test: 2432232314 });
  for (const name of Object.keys(signed)) {
    for (let at = 0; at < signed[name].length * 8; at++) {
      const { error } = outcome(() =>
        webhook.verify(body, { ...signed, [name]: flipped(signed[name], at >> 3, at & 7) }),
      );
      check(kindOf(error) === "verification", `bit ${at} of ${name}: ${show(error)}`);
    }
  }
  for (let at = 0; at < body.length * 8; at++) {
    const changed = body.slice();
    changed[at >> 3] ^= 1 << (at & 7);
    equal(outcome(() => webhook.verify(changed, signed)).error?.code, "no_matching_signature", `bit ${at} of the body`);
  }
});
