// Answers that are not what was promised.

import { check, equal } from "../suite/harness.mjs";
import { clientTest, collect, failure, fault, says } from "./target.mjs";

clientTest("truncated JSON is an ApiResponseError that shows its first 200 bytes", async () => {
  const error = await failure(() => fault("truncated", { maxRetries: 0 }).reducto.job("j"), "ApiResponseError");
  equal(error.status, 200);
  says(error.message, "200", "application/json", '{"job_id":"job-1"');
  check(!`${error.message}${JSON.stringify(error)}`.includes("THE-END"), "more than 200 bytes are shown");
});

clientTest("HTML from a proxy is an ApiResponseError that shows status, type and beginning", async () => {
  for (const service of /** @type {const} */ (["reducto", "scaikey"])) {
    const client = /** @type {any} */ (fault("html", { maxRetries: 0 })[service]);
    const error = await failure(() => (service === "reducto" ? client.job("j") : client.events()), "ApiResponseError");
    equal(error.status, 200);
    says(error.message, "200", "text/html", "Bad Gateway");
    check(!error.message.includes("THE-END"), "the whole page is shown");
  }
});

clientTest("JSON of another form is an ApiResponseError", async () => {
  const { reducto } = fault("other", { maxRetries: 0 });
  for (const call of [
    () => reducto.portalUrl(),
    () => reducto.submit("parse", {}),
    () => reducto.job("j"),
    () => collect(reducto.jobs()),
    () => reducto.result("j"),
  ]) {
    await failure(call, "ApiResponseError");
  }
});

clientTest("an empty body is an ApiResponseError where one was promised", async () => {
  const { reducto, scaikey } = fault("empty", { maxRetries: 0 });
  await failure(() => reducto.job("j"), "ApiResponseError");
  await failure(() => reducto.portalUrl(), "ApiResponseError");
  await failure(() => scaikey.events(), "ApiResponseError");
});

clientTest("a gzip body is read", async () => {
  equal((await fault("gzip").reducto.job("j")).status, "Completed");
  equal(await fault("gzip").reducto.submit("split", {}), "job-1");
});

clientTest("the portal URL is decoded", async () => {
  equal(await fault("portal").reducto.portalUrl(), "https://app.svix.com/app_1?locale=en#key=PORTAL-KEY");
});

for (const name of ["large-100", "large-100-declared", "large-100-gzip"]) {
  clientTest(`a body over 64 MiB is refused (${name})`, async () => {
    const { scaikey } = fault(name, { maxRetries: 0 });
    says((await failure(() => scaikey.events(), "ApiResponseError")).message, /64 MiB|67108864|too large|larger/i);
  });
}

clientTest("a body of 2 MiB is read", async () => {
  equal(/** @type {any} */ (await fault("large-2").scaikey.events()).length, 2 ** 21 - 2);
});

clientTest("how large a body may be can be set", async () => {
  const { scaikey } = fault("large-2", { maxRetries: 0, maxResponseBytes: 2 ** 20 });
  await failure(() => scaikey.events(), "ApiResponseError");
});
