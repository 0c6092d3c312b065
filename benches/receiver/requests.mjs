// Signed deliveries, each with an id of its own.

import { createHmac } from "node:crypto";

export const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const key = Buffer.from(SECRET.slice("whsec_".length), "base64");

export const body = JSON.stringify({
  status: "Completed",
  job_id: "a1b9090e-c9ae-420b-9726-f658afbbe338",
  metadata: { user_id: "123", document_type: "invoice", file: "q3.pdf", n: 17 },
});

let made = 0;

/** What Svix sends. */
export function delivery() {
  const id = `msg_${process.pid}_${++made}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const tag = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const headers = {
    "content-type": "application/json",
    accept: "*/*",
    "user-agent": "Svix-Webhooks/1.24",
    "svix-id": id,
    "svix-timestamp": timestamp,
    "svix-signature": `v1,${tag}`,
  };
  return { method: "POST", path: "/webhook", headers, body };
}
