// What is sent to the receivers, and what each must answer. Signed by the svix and standardwebhooks packages, never by
// hookseal: a fault that its two halves share would not show.

import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

/** The endpoint's secret, the one it had before the rotation (still accepted), and somebody else's. */
export const CURRENT = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const PREVIOUS = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const FOREIGN = "whsec_plJ3nmyCDGBKInavdOK15jsl";

export const JOB = "204a39e4-5f3c-4d1e-9d3f-0c1b2a394857";
const LIMIT = 1024 * 1024;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * @typedef {object} Delivery
 * @property {string} name
 * @property {string} [method] default POST
 * @property {Record<string, string>} headers
 * @property {string} [body]
 * @property {boolean} [chunked] without a Content-Length
 * @property {number} status the answer that is right
 * @property {"processed" | "seen before"} [effect] what becomes of an accepted message
 * @property {string} [code] what the receiver logs about a refused one
 * @property {string} [id] the message
 */

/**
 * @template {string} Name
 * @param {Record<Name, Delivery>} all
 */
const typed = (all) => all;

/** Every delivery, in the order in which they are sent. */
export function deliveries() {
  const now = new Date();
  const ago = (/** @type {number} */ time) => new Date(now.getTime() - time);
  const sized = (/** @type {number} */ size) => job("limit", "x".repeat(size - job("limit", "").length));
  const rotation = job("rotation");
  const plain = svix("msg_plain", now, job("plain"));
  const first = svix("msg_first", now, job("first"));
  const accepted = { status: 200, effect: /** @type {const} */ ("processed") };
  const forged = { status: 401, code: "no_matching_signature" };
  return typed({
    svix: { ...first, name: "signed by svix", ...accepted },
    standard: { ...standard("msg_standard", now, job("standard")), name: "signed by standardwebhooks", ...accepted },
    rotation: {
      ...svix("msg_rotation", now, rotation, FOREIGN, PREVIOUS),
      name: "two signatures, during a rotation",
      ...accepted,
    },
    previous: {
      ...svix("msg_previous", now, job("previous"), PREVIOUS),
      name: "signed with the previous secret",
      ...accepted,
    },
    plain: { ...plain, headers: without("content-type", plain.headers), name: "without a content type", ...accepted },
    atLimit: { ...svix("msg_limit", now, sized(LIMIT)), name: "exactly 1 MiB", ...accepted },
    resend: { ...first, name: "the first one again, as it was", status: 200, effect: "seen before" },
    retry: {
      ...svix("msg_first", ago(MINUTE), job("first")),
      name: "the first one, a later attempt",
      status: 200,
      effect: "seen before",
    },
    tampered: {
      ...svix("msg_tampered", now, job("tampered")),
      body: job("somebody_else"),
      name: "body changed on the way",
      ...forged,
    },
    wrongSecret: { ...svix("msg_forged", now, job("forged"), FOREIGN), name: "signed with a wrong secret", ...forged },
    stale: {
      ...svix("msg_stale", ago(6 * MINUTE), job("stale")),
      name: "stale: signed six minutes ago",
      status: 401,
      code: "timestamp_too_old",
    },
    replay: {
      ...svix("msg_first", ago(5 * HOUR), job("first")),
      name: "replay: captured five hours ago",
      status: 401,
      code: "timestamp_too_old",
    },
    early: {
      ...svix("msg_early", ago(-6 * MINUTE), job("early")),
      name: "signed six minutes from now",
      status: 401,
      code: "timestamp_too_new",
    },
    unsigned: {
      headers: { "content-type": "application/json" },
      body: job("unsigned"),
      name: "no signature headers",
      status: 401,
      code: "missing_header",
    },
    empty: { headers: {}, name: "no signature headers and no body", status: 401, code: "missing_header" },
    notJson: { ...svix("msg_text", now, "job done!"), name: "signed, but not JSON", status: 400, code: "invalid_json" },
    noJob: {
      ...svix("msg_shape", now, '{"status":"Completed"}'),
      name: "signed, but not a job update",
      status: 400,
      code: "invalid_payload: .*$.job_id",
    },
    tooLarge: {
      ...svix("msg_large", now, sized(LIMIT + 1)),
      name: "one byte over 1 MiB",
      status: 413,
      code: "longer than maxBody",
    },
    tooLargeChunked: {
      ...svix("msg_large", now, sized(LIMIT + 1)),
      chunked: true,
      name: "one byte over 1 MiB, length not told",
      status: 413,
      code: "longer than maxBody",
    },
    farTooLarge: {
      ...svix("msg_large", now, sized(3 * LIMIT)),
      name: "3 MiB",
      status: 413,
      code: "longer than maxBody",
    },
    get: { method: "GET", headers: {}, name: "GET", status: 405 },
    put: { ...first, method: "PUT", name: "PUT of an authentic delivery", status: 405 },
  });
}

/**
 * @param {string} user
 * @param {string} [padding]
 */
function job(user, padding) {
  return JSON.stringify({ status: "Completed", job_id: JOB, metadata: { user_id: user, padding } });
}

/**
 * As Svix sends it: after a rotation with one signature for each secret.
 * @param {string} id @param {Date} at @param {string} body @param {...string} secrets
 */
function svix(id, at, body, ...secrets) {
  const signatures = (secrets.length ? secrets : [CURRENT]).map((secret) => new SvixWebhook(secret).sign(id, at, body));
  return { id, body, headers: headers("svix", id, at, signatures.join(" ")) };
}

/** @param {string} id @param {Date} at @param {string} body */
function standard(id, at, body) {
  return { id, body, headers: headers("webhook", id, at, new StandardWebhook(CURRENT).sign(id, at, body)) };
}

/** @param {string} family @param {string} id @param {Date} at @param {string} signature */
function headers(family, id, at, signature) {
  return {
    "content-type": "application/json",
    [`${family}-id`]: id,
    [`${family}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
    [`${family}-signature`]: signature,
  };
}

/** @param {string} name @param {Record<string, string>} headers */
function without(name, headers) {
  return Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));
}
