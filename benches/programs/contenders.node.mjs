// The 30 lines that everyone writes, over node:crypto: on Node, Bun and Deno.

import { Buffer } from "node:buffer";
import { createHmac, timingSafeEqual } from "node:crypto";
import { SECRET } from "./delivery.mjs";

const key = Buffer.from(SECRET.slice("whsec_".length), "base64");

function check(body, headers) {
  const { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature } = headers;
  if (!id || !timestamp || !signature) throw new Error("missing");
  const age = Math.floor(Date.now() / 1000) - Number.parseInt(timestamp, 10);
  if (!(Math.abs(age) <= 300)) throw new Error("time");
  const tag = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  for (const token of signature.split(" ")) {
    const [version, given] = token.split(",");
    const bytes = version === "v1" ? Buffer.from(given, "base64") : Buffer.alloc(0);
    if (bytes.length === tag.length && timingSafeEqual(bytes, tag)) return;
  }
  throw new Error("no match");
}

function verify(body, headers) {
  check(body, headers);
  return JSON.parse(body.toString());
}

/** With what `hookseal/reducto` looks at: an object, with a status that is text, and a job_id that is not empty. */
function verifyReducto(body, headers) {
  const update = verify(body, headers);
  if (typeof update !== "object" || update === null || Array.isArray(update)) throw new Error("no object");
  if (!Object.hasOwn(update, "status") || typeof update.status !== "string") throw new Error("status");
  if (!Object.hasOwn(update, "job_id") || typeof update.job_id !== "string" || update.job_id === "") {
    throw new Error("job_id");
  }
  return update;
}

function sign(id, date, body) {
  const seconds = Math.floor(date.getTime() / 1000);
  return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.`).update(body).digest("base64")}`;
}

export const byHand = () => ({ name: "node:crypto by hand", family: "svix", check, verify, sign });

export const byHandReducto = () => ({
  name: "node:crypto by hand, Reducto's checks",
  family: "svix",
  verify: verifyReducto,
});
