// Verification of one 150-byte delivery, against what a user would pick instead. All contenders in one run, in turns,
// so that what else the machine does hits them alike; a wrong verdict fails the run. `npm run bench`.

import { createHmac, timingSafeEqual } from "node:crypto";
import { cpus } from "node:os";
import { Webhook as StandardWebhooks } from "standardwebhooks";
import { Webhook as Svix } from "svix";
import { Webhook } from "../pkg/index.js";
import { ReductoWebhook } from "../pkg/reducto.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ROUNDS = 41;
const CALLS = 4000;

const text = JSON.stringify({
  status: "Completed",
  job_id: "a1b9090e-c9ae-420b-9726-f658afbbe338",
  metadata: { user_id: "123", document_type: "invoice", file: "q3.pdf", n: 17 },
});
const body = Buffer.from(text);
const forged = Buffer.from(text.replace("123", "124"));

const ours = new Webhook(SECRET);
const reducto = new ReductoWebhook(SECRET);
const svix = new Svix(SECRET);
const standard = new StandardWebhooks(SECRET);
const key = Buffer.from(SECRET.slice("whsec_".length), "base64");

/** What Node gives to a handler: lower-case names, in a plain object. */
const requestHeaders = (family) => ({
  host: "receiver.example",
  "user-agent": "Svix-Webhooks/1.24",
  "content-length": String(body.length),
  accept: "*/*",
  "content-type": "application/json",
  ...ours.signedHeaders(body, { family }),
});
const svixHeaders = requestHeaders("svix");
const webhookHeaders = requestHeaders("webhook");
const fetchHeaders = new Headers(svixHeaders);

/** The 30 lines that everyone writes. */
function handWritten(payload, headers) {
  const { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature } = headers;
  if (!id || !timestamp || !signature) throw new Error("missing");
  const age = Math.floor(Date.now() / 1000) - Number.parseInt(timestamp, 10);
  if (!(Math.abs(age) <= 300)) throw new Error("time");
  const tag = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(payload).digest();
  for (const token of signature.split(" ")) {
    const [version, given] = token.split(",");
    const bytes = version === "v1" ? Buffer.from(given, "base64") : Buffer.alloc(0);
    if (bytes.length === tag.length && timingSafeEqual(bytes, tag)) return;
  }
  throw new Error("no match");
}

function handWrittenAndParsed(payload) {
  handWritten(payload, svixHeaders);
  return JSON.parse(payload.toString());
}

/** Name, the call on a given body, and whose time it is compared with. */
const contenders = [
  ["svix 1.99, verify", (payload) => svix.verify(payload, svixHeaders)],
  ["node:crypto by hand + JSON.parse", handWrittenAndParsed],
  ["hookseal, verify, Buffer", (payload) => ours.verify(payload, svixHeaders)],
  ["hookseal, verify, Fetch Headers", (payload) => ours.verify(payload, fetchHeaders)],
  ["hookseal/reducto, verify", (payload) => reducto.verify(payload, svixHeaders)],
  ["standardwebhooks, check only", (payload) => standard.verify(payload, webhookHeaders, { jsonParse: false })],
  ["node:crypto by hand, check only", (payload) => handWritten(payload, svixHeaders)],
  ["hookseal, check only", (payload) => ours.verify(payload, svixHeaders, { jsonParse: false })],
  ["svix 1.99, new object each call", (payload) => new Svix(SECRET).verify(payload, svixHeaders)],
  ["hookseal, new object each call", (payload) => new Webhook(SECRET).verify(payload, svixHeaders)],
];

for (const [name, call] of contenders) {
  call(body);
  try {
    call(forged);
  } catch {
    continue;
  }
  throw new Error(`${name} accepted a forged delivery`);
}

const times = new Map(contenders.map(([name]) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, call] of contenders) {
    const start = process.hrtime.bigint();
    for (let n = 0; n < CALLS; n++) call(body);
    times.get(name).push(Number(process.hrtime.bigint() - start) / CALLS / 1000);
  }
}

const median = (name) => times.get(name).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)];
const spread = (name) => {
  const sorted = times.get(name);
  return (sorted[Math.floor(ROUNDS * 0.75)] - sorted[Math.floor(ROUNDS * 0.25)]) / median(name);
};
const svixTime = median("svix 1.99, verify");

console.log(`One ${body.length}-byte delivery, microseconds a call: median of ${ROUNDS} rounds of ${CALLS}, in turns.`);
console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}\n`);
console.log(`${"".padEnd(34)}${"median".padStart(8)}${"spread".padStart(8)}   times faster than svix 1.99`);
for (const [name] of contenders) {
  const time = median(name);
  const ratio = (svixTime / time).toFixed(1);
  console.log(
    `${name.padEnd(34)}${time.toFixed(2).padStart(8)}${`${Math.round(spread(name) * 100)} %`.padStart(8)}${ratio.padStart(8)}`,
  );
}
