// Verification of deliveries of every size, on Node, Bun and Deno.

import { caseOf } from "./cases.mjs";
import { hookseal, standardwebhooks } from "./contenders.mjs";
import { byHand } from "./contenders.node.mjs";
import { textOf } from "./delivery.mjs";
import { measure } from "./measure.mjs";
import { spec, tell } from "./program.mjs";

const results = [];
for (const size of spec.sizes) {
  const text = textOf(size);
  for (const body of ["Buffer", "string"]) {
    for (const operation of ["verify", "check"]) {
      const contenders = [
        byHand(),
        hookseal(),
        ...(operation === "check" && body === "Buffer" ? [standardwebhooks()] : []),
      ];
      const cases = [];
      for (const one of contenders) cases.push(await caseOf(one, operation, text, { bytes: body === "Buffer" }));
      results.push({ size, body, operation, series: await measure(cases, spec) });
    }
  }
}
tell(results);
