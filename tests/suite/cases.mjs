// From a case of tests/vectors (see the README there) to the call that it describes.
import { Webhook } from "hookseal";
import { parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import direct from "../vectors/direct.json";
import jobUpdate from "../vectors/job_update.json";
import scaikey from "../vectors/scaikey.json";
import scaikeyEvent from "../vectors/scaikey_event.json";
import secrets from "../vectors/secrets.json";
import sign from "../vectors/sign.json";
import standard from "../vectors/standard.json";

/** @typedef {any} Case a case as its file has it */

// bundle.mjs inlines these files as text, and the host's own JSON.parse reads them: `__proto__` stays a key.
const FILES = { standard, secrets, sign, scaikey, direct, job_update: jobUpdate, scaikey_event: scaikeyEvent };

/** @typedef {keyof typeof FILES} File */

/** The cases of one file. @param {File} file @returns {Case[]} */
export function casesOf(file) {
  return JSON.parse(String(FILES[file])).cases;
}

/** @param {string} hex */
export function fromHex(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

const utf8 = new TextEncoder();

/** A secret as its case has it, or a list. @param {any} secret @returns {any} */
export function secretOf(secret) {
  if (Array.isArray(secret)) return secret.map(secretOf);
  return typeof secret?.hex === "string" ? fromHex(secret.hex) : secret;
}

/** @type {Record<string, () => unknown>} */
const ODD_SECRETS = {
  undefined: () => undefined,
  null: () => null,
  number: () => 42,
  object: () => ({ secret: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }),
  "empty-array": () => [],
  "sparse-array": () => Object.assign(new Array(2), { 1: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }),
};

/** @type {Record<string, () => unknown>} */
const ODD_BODIES = {
  object: () => ({ test: 2432232314 }),
  array: () => [{ test: 2432232314 }],
  number: () => 2432232314,
  null: () => null,
  undefined: () => undefined,
  boolean: () => true,
  "lone-surrogate": () => '{"test": "\ud83d"}',
};

/** A body's text, or `undefined` if it is bytes. @param {any} body @returns {string | undefined} */
function textOf(body) {
  if (typeof body === "string") return body;
  return body.repeat === undefined ? undefined : body.repeat.repeat(body.times);
}

/** A body's bytes. @param {any} body */
export function bytesOf(body) {
  const text = textOf(body);
  return text === undefined ? fromHex(body.hex) : utf8.encode(text);
}

/** The forms in which a body's bytes can be handed over. @type {Record<string, (bytes: Uint8Array) => any>} */
export const BODY_FORMS = {
  uint8array: (bytes) => bytes,
  buffer: (bytes) => (typeof Buffer === "undefined" ? bytes : Buffer.from(bytes)),
  arraybuffer: (bytes) => bytes.slice().buffer,
  dataview: (bytes) => new DataView(bytes.slice().buffer),
  uint16array: (bytes) => new Uint16Array(bytes.slice().buffer),
};

/** What is passed as the body. @param {Case} c */
export function bodyOf(c) {
  if (c.bodyJs !== undefined) return pick(ODD_BODIES, c.bodyJs)();
  const text = textOf(c.body);
  const as = c.bodyAs ?? (text === undefined ? "uint8array" : "string");
  return as === "string" ? text : pick(BODY_FORMS, as)(bytesOf(c.body));
}

/** @typedef {[string, string | string[]][]} Pairs */

/** What pairs of headers can become. @type {Record<string, (pairs: Pairs) => any>} */
export const CONTAINERS = {
  object: (pairs) => Object.fromEntries(pairs),
  map: (pairs) => new Map(pairs),
  pairs: (pairs) => pairs,
  fetch: (pairs) => {
    const headers = new Headers();
    for (const [name, value] of pairs) for (const one of [value].flat()) headers.append(name, one);
    return headers;
  },
  node: (pairs) => Object.fromEntries(pairs.map(([name, value]) => [name.toLowerCase(), value])),
  get: (pairs) => {
    const values = new Map(pairs.map(([name, value]) => [name.toLowerCase(), value]));
    return { get: (/** @type {string} */ name) => values.get(name.toLowerCase()) };
  },
};

/** What is passed as the headers. @param {Case} c */
export function headersOf(c) {
  /** @type {Record<string, () => unknown>} */
  const odd = {
    undefined: () => undefined,
    null: () => null,
    number: () => 7,
    string: () => "svix-id: msg_1",
    inherited: () => Object.create(CONTAINERS.object(c.headers)),
  };
  if (c.headersJs !== undefined) return pick(odd, c.headersJs)();
  return pick(CONTAINERS, c.container ?? "object")(c.headers);
}

/** A value that a vector names; one that the suite does not know must not pass as `undefined`. */
function pick(/** @type {Record<string, any>} */ from, /** @type {string} */ name) {
  if (!Object.hasOwn(from, name)) throw new Error(`the suite does not know the form ${name}`);
  return from[name];
}

/** The options of a case's object. @param {Case} c */
function optionsOf(c) {
  return {
    ...(c.format === undefined ? {} : { format: c.format }),
    ...("tolerance" in c ? { tolerance: c.tolerance } : {}),
    ...(c.now === undefined ? {} : { clock: () => Math.round(c.now * 1000) }),
  };
}

/** The secret that a case of secrets.json passes. @param {Case} c @returns {any} */
export function givenSecret(c) {
  return c.secretJs === undefined ? secretOf(c.secret) : pick(ODD_SECRETS, c.secretJs)();
}

/** The text of a case that holds a payload. @param {Case} c @returns {string} */
export function payloadText(c) {
  return c.text ?? JSON.stringify(c.payload);
}

export const JOB_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const SCAIKEY_SECRET = "whsec_sk_9f86d081884c7d659a2feaa0c55ad015";

/**
 * What a case describes, by file. Each may throw, at any point. A payload's case is called in every way there is.
 * @type {Record<File, ((c: Case) => unknown)[]>}
 */
export const CALLS = {
  standard: [
    (c) => {
      const webhook = new Webhook(secretOf(c.secret), optionsOf(c));
      return webhook.verify(bodyOf(c), headersOf(c), "jsonParse" in c ? { jsonParse: c.jsonParse } : undefined);
    },
  ],
  secrets: [(c) => new Webhook(givenSecret(c), optionsOf(c)).sign("msg_1", new Date(1614265330_000), "body")],
  sign: [(c) => new Webhook(secretOf(c.secret), optionsOf(c)).sign(c.id, new Date(c.timestamp * 1000), bodyOf(c))],
  scaikey: [(c) => new ScaiKeyWebhook(secretOf(c.secret), optionsOf(c)).verify(bodyOf(c), headersOf(c))],
  direct: [
    (c) => verifyDirect(payloadText(c), c.tokens, c.field === undefined ? undefined : { field: c.field }),
    (c) =>
      verifyDirect(utf8.encode(payloadText(c)), c.tokens, { ...(c.field === undefined ? {} : { field: c.field }) }),
  ],
  job_update: [
    (c) => parseJobUpdate(payloadText(c)),
    (c) => parseJobUpdate(utf8.encode(payloadText(c))),
    (c) => {
      const webhook = new ReductoWebhook(JOB_SECRET);
      return webhook.verify(payloadText(c), webhook.signedHeaders(payloadText(c)));
    },
    (c) => {
      const webhook = new ReductoWebhook(JOB_SECRET);
      return webhook.verifyDelivery(payloadText(c), webhook.signedHeaders(payloadText(c))).payload;
    },
  ],
  scaikey_event: [
    (c) => {
      const webhook = new ScaiKeyWebhook(SCAIKEY_SECRET);
      return webhook.verify(payloadText(c), webhook.signedHeaders(payloadText(c)));
    },
    (c) => {
      const webhook = new ScaiKeyWebhook(SCAIKEY_SECRET);
      return webhook.verifyDelivery(payloadText(c), webhook.signedHeaders(payloadText(c))).payload;
    },
  ],
};
