// A Worker that verifies as often as it is told. Its clock stands still, so the driver holds the watch.

import { caseOf } from "./cases.mjs";
import { hookseal, standardwebhooks, webCrypto } from "./contenders.mjs";
import { textOf } from "./delivery.mjs";
import { checkVerdicts } from "./measure.mjs";

const contenders = { hookseal, standardwebhooks, webCrypto };
const cases = new Map();

export default {
  async fetch(request) {
    const { contender, size, calls } = await request.json();
    const key = `${contender} ${size}`;
    let one = cases.get(key);
    if (!one) {
      one = await caseOf(contenders[contender](), "check", textOf(size));
      await checkVerdicts(one);
      cases.set(key, one);
    }
    const { right } = one;
    if (one.async) for (let n = 0; n < calls; n++) await right();
    else for (let n = 0; n < calls; n++) right();
    return new Response("done");
  },
};
