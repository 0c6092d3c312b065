// What an error holds and what it must not hold (rows error-*), over every error that the vectors raise.
import { Webhook, WebhookCoreError, WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { bodyOf, CALLS, casesOf, givenSecret, JOB_SECRET, payloadText, SCAIKEY_SECRET } from "./cases.mjs";
import { ERRORS, kindOf, MESSAGES, refused } from "./documented.mjs";
import { check, equal, outcome, show, test } from "./harness.mjs";

/** @typedef {import("./cases.mjs").File} File */

/** Everything that printing, logging or serialising an error can show. @param {any} error @returns {string} */
function everythingOf(error, depth = 3) {
  if (typeof error !== "object" || error === null) return String(error);
  const parts = [String(error), JSON.stringify(error) ?? "", error.stack ?? "", error.message, error.toString()];
  for (const key of Reflect.ownKeys(error)) {
    const value = error[key];
    parts.push(String(key), typeof value === "object" && depth > 0 ? everythingOf(value, depth - 1) : String(value));
  }
  if (error.cause !== undefined && depth > 0) parts.push(everythingOf(error.cause, depth - 1));
  return parts.join("\n");
}

/** Shorter pieces are found in any text by chance. Every fourth one is looked for: a quote of 11 characters is found. */
const PIECE = 8;
const STEP = 4;

// What an error says by design and a body may say, too: codes, and the paths of fields. As JSON, since that is how they show.
const FIELDS =
  "event_id event_type timestamp resource resource.type resource.id actor actor.type actor.id tenant_id partner_id status job_id";
const SAID = JSON.stringify([
  ...FIELDS.split(" ").map((field) => `$.${field}`),
  ...Object.values(ERRORS).flatMap(({ codes }) => codes),
  "payload's metadata", // in a hint
]);

/** All pieces of a text, or of its beginning and end: a message may quote any of it. @param {string} text */
function piecesOf(text) {
  const parts = text.length > 2000 ? [text.slice(0, 200), text.slice(-200)] : [text];
  const pieces = new Set();
  for (const part of parts) {
    for (let at = 0; at + PIECE <= part.length; at += STEP) pieces.add(part.slice(at, at + PIECE));
  }
  return [...pieces].filter((piece) => !SAID.includes(piece));
}

/** A secret or body as text, in the forms in which it could be quoted. @param {any} value @returns {string[]} */
function textsOf(value) {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value === "string") return [value.replace(/^\s*whsec_/, ""), JSON.stringify(value).slice(1, -1)];
  if (value instanceof ArrayBuffer) return textsOf(new Uint8Array(value));
  if (!ArrayBuffer.isView(value)) return typeof value === "object" && value !== null ? [JSON.stringify(value)] : [];
  const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const start = bytes.subarray(0, 2000);
  return [
    new TextDecoder().decode(start),
    String(start),
    Array.from(start, (byte) => byte.toString(16).padStart(2, "0")).join(""),
    btoa(String.fromCharCode(...start)),
  ];
}

/** The signatures that would have been right. @param {File} file @param {any} c @returns {string[]} */
function expectedSignatures(file, c) {
  const { value } = outcome(() => {
    const options = c.format === undefined ? {} : { format: c.format };
    const header = (/** @type {string} */ name) =>
      [c.headers.find((/** @type {any} */ [given]) => given.toLowerCase() === name)?.[1]].flat()[0];
    if (file === "standard") {
      const seconds = new Date(Number(header("svix-timestamp") ?? header("webhook-timestamp")) * 1000);
      return new Webhook(givenSecret(c), options).sign(header("svix-id") ?? header("webhook-id"), seconds, bodyOf(c));
    }
    const seconds = new Date(Number(/t=(\d+)/.exec(header("x-scaikey-signature"))?.[1]) * 1000);
    return new ScaiKeyWebhook(givenSecret(c)).sign(seconds, bodyOf(c)).replace(/^t=\d+,/, "");
  });
  return typeof value === "string" ? value.split(/[ ,]/).filter((part) => part.length > PIECE) : [];
}

/** What must not show in an error of a case. @param {File} file @param {any} c @returns {string[]} */
function privateOf(file, c) {
  switch (file) {
    case "standard":
    case "scaikey":
      return [...textsOf(givenSecret(c)), ...textsOf(bodyOf(c)), ...expectedSignatures(file, c)];
    case "sign":
      return [...textsOf(givenSecret(c)), ...textsOf(bodyOf(c))];
    case "secrets":
      return textsOf(givenSecret(c));
    case "direct":
      return [...textsOf(c.tokens), payloadText(c)];
    default:
      return [JOB_SECRET.slice(6), SCAIKEY_SECRET, payloadText(c)];
  }
}

for (const file of /** @type {File[]} */ (Object.keys(CALLS))) {
  test(`errors: none of ${file}.json tells a secret, a signature or a body`, () => {
    let errors = 0;
    let pieces = 0;
    for (const c of casesOf(file)) {
      for (const call of CALLS[file]) {
        const { error } = outcome(() => call(c));
        if (error === undefined) continue;
        errors++;
        check(kindOf(error) !== undefined, `${c.name}: no documented error: ${show(error)}`);
        const everything = everythingOf(error);
        for (const text of privateOf(file, c)) {
          for (const piece of piecesOf(text)) {
            pieces++;
            check(!everything.includes(piece), `${c.name}: ${show(piece)} is in the error:\n${everything}`);
          }
        }
      }
    }
    check(errors > 5 && pieces > 100, `too little was looked at: ${errors} errors, ${pieces} pieces`);
  });
}

