// Verification of one small delivery, against what a user would pick instead.

import { Webhook } from "hookseal";
import { Webhook as Svix } from "svix";
import { caseOf } from "./cases.mjs";
import { hookseal, hooksealReducto, standardwebhooks, webCrypto } from "./contenders.mjs";
import { byHand, byHandReducto } from "./contenders.node.mjs";
import { octokit, svix, svixLatest } from "./contenders.npm.mjs";
import { SECRET, textOf } from "./delivery.mjs";
import { measure } from "./measure.mjs";
import { spec, tell } from "./program.mjs";

const text = textOf(spec.size);

/** One container only in a process, as in an application. */
const groups = {
  plain: {
    verify: [svix, standardwebhooks, byHand, webCrypto, hookseal, byHandReducto, hooksealReducto],
    check: [standardwebhooks, svixLatest, byHand, webCrypto, octokit, hookseal],
  },
  // Only hookseal takes them.
  fetch: { verify: [hookseal, hooksealReducto], check: [hookseal] },
};

const bytes = spec.body === "Buffer";
const cases = [];
for (const [operation, contenders] of Object.entries(groups[spec.headers])) {
  const suffix = operation === "check" ? ", check only" : "";
  for (const contender of contenders.map((make) => make())) {
    cases.push(await caseOf(contender, operation, text, { bytes, name: contender.name + suffix }));
    if (spec.headers !== "fetch") continue;
    const name = `${contender.name + suffix}, Headers`;
    cases.push(await caseOf(contender, operation, text, { bytes, fetchHeaders: true, name }));
  }
}
if (spec.headers === "plain") {
  const fresh = (name, Class) => ({ name, family: "svix", verify: (body, h) => new Class(SECRET).verify(body, h) });
  cases.push(await caseOf(fresh("svix 1.99, new each call", Svix), "verify", text, { bytes }));
  cases.push(await caseOf(fresh("hookseal, new each call", Webhook), "verify", text, { bytes }));
}
tell(await measure(cases, spec));
