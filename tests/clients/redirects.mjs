// Redirects: with the credentials within an origin, never to another one.

import { check, equal } from "../suite/harness.mjs";
import { clientTest, failure, fault } from "./target.mjs";
import { API_KEY, JWT } from "./tokens.mjs";

for (const name of ["redirect-same", "redirect-relative"]) {
  clientTest(`a redirect within the origin is followed (${name})`, async () => {
    const { reducto, arrived } = fault(name);
    equal((await reducto.job("j")).status, "Completed");
    const [, second] = await arrived();
    equal(
      [second?.origin, second?.path, second?.headers.authorization],
      ["first", "/moved/job/j", `Bearer ${API_KEY}`],
    );
  });
}

clientTest("another origin never sees the credentials, nor the user", async () => {
  const { reducto, scaikey, arrived } = fault("redirect-other", {
    maxRetries: 0,
    headers: { "x-gateway-key": "GATEWAY" },
  });
  for (const call of [
    () => reducto.job("j"),
    () => reducto.portalUrl({ userId: "user-1" }),
    () => reducto.submit("parse", { input: "x" }),
    () => scaikey.events(),
    () => scaikey.create({}),
  ]) {
    await Promise.resolve(call()).catch(() => {});
  }
  const requests = await arrived();
  equal(requests.filter(({ origin }) => origin === "first").length, 5, "requests at the first origin");
  for (const { origin, headers } of requests) {
    if (origin === "first") continue;
    equal([headers.authorization, headers["user-id"], headers["x-gateway-key"]], [undefined, undefined, undefined]);
    check(!JSON.stringify(headers).includes(API_KEY) && !JSON.stringify(headers).includes(JWT), "the key leaked");
  }
});

clientTest("a submission is not sent on to another origin", async () => {
  const { reducto, arrived } = fault("redirect-other", { maxRetries: 0 });
  await failure(() => reducto.submit("parse", { input: "x" }, { metadata: { secret: "x" } }));
  equal(
    (await arrived()).filter(({ origin }) => origin === "other"),
    [],
  );
});

clientTest("redirects in a circle end", async () => {
  const { reducto, arrived } = fault("redirect-loop", { maxRetries: 0 });
  await failure(() => reducto.job("j"));
  const { length } = await arrived();
  check(length <= 25, `${length} requests`);
});
