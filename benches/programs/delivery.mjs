// What is verified: deliveries of any size, and what a forger makes of them. Runs on every host.

import { Webhook } from "hookseal";

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const signer = new Webhook(SECRET);

/**
 * A Reducto job update of exactly that many bytes, ASCII: small members, as JSON bodies have, and not one long text.
 * @param {number} bytes 100 or more
 */
export function textOf(bytes) {
  const head = `{"status":"Completed","job_id":"a1b9090e-c9ae-420b-9726-f658afbbe338","metadata":{"n":17`;
  const item = (/** @type {number} */ n) => `,"field_${n}":{"value":${n / 8},"type":"line item","citations":[${n}]}`;
  const items = [];
  let left = bytes - head.length - ',"u":""}}'.length;
  for (let n = 0; left >= item(n).length; n++) {
    items.push(item(n));
    left -= item(n).length;
  }
  const text = `${head}${items.join("")},"u":"${"x".repeat(left)}"}}`;
  if (text.length !== bytes) throw new Error(`${text.length} bytes, not ${bytes}`);
  return text;
}

/** Of the same length, and of the same form. */
export const forgedText = (/** @type {string} */ text) => text.replace("Completed", "completed");

/**
 * What Node gives to a handler: lower-case names, in a plain object.
 * @param {string} text
 * @param {"svix" | "webhook"} family
 * @returns {Record<string, string>}
 */
export function headersOf(text, family) {
  return {
    host: "receiver.example",
    "user-agent": "Svix-Webhooks/1.24",
    "content-length": String(text.length),
    accept: "*/*",
    "content-type": "application/json",
    ...signer.signedHeaders(text, { family }),
  };
}
