// Verification of deliveries of every size, in a page. Bodies are text: standardwebhooks takes no bytes but a Buffer.

import { caseOf } from "./cases.mjs";
import { hookseal, standardwebhooks, webCrypto } from "./contenders.mjs";
import { textOf } from "./delivery.mjs";
import { measure } from "./measure.mjs";

globalThis.bench = async (spec) => {
  const results = [];
  for (const size of spec.sizes) {
    const cases = [];
    for (const make of [standardwebhooks, webCrypto, hookseal]) cases.push(await caseOf(make(), "check", textOf(size)));
    results.push({ size, body: "string", operation: "check", series: await measure(cases, spec) });
  }
  return results;
};
