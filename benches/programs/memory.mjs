// Millions of verifications: does anything grow? Run with --expose-gc.

import "./instances.mjs"; // before the core starts
import { Webhook } from "hookseal";
import { bytesOf, caseOf } from "./cases.mjs";
import { SECRET, textOf } from "./delivery.mjs";
import { instances, linearMemory } from "./instances.mjs";
import { checkVerdicts } from "./measure.mjs";
import { spec, tell } from "./program.mjs";

// The deliveries are signed once, and this may run for longer than the usual five minutes.
const kept = new Webhook(SECRET, { tolerance: 3600 });
const contender = {
  name: "hookseal",
  family: "svix",
  verify: (body, headers) => kept.verify(body, headers),
  check: (body, headers) => kept.verify(body, headers, { jsonParse: false }),
};

/** Of 2,000 deliveries. Bytes and texts, with and without parsing. */
const MIX = [
  [100, 800],
  [150, 1000],
  [300, 150],
  [1024, 40],
  [4096, 7],
  [16_384, 2],
  [262_144, 1],
];
const mix = [];
for (const [size, count] of MIX) {
  const forms = [];
  for (const bytes of [true, false]) {
    for (const operation of ["verify", "check"])
      forms.push(await caseOf(contender, operation, textOf(size), { bytes }));
  }
  for (const one of forms) await checkVerdicts(one);
  for (let n = 0; n < count; n++) mix.push(forms[n % forms.length]);
}

/** Every 2,000th is forged. */
function round() {
  for (let n = 1; n < mix.length; n++) mix[n].right();
  try {
    mix[0].forged();
  } catch {
    return;
  }
  throw new Error("WRONG VERDICT: hookseal accepted a forged delivery");
}

/** In a function, so that nothing here keeps the body. */
function bigBody() {
  const webhook = new Webhook(SECRET);
  const body = Buffer.alloc(64 * 1024 * 1024, " ");
  body.write("[1]");
  const headers = webhook.signedHeaders(body);
  if (JSON.stringify(webhook.verify(body, headers)) !== "[1]") throw new Error("WRONG VERDICT: 64 MiB");
  body[64] = 10;
  let refused = false;
  try {
    webhook.verify(body, headers);
  } catch (error) {
    refused = error.code === "no_matching_signature";
  }
  if (!refused) throw new Error("WRONG VERDICT: 64 MiB, forged");
  if (webhook.verify(bytesOf("[2]"), webhook.signedHeaders("[2]"))[0] !== 2) throw new Error("WRONG VERDICT");
}

function sample(done) {
  gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { done, rss, heap: heapUsed + external, linear: linearMemory() };
}

const samples = [];
const started = performance.now();
for (let done = 0, next = spec.every; done < spec.calls; ) {
  round();
  done += mix.length;
  if (done < next) continue;
  samples.push(sample(done));
  next += spec.every;
}
const seconds = (performance.now() - started) / 1000;

const before = sample(0);
bigBody();
const after = sample(0);
tell({ samples, seconds, big: { before, after, instances: instances.length } });