test("errors: the vectors raise every code of the policy", () => {
  const seen = new Set();
  for (const file of /** @type {File[]} */ (Object.keys(CALLS))) {
    for (const c of casesOf(file)) if (c.expect.error !== undefined) seen.add(`${c.expect.class} ${c.expect.error}`);
  }
  for (const [kind, { codes }] of Object.entries(ERRORS)) {
    for (const code of codes) {
      // `disposed` needs a second call, the TypeError `invalid_option` an option that vectors have not; the core's need a fault.
      const elsewhere = kind === "core" || code === "disposed" || `${kind} ${code}` === "TypeError invalid_option";
      check(elsewhere || seen.has(`${kind} ${code}`), `no case raises ${kind} ${code}`);
    }
  }
});

test("errors: classes and names", () => {
  for (const { type, name } of Object.values(ERRORS)) {
    check(type.prototype instanceof Error, `${name} extends Error`);
    equal(type.prototype.name, name, "name on the prototype");
  }
  const own = [WebhookVerificationError, WebhookPayloadError, WebhookCoreError];
  for (const type of own) {
    for (const other of own) check(type === other || !(type.prototype instanceof other), "the classes are siblings");
    check(!(type.prototype instanceof TypeError), "none is a TypeError");
  }
  const webhook = new Webhook(JOB_SECRET);
  const error = refused("verification", "missing_header", () => webhook.verify("{}", {}));
  equal(String(error), "WebhookVerificationError: Missing required headers");
  check(!Object.hasOwn(error, "name"), "the name is not the error's own, as with the language's errors");
  check(typeof error.stack === "string" && error.stack.length > 0, "it has a stack");
  equal(typeof error.hint, "string");
  const payload = refused("payload", "invalid_payload", () => parseJobUpdate("[]"));
  equal([payload.path, Object.hasOwn(payload, "cause")], ["$", false]);
});

test("errors: one class for all entries of the package", () => {
  refused("verification", "no_matching_signature", () => verifyDirect("{}", "token"));
  refused("verification", "missing_header", () => new ReductoWebhook(JOB_SECRET).verify("{}", {}));
  refused("verification", "missing_header", () => new ScaiKeyWebhook(SCAIKEY_SECRET).verify("{}", {}));
});

test("errors: they can be made by hand, for the tests of those who use us", () => {
  const error = new WebhookVerificationError(MESSAGES.missing_header, "missing_header");
  equal([error.message, error.code, error.headers], ["Missing required headers", "missing_header", []]);
  equal(new WebhookPayloadError("m", "invalid_payload", "$.a").path, "$.a");
  const cause = new Error("cause");
  check(new WebhookCoreError("m", "core_unavailable", { cause }).cause === cause, "the cause is kept");
});

test("errors: a parsed body is refused, and the message has the cure", () => {
  const webhook = new Webhook(JOB_SECRET);
  const scaikey = new ScaiKeyWebhook(SCAIKEY_SECRET);
  const headers = webhook.signedHeaders("{}");
  for (const parsed of [
    {},
    { a: 1 },
    [],
    [1],
    1,
    0,
    true,
    false,
    null,
    undefined,
    7n,
    Symbol("b"),
    () => {},
    new Date(0),
    new Map(),
  ]) {
    const body = /** @type {any} */ (parsed);
    const calls = [
      () => webhook.verify(body, headers),
      () => webhook.verifyDelivery(body, headers),
      () => webhook.sign("msg_1", new Date(0), body),
      () => webhook.signedHeaders(body),
      () => new ReductoWebhook(JOB_SECRET).verify(body, headers),
      () => scaikey.verify(body, headers),
      () => scaikey.sign(new Date(0), body),
      () => scaikey.signedHeaders(body),
      () => parseJobUpdate(body),
      () => verifyDirect(body, "token"),
    ];
    for (const call of calls) {
      const { message } = refused("TypeError", "body_not_raw", call);
      for (const word of ["raw", "express.json()", "express.raw(", "request.text()"]) {
        check(message.includes(word), `the message does not name ${word}: ${message}`);
      }
    }
  }
});

test("errors: an error of the caller's own code is not passed on", () => {
  const webhook = new Webhook(JOB_SECRET, {
    clock: () => {
      throw new Error("CLOCK-MARK");
    },
  });
  const headers = new Webhook(JOB_SECRET).signedHeaders("{}");
  const clock = refused("RangeError", "invalid_option", () => webhook.verify("{}", headers));
  const getter = refused("TypeError", "invalid_headers", () =>
    webhook.verify("{}", {
      get() {
        throw new Error("HEADER-MARK");
      },
    }),
  );
  check(!/-MARK/.test(everythingOf(clock) + everythingOf(getter)), "the caller's error shows");
});
