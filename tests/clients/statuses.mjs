// What the services refuse, as errors that a newcomer can act on.

import * as reductoEntry from "hookseal/reducto";
import * as scaikeyEntry from "hookseal/scaikey";
import { check, equal } from "../suite/harness.mjs";
import { clientTest, failure, fault, says } from "./target.mjs";

for (const status of [401, 403, 404, 409, 410]) {
  clientTest(`${status} is an ApiError`, async () => {
    for (const service of /** @type {const} */ (["reducto", "scaikey"])) {
      const client = /** @type {any} */ (fault(`${status}`, { maxRetries: 0 })[service]);
      const error = await failure(() => (service === "reducto" ? client.job("job-1") : client.get("w1")), "ApiError");
      equal([error.status, error.requestId], [status, "req_7"]);
      equal(typeof error.code, "string");
      says(error.message, `${status}`, `refused with ${status}`);
      equal(error instanceof Error, true);
    }
  });
}

clientTest("the codes of statuses differ", async () => {
  const codes = [];
  for (const status of [401, 403, 404, 409, 410, 422, 429, 500]) {
    const { reducto } = fault(status === 422 ? "invalid" : `${status}`, { maxRetries: 0 });
    codes.push((await failure(() => reducto.job("job-1"), "ApiError")).code);
  }
  check(new Set(codes).size >= 5, `codes: ${codes}`);
});

clientTest("the message of a 401 says what to look at", async () => {
  says((await failure(() => fault("401").reducto.job("j"))).message, /api ?key|credential/i);
  says((await failure(() => fault("401").scaikey.events())).message, /token|credential/i);
});

clientTest("422 has its details, and a message with all of them", async () => {
  const { reducto } = fault("invalid");
  const error = await failure(() => reducto.submit("parse", {}), "ApiError");
  equal(error.status, 422);
  equal(error.detail, [
    { loc: ["body", "input"], msg: "Field required", type: "missing", input: { given: 1 } },
    {
      loc: ["body", "pages", 0],
      msg: "Input should be greater than 0",
      type: "greater_than",
      input: 0,
      ctx: { gt: 0 },
    },
  ]);
  says(error.message, "body", "input", "Field required", /pages.{0,2}0/, "Input should be greater than 0");
});

clientTest("an error of HTML keeps its status and shows the page's beginning, not all of it", async () => {
  const error = await failure(() => fault("html-403").reducto.job("j"), "ApiError");
  equal(error.status, 403);
  check(!`${error.message}${JSON.stringify(error)}`.includes("THE-END"), "the whole page is in the error");
  equal((await failure(() => fault("html-502", { maxRetries: 0 }).reducto.job("j"), "ApiError")).status, 502);
});

clientTest("the error classes are exported, and the same for both services", async () => {
  const { ApiError, ApiConnectionError, ApiTimeoutError, ApiResponseError } = /** @type {any} */ (reductoEntry);
  for (const [name, type] of Object.entries({ ApiError, ApiConnectionError, ApiTimeoutError, ApiResponseError })) {
    equal(typeof type, "function", name);
    equal(/** @type {any} */ (scaikeyEntry)[name] === type, true, `${name} of hookseal/scaikey`);
  }
  const error = await failure(() => fault("404").scaikey.get("w"));
  equal([error instanceof ApiError, error instanceof ApiConnectionError], [true, false]);
});
