// Import and first verification, in a process that has done nothing yet.

import { spec, tell } from "./program.mjs";

const { from, secret, body, forged, headers } = spec;

const start = performance.now();
const { Webhook } = await import(from);
const webhook = new Webhook(secret);
const payload = webhook.verify(body, headers);
const ms = performance.now() - start;

if (JSON.stringify(payload) !== body) throw new Error(`WRONG VERDICT: ${from}`);
let refused = false;
try {
  webhook.verify(forged, headers);
} catch {
  refused = true;
}
if (!refused) throw new Error(`WRONG VERDICT: ${from} accepted a forged delivery`);
tell(ms);
