// What is sent. Signed here by hand, so that the package does not judge its own signatures.

import { createHmac } from "node:crypto";
import { between } from "./random.mjs";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const key = Buffer.from(SECRET.slice("whsec_".length), "base64");

/**
 * @typedef {object} Delivery
 * @property {string} id the same for every attempt
 * @property {string} job
 * @property {string} body
 * @property {number[]} copies when each of them is sent first, in ms after the first one
 */

/**
 * Distinct deliveries, each to be sent 1 to 4 times: half of the copies at the same time, half a little later.
 * @param {number} count
 * @param {() => number} random
 * @returns {Delivery[]}
 */
export function plan(count, random) {
  return Array.from({ length: count }, (_, n) => {
    const job = `job_${n}_${Math.floor(random() * 2 ** 32).toString(16)}`;
    const status = random() < 0.9 ? "Completed" : "Failed";
    const more = Array.from({ length: Math.floor(random() * 4) }, () =>
      random() < 0.5 ? 0 : between(random, 0, 1500),
    );
    const body = JSON.stringify({ status, job_id: job, metadata: { user_id: String(n), document_type: "invoice" } });
    return { id: `msg_${n}`, job, body, copies: [0, ...more] };
  });
}

/**
 * An attempt's headers. As Svix does it, each has a timestamp and a signature of its own.
 * @param {string} id
 * @param {string} body
 * @returns {Record<string, string>}
 */
export function signed(id, body) {
  const timestamp = Math.floor(Date.now() / 1000);
  const tag = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "svix-id": id,
    "svix-timestamp": String(timestamp),
    "svix-signature": `v1,${tag}`,
  };
}

/**
 * What no receiver may take: a changed body under a real signature, or a delivery that was never sent under a wrong one.
 * @param {Delivery} delivery
 * @param {() => number} random
 */
export function forged({ id, body }, random) {
  const changed = body.replace("job_", "bad_");
  if (random() < 0.5) return { headers: signed(id, body), body: changed };
  const headers = { ...signed(id, body), "svix-id": `forged_${id}` };
  return { headers, body: changed };
}
