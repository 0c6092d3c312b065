// The classes and functions as their users know them.
import * as hookseal from "hookseal";
import { generateSecret, Webhook } from "hookseal";
import * as reducto from "hookseal/reducto";
import { parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import * as scaikeyModule from "hookseal/scaikey";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { MESSAGES, refused } from "./documented.mjs";
import { check, equal, test } from "./harness.mjs";
import { scaikeySignature, standardSignature } from "./hmac.mjs";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const seconds = 1614265330;
const at = new Date(seconds * 1000);
const clock = () => at.getTime();
const BODY = '{"status":"Completed","job_id":"j1","metadata":{"user_id":"123"}}';
const EVENT = JSON.stringify({
  event_id: "evt_1",
  event_type: "user.created",
  timestamp: "2026-01-15T10:30:00Z",
  resource: { type: "user", id: "usr_1" },
  actor: { type: "system", id: null },
});

/** Every class, with what is needed to use it the same way. */
const CLASSES = [
  { name: "Webhook", Class: Webhook, body: BODY },
  { name: "ReductoWebhook", Class: ReductoWebhook, body: BODY },
  { name: "ScaiKeyWebhook", Class: ScaiKeyWebhook, body: EVENT },
];

/** @param {() => void | Promise<void>} run */
const eachClass = (/** @type {string} */ name, /** @type {(kind: any) => any} */ run) => {
  for (const kind of CLASSES) test(`api: ${kind.name}: ${name}`, () => run(kind));
};

test("api: the exports", () => {
  equal(
    Object.keys(hookseal)
      .filter((name) => name !== "default" && name !== "module.exports")
      .sort(),
    ["Webhook", "WebhookCoreError", "WebhookPayloadError", "WebhookVerificationError", "generateSecret"],
  );
  for (const name of ["ReductoWebhook", "parseJobUpdate", "verifyDirect"]) check(name in reducto, name);
  check("ScaiKeyWebhook" in scaikeyModule, "ScaiKeyWebhook");
});

test("api: in the place of svix and standardwebhooks", () => {
  // Word for word what their READMEs do, with the published delivery.
  const wh = new Webhook(SECRET, { clock });
  const headers = {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  };
  equal(wh.verify('{"test": 2432232314}', headers), { test: 2432232314 });
  equal(wh.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'), headers["svix-signature"]);
  const raw = new Webhook("a raw secret", { format: "raw", clock });
  equal(raw.verify("{}", raw.signedHeaders("{}", { timestamp: at })), {});
});

test("api: the five messages", () => {
  const wh = new Webhook(SECRET, { clock });
  const good = wh.signedHeaders("{}", { timestamp: at });
  refused("verification", "missing_header", () => wh.verify("{}", {}));
  refused("verification", "invalid_header", () => wh.verify("{}", { ...good, "svix-timestamp": "now" }));
  for (const [code, age] of /** @type {const} */ ([
    ["timestamp_too_old", 301],
    ["timestamp_too_new", -301],
  ])) {
    const headers = wh.signedHeaders("{}", { timestamp: new Date(clock() - age * 1000) });
    refused("verification", code, () => wh.verify("{}", headers));
  }
  refused("verification", "no_matching_signature", () => wh.verify("{} ", good));
  equal(Object.keys(MESSAGES).length, 5);
});

test("api: verify returns the parsed JSON, whatever it is", () => {
  const wh = new Webhook(SECRET);
  for (const [text, value] of /** @type {[string, unknown][]} */ ([
    ["null", null],
    ["0", 0],
    ["false", false],
    ['""', ""],
    ["[]", []],
    [' {"a":[1,{"b":"é"}]} ', { a: [1, { b: "é" }] }],
    ["", undefined],
  ])) {
    equal(wh.verify(text, wh.signedHeaders(text)), value, text);
    equal(wh.verify(text, wh.signedHeaders(text), {}), value, text);
    equal(wh.verify(text, wh.signedHeaders(text), { jsonParse: true }), value, text);
    equal(wh.verifyDelivery(text, wh.signedHeaders(text)).payload, value, text);
  }
  refused("payload", "invalid_json", () => wh.verify("{", wh.signedHeaders("{")));
  refused("payload", "invalid_json", () => wh.verifyDelivery("{", wh.signedHeaders("{")));
});

test("api: jsonParse: false checks only", () => {
  const wh = new Webhook(SECRET);
  for (const text of ["{}", "", "no JSON", "{"]) {
    equal(wh.verify(text, wh.signedHeaders(text), { jsonParse: false }), undefined);
    refused("verification", "no_matching_signature", () =>
      wh.verify(`${text} `, wh.signedHeaders(text), { jsonParse: false }),
    );
  }
});

eachClass("one of several secrets is enough", ({ Class, body }) => {
  const [first, second] = [new Class(SECRET), new Class(OTHER)];
  for (const list of [
    [SECRET, OTHER],
    [OTHER, SECRET],
    [OTHER, OTHER, SECRET],
  ]) {
    const both = new Class(list);
    both.verify(body, first.signedHeaders(body));
    both.verify(body, second.signedHeaders(body));
    first.verify(body, both.signedHeaders(body));
    second.verify(body, both.signedHeaders(body));
  }
  const third = new Class("whsec_plJ3nmyCDGBKInavdOK15jsl");
  refused("verification", "no_matching_signature", () =>
    new Class([SECRET, OTHER]).verify(body, third.signedHeaders(body)),
  );
  for (const list of [
    [],
    [""],
    [SECRET, ""],
    ["", SECRET],
    [SECRET, undefined],
    [SECRET, null],
    [[SECRET]],
    [SECRET, [OTHER]],
  ]) {
    refused("TypeError", "invalid_secret", () => new Class(list), JSON.stringify(list));
  }
});

test("api: several secrets sign in their order", async () => {
  const bytes = [new Uint8Array(24).fill(1), new Uint8Array(24).fill(2)];
  const [first, second] = bytes;
  equal(
    new Webhook(bytes).sign("msg_1", at, "{}"),
    `${await standardSignature(first, "msg_1", seconds, "{}")} ${await standardSignature(second, "msg_1", seconds, "{}")}`,
  );
  equal(
    new ScaiKeyWebhook(bytes).sign(at, "{}"),
    `${await scaikeySignature(first, seconds, "{}")},${(await scaikeySignature(second, seconds, "{}")).split(",")[1]}`,
  );
});

eachClass("a secret's bytes are copied, and so is a list", ({ Class, body }) => {
  const bytes = new Uint8Array(32).fill(7);
  const list = [bytes];
  const webhook = new Class(list);
  const before = new Class(new Uint8Array(32).fill(7)).signedHeaders(body);
  bytes.fill(0);
  list[0] = new Uint8Array(32);
  list.length = 0;
  webhook.verify(body, before);
  new Class(new Uint8Array(32).fill(7)).verify(body, webhook.signedHeaders(body));
  const inside = new Uint8Array(64).fill(7, 16, 48).subarray(16, 48);
  new Class(inside).verify(body, before);
});

eachClass("dispose", ({ Class, body }) => {
  const webhook = new Class(SECRET);
  const other = new Class(SECRET);
  const headers = webhook.signedHeaders(body);
  equal(webhook.dispose(), undefined);
  webhook.dispose();
  const calls = [
    () => webhook.verify(body, headers),
    () => webhook.verifyDelivery(body, headers),
    () => (Class === ScaiKeyWebhook ? webhook.sign(at, body) : webhook.sign("msg_1", at, body)),
    () => webhook.signedHeaders(body),
  ];
  for (const call of calls) refused("TypeError", "disposed", call);
  other.verify(body, headers);
});

eachClass("dispose: any later call says so, also one that would fail anyway", ({ Class, body }) => {
  const webhook = new Class(SECRET);
  webhook.dispose();
  refused("TypeError", "disposed", () => webhook.verify(body, {}), "verify without headers");
});

eachClass("dispose through Symbol.dispose", ({ Class, body }) => {
  const webhook = new Class(SECRET);
  const headers = webhook.signedHeaders(body);
  // A host without it has a symbol of ours there, under that description.
  const symbols = Object.getOwnPropertySymbols(
    Object.getPrototypeOf(Object.getPrototypeOf(Class.prototype)).constructor.prototype,
  ).concat(Object.getOwnPropertySymbols(Object.getPrototypeOf(Class.prototype)));
  const symbol =
    /** @type {any} */ (Symbol).dispose ?? symbols.find(({ description }) => description === "Symbol.dispose");
  check(typeof webhook[symbol] === "function", "there is no such method");
  webhook[symbol]();
  refused("TypeError", "disposed", () => webhook.verify(body, headers));
});

eachClass("a clock that disposes cannot make it use an empty key", ({ Class, body }) => {
  /** @type {any} */
  const webhook = new Class(SECRET, {
    clock: () => {
      webhook.dispose();
      return clock();
    },
  });
  // 64 zero bytes are, to HMAC, the same key as none, and as the block that a disposed key becomes.
  const forged = new Class(new Uint8Array(64)).signedHeaders(body, { timestamp: at });
  refused("TypeError", "disposed", () => webhook.verify(body, forged));
});

test("api: an id that disposes cannot make it use an empty key", () => {
  const webhook = new Webhook([SECRET, OTHER]);
  const id = /** @type {any} */ ({
    toString() {
      webhook.dispose();
      return "msg_1";
    },
  });
  const zero = new Webhook(new Uint8Array(64)).sign("msg_1", at, "{}");
  let signed = "";
  try {
    signed = webhook.sign(id, at, "{}");
  } catch {
    // Refusing it is right, too.
  }
  check(!signed.includes(zero), "signed under an empty key");
});

eachClass("clock: milliseconds, asked at each call, a fraction rounded down", ({ Class, body }) => {
  let now = clock();
  const webhook = new Class(SECRET, { clock: () => now });
  const headers = webhook.signedHeaders(body, { timestamp: at });
  for (const age of [0, 300, -300, 300.999, -300 + 0.5]) {
    now = clock() + age * 1000;
    webhook.verify(body, headers);
  }
  now = clock() + 301_000;
  refused("verification", "timestamp_too_old", () => webhook.verify(body, headers));
  now = clock() - 301_000;
  refused("verification", "timestamp_too_new", () => webhook.verify(body, headers));
  now = clock() - 300_001;
  refused("verification", "timestamp_too_new", () => webhook.verify(body, headers));
});

eachClass("clock: what is none", ({ Class, body }) => {
  for (const none of [null, 1614265330, "now", {}, new Date()]) {
    const error = refusedOption(() => new Class(SECRET, { clock: none }));
    check(/clock/.test(error.message), error.message);
  }
  const headers = new Class(SECRET).signedHeaders(body);
  for (const gives of [
    undefined,
    null,
    "1614265330000",
    7n,
    Number.NaN,
    {},
    Promise.resolve(0),
    Number.POSITIVE_INFINITY,
    -1,
  ]) {
    const webhook = new Class(SECRET, { clock: () => gives });
    const { error } = result(() => webhook.verify(body, headers));
    check(error !== undefined, `accepted with the clock at ${String(gives)}`);
    if (typeof gives !== "number" || Number.isNaN(gives)) {
      equal([error.name, error.code], ["RangeError", "invalid_option"], `clock gives ${String(gives)}`);
    }
  }
});

/** An option refused, as a TypeError or RangeError. @param {() => unknown} run */
function refusedOption(run) {
  const { error } = result(run);
  check(error instanceof TypeError || error instanceof RangeError, `no error of the caller: ${error}`);
  equal(/** @type {any} */ (error).code, "invalid_option");
  return error;
}

/** @param {() => unknown} run @returns {{error?: any}} */
function result(run) {
  try {
    run();
    return {};
  } catch (error) {
    return { error };
  }
}

eachClass("tolerance: inclusive, both ways, in seconds", ({ Class, body }) => {
  for (const tolerance of [0, 1, 60, 86_400, 2 ** 53 - 1]) {
    const webhook = new Class(SECRET, { clock, tolerance });
    for (const age of [0, tolerance, -tolerance].filter((age) => Math.abs(age) < 1e9)) {
      webhook.verify(body, webhook.signedHeaders(body, { timestamp: new Date(clock() + age * 1000) }));
    }
    if (tolerance > 1e9) continue;
    for (const [code, age] of /** @type {const} */ ([
      ["timestamp_too_old", -tolerance - 1],
      ["timestamp_too_new", tolerance + 1],
    ])) {
      const headers = webhook.signedHeaders(body, { timestamp: new Date(clock() + age * 1000) });
      refused("verification", code, () => webhook.verify(body, headers), `tolerance ${tolerance}`);
    }
  }
  new Class(SECRET, { tolerance: undefined, clock: undefined });
  for (const bad of [
    -1,
    0.5,
    1e300,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "300",
    null,
    300n,
    {},
    false,
    [300],
  ]) {
    refused("RangeError", "invalid_option", () => new Class(SECRET, { tolerance: bad }), String(bad));
  }
});

eachClass("options that are no object, or no known value", ({ Class, body }) => {
  for (const bad of [null, 5, "raw", true, 7n, Symbol("options")]) {
    refused("TypeError", "invalid_option", () => new Class(SECRET, bad));
    refused("TypeError", "invalid_option", () => new Class(SECRET).signedHeaders(body, bad));
  }
  if (Class === ScaiKeyWebhook) return;
  for (const bad of ["hex", "", null, 1]) {
    refused("TypeError", "invalid_option", () => new Class(SECRET, { format: bad }));
    refused("TypeError", "invalid_option", () => new Class(SECRET).signedHeaders(body, { family: bad }));
  }
});

test("api: generateSecret", async () => {
  const made = Array.from({ length: 200 }, generateSecret);
  equal(new Set(made).size, made.length, "different secrets");
  for (const secret of made) {
    check(/^whsec_[A-Za-z0-9+/]{43}=$/.test(secret), secret);
    equal(atob(secret.slice(6)).length, 32, "bytes");
  }
  // Every bit is both 0 and 1 somewhere: nothing is left out of the encoding.
  const bytes = made.map((secret) => Uint8Array.from(atob(secret.slice(6)), (c) => c.charCodeAt(0)));
  for (let at = 0; at < 32; at++) {
    equal(
      [bytes.reduce((all, b) => all | b[at], 0), bytes.reduce((all, b) => all & b[at], 255)],
      [255, 0],
      `byte ${at}`,
    );
  }
  equal(new Webhook(made[0]).sign("msg_1", at, ""), await standardSignature(bytes[0], "msg_1", seconds, ""));
});

for (const { name, Class, body } of CLASSES.slice(0, 2)) {
  test(`api: ${name}: signedHeaders`, () => {
    const webhook = new Class(SECRET);
    const before = Math.floor(Date.now() / 1000);
    const made = webhook.signedHeaders(body);
    equal(Object.keys(made), ["svix-id", "svix-timestamp", "svix-signature"]);
    check(/^msg_[0-9A-Za-z]{20,}$/.test(made["svix-id"]), made["svix-id"]);
    const when = Number(made["svix-timestamp"]);
    check(/^\d+$/.test(made["svix-timestamp"]) && when >= before && when <= Date.now() / 1000, "the time is now");
    equal(made["svix-signature"], webhook.sign(made["svix-id"], new Date(when * 1000), body));
    webhook.verify(body, made);

    const ids = Array.from({ length: 500 }, () => webhook.signedHeaders(body)["svix-id"]);
    equal(new Set(ids).size, ids.length, "a new id each time");

    const standard = webhook.signedHeaders(body, {
      family: "webhook",
      id: "msg_1",
      timestamp: new Date(clock() + 999),
    });
    equal(Object.keys(standard), ["webhook-id", "webhook-timestamp", "webhook-signature"]);
    equal([standard["webhook-id"], standard["webhook-timestamp"]], ["msg_1", String(seconds)]);
    new Class(SECRET, { clock }).verify(body, standard);
    equal(Object.keys(webhook.signedHeaders(body, { family: "svix", id: undefined })), Object.keys(made));
  });

  test(`api: ${name}: what cannot be signed`, () => {
    const webhook = new Class(SECRET);
    for (const id of ["", "a.b", "a b", "é", "a\n", "\u0000", "i".repeat(257), "i".repeat(100_000), "\ud800"]) {
      refused("TypeError", "invalid_id", () => webhook.sign(id, at, body), JSON.stringify(id).slice(0, 40));
      refused("TypeError", "invalid_id", () => webhook.signedHeaders(body, { id }));
    }
    for (const id of [
      undefined,
      null,
      7,
      {},
      [],
      ["msg_1"],
      Symbol("id"),
      true,
      Object.create(null),
      new String("msg_1"),
    ]) {
      refused("TypeError", "invalid_id", () => webhook.sign(/** @type {any} */ (id), at, body), `id ${typeof id}`);
    }
    for (const when of [
      new Date(Number.NaN),
      new Date(-1),
      new Date(-1000),
      undefined,
      null,
      clock(),
      "2026-01-01",
      {},
    ]) {
      refused(
        "RangeError",
        "invalid_timestamp",
        () => webhook.sign("msg_1", /** @type {any} */ (when), body),
        String(when),
      );
      if (when === undefined) continue;
      refused("RangeError", "invalid_timestamp", () =>
        webhook.signedHeaders(body, { timestamp: /** @type {any} */ (when) }),
      );
    }
    check(webhook.sign("i".repeat(256), new Date(8.64e15), body).startsWith("v1,"), "the last Date there is");
    webhook.sign("!~", new Date(0), body);
  });

  test(`api: ${name}: verifyDelivery`, () => {
    const webhook = new Class(SECRET, { clock });
    for (const family of /** @type {const} */ (["svix", "webhook"])) {
      const headers = webhook.signedHeaders(body, { id: "msg_42", timestamp: new Date(clock() - 7000), family });
      const delivery = webhook.verifyDelivery(body, headers);
      equal(Object.keys(delivery).sort(), ["id", "payload", "timestamp"]);
      equal(
        [delivery.id, delivery.timestamp.toISOString(), delivery.payload],
        ["msg_42", new Date(clock() - 7000).toISOString(), JSON.parse(body)],
      );
      refused("verification", "no_matching_signature", () => webhook.verifyDelivery(`${body} `, headers));
    }
  });
}

test("api: ScaiKeyWebhook: signedHeaders and sign", async () => {
  const webhook = new ScaiKeyWebhook("plain text é");
  const key = new TextEncoder().encode("plain text é");
  equal(webhook.signedHeaders(EVENT, { timestamp: at }), {
    "x-scaikey-signature": await scaikeySignature(key, seconds, EVENT),
  });
  const made = webhook.signedHeaders(EVENT);
  check(
    Math.abs(Number(/^t=(\d+),v1=[0-9a-f]{64}$/.exec(made["x-scaikey-signature"])?.[1]) - Date.now() / 1000) < 5,
    "now",
  );
  webhook.verify(EVENT, made);
  for (const when of [new Date(Number.NaN), new Date(-1), null, clock(), "2026-01-01"]) {
    refused("RangeError", "invalid_timestamp", () => webhook.sign(/** @type {any} */ (when), EVENT));
  }
});

test("api: ScaiKeyWebhook: verifyDelivery passes headers on", () => {
  const webhook = new ScaiKeyWebhook(SECRET, { clock });
  const signature = webhook.signedHeaders(EVENT, { timestamp: new Date(clock() - 9000) });
  const bare = webhook.verifyDelivery(EVENT, signature);
  equal([bare.id, bare.webhookId, bare.eventType, bare.payload], ["evt_1", undefined, undefined, JSON.parse(EVENT)]);
  equal(bare.timestamp.toISOString(), new Date(clock() - 9000).toISOString());
  const full = webhook.verifyDelivery(EVENT, {
    ...signature,
    "X-ScaiKey-Webhook-ID": "wh_9",
    "X-ScaiKey-Event-Type": "user.created",
    "X-ScaiKey-Event-ID": "evt_of_a_replay",
  });
  equal([full.id, full.webhookId, full.eventType], ["evt_1", "wh_9", "user.created"], "the id is the signed one");
  // The time is the signed `t`, wherever it stands and whatever looks like it.
  const value = signature["x-scaikey-signature"];
  const [t, v1] = value.split(",");
  for (const odd of [`${v1},${t}`, `xt=1,${value}`, `a=t=1,${value}`, `${value},T=1`, ` t=1,${value}`]) {
    const { timestamp } = webhook.verifyDelivery(EVENT, { "x-scaikey-signature": odd });
    equal(timestamp.toISOString(), new Date(clock() - 9000).toISOString(), odd);
  }
});

test("api: ReductoWebhook and parseJobUpdate check the payload", () => {
  const webhook = new ReductoWebhook(SECRET);
  equal(webhook.verify(BODY, webhook.signedHeaders(BODY)).metadata, { user_id: "123" });
  equal(parseJobUpdate(BODY), JSON.parse(BODY));
  equal(parseJobUpdate(new TextEncoder().encode(BODY)).job_id, "j1");
  refused("payload", "invalid_payload", () => webhook.verify("{}", webhook.signedHeaders("{}")));
  refused("payload", "invalid_json", () => webhook.verify("", webhook.signedHeaders("")));
  refused("verification", "no_matching_signature", () => webhook.verify("{}", webhook.signedHeaders("{} ")));
});

test("api: verifyDirect removes the token", () => {
  /** @param {object} metadata */
  const direct = (metadata) => JSON.stringify({ status: "Completed", job_id: "j1", metadata });
  const body = direct({ secret: "tok_é😀", user_id: "123" });
  for (const tokens of ["tok_é😀", ["tok_é😀"], ["other", "tok_é😀"], ["tok_é😀", "other"]]) {
    equal(verifyDirect(body, tokens), { status: "Completed", job_id: "j1", metadata: { user_id: "123" } });
    equal(verifyDirect(new TextEncoder().encode(body), tokens).metadata, { user_id: "123" });
  }
  const renamed = direct({ key: "tok", secret: "mine" });
  equal(verifyDirect(renamed, "tok", { field: "key" }).metadata, { secret: "mine" });
  const proto = '{"status":"Completed","job_id":"j1","metadata":{"__proto__":"tok","a":1}}';
  equal(verifyDirect(proto, "tok", { field: "__proto__" }).metadata, { a: 1 });
  equal(verifyDirect(direct({ secret: "tok" }), "tok", {}).metadata, {});
  for (const [tokens, options] of /** @type {any[][]} */ ([
    ["tok"],
    ["TOK_É😀"],
    ["tok_é😀 "],
    [["a", "b"]],
    ["tok_é😀", { field: "user_id" }],
  ])) {
    refused("verification", "no_matching_signature", () => verifyDirect(body, tokens, options));
  }
  for (const tokens of /** @type {any[]} */ ([
    undefined,
    null,
    7,
    "",
    [],
    [""],
    ["tok", ""],
    ["tok", undefined],
    {},
    [["tok_é😀"]],
    new Uint8Array(4),
  ])) {
    refused("TypeError", "invalid_secret", () => verifyDirect(body, tokens), JSON.stringify(tokens));
  }
  for (const options of /** @type {any[]} */ ([
    null,
    7,
    "secret",
    { field: 7 },
    { field: null },
    { field: ["secret"] },
  ])) {
    refused("TypeError", "invalid_option", () => verifyDirect(body, "tok_é😀", options));
  }
});

test("api: expected tokens that are no Unicode are not taken for others", () => {
  const body = '{"status":"Completed","job_id":"j1","metadata":{"secret":"\ufffd"}}';
  const { error } = result(() => verifyDirect(body, "\ud800"));
  check(error !== undefined, "a lone surrogate was taken for U+FFFD");
  const escaped = String.raw`{"status":"Completed","job_id":"j1","metadata":{"secret":"\ud800"}}`;
  check(result(() => verifyDirect(escaped, "\ufffd")).error !== undefined, "and the other way round");
});

test("api: methods need no more than their object", () => {
  const { verify, sign } = Webhook.prototype;
  const { error } = result(() => verify.call(/** @type {any} */ ({}), "{}", {}));
  check(error instanceof Error, "verify without its object must fail");
  check(result(() => sign.call(/** @type {any} */ ({}), "msg_1", at, "{}")).error instanceof Error, "and sign");
  const keys = Object.keys(new Webhook(SECRET));
  equal(keys, [], "nothing of the secret is a property");
  check(!JSON.stringify(new Webhook(SECRET)).includes("MfKQ"), "nor in its JSON");
});

test("api: what Object.prototype has been given is nobody's header and nobody's token", () => {
  const webhook = new Webhook(SECRET);
  const body = '{"status":"Completed","job_id":"j1","metadata":{"a":1}}';
  const planted = { ...webhook.signedHeaders("{}"), secret: "tok" };
  const scaikey = new ScaiKeyWebhook(SECRET);
  const event = JSON.stringify({ ...JSON.parse(EVENT), event_id: undefined });
  const signed = scaikey.signedHeaders(event);
  try {
    for (const [name, value] of Object.entries({ ...planted, event_id: "evt_1" })) {
      Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
    }
    refused("verification", "missing_header", () => webhook.verify("{}", {}));
    refused("verification", "no_matching_signature", () => verifyDirect(body, "tok"));
    refused("payload", "invalid_payload", () => scaikey.verify(event, signed));
  } finally {
    for (const name of [...Object.keys(planted), "event_id"]) Reflect.deleteProperty(Object.prototype, name);
  }
});

test("api: what is parsed is what was verified, whatever the bytes' own properties say", () => {
  const webhook = new Webhook(SECRET);
  const encoder = new TextEncoder();
  class Liar extends Uint8Array {
    get length() {
      return 2;
    }
    get byteLength() {
      return 2;
    }
    get byteOffset() {
      return 3;
    }
    get buffer() {
      return encoder.encode("[9,9,9,9]").buffer;
    }
  }
  const others = { length: 3, latin1Slice: () => "7", subarray: () => encoder.encode("8") };
  /** @type {Record<string, (bytes: any) => any>} */
  const disguises = {
    "a length": (bytes) => Object.defineProperty(bytes, "length", { value: 2 }),
    "a buffer": (bytes) =>
      Object.defineProperties(bytes, {
        buffer: { value: encoder.encode("[9,9,9,9]").buffer },
        byteOffset: { value: 1 },
        byteLength: { value: 3 },
      }),
    "a subclass": (bytes) => Object.setPrototypeOf(bytes, Liar.prototype),
    "no prototype": (bytes) => Object.setPrototypeOf(bytes, null),
    "another prototype": (bytes) => Object.setPrototypeOf(bytes, others),
    "a foreign prototype": (bytes) => Object.setPrototypeOf(bytes, Float64Array.prototype),
  };
  const makers = [(/** @type {string} */ text) => encoder.encode(text)];
  const { Buffer } = /** @type {any} */ (globalThis);
  if (Buffer !== undefined) makers.push((text) => Buffer.from(text));
  // ASCII or not; in one piece, hashed by the host, in pieces.
  for (const value of ["x", "é", "x".repeat(700), "é".repeat(700), "é".repeat(70_000)]) {
    const text = JSON.stringify([value]);
    const headers = webhook.signedHeaders(text);
    for (const [name, disguise] of Object.entries(disguises)) {
      for (const make of makers) {
        equal(webhook.verify(disguise(make(text)), headers), [value], name);
        const forged = disguise(make(`${text} `));
        refused("verification", "no_matching_signature", () => webhook.verify(forged, headers));
      }
    }
  }
});
