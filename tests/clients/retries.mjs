// What is tried again, when, and how often; and what is not.

import { check, equal } from "../suite/harness.mjs";
import { clientTest, failure, fault } from "./target.mjs";

/** The milliseconds between two requests. @param {import("./target.mjs").Arrived[]} requests */
function gapOf(requests) {
  equal(requests.length, 2, "requests");
  return /** @type {any} */ (requests[1]).at - /** @type {any} */ (requests[0]).at;
}

clientTest("500, then 200: read again", async () => {
  const { reducto, arrived } = fault("500-once");
  equal((await reducto.job("job-1")).status, "Completed");
  equal((await arrived()).length, 2);
});

// The first wait that nobody asks for is half a second at most.
clientTest("429 with Retry-After in seconds", async () => {
  const { reducto, arrived } = fault("429-seconds");
  equal((await reducto.job("job-1")).status, "Completed");
  const gap = gapOf(await arrived());
  check(gap >= 950 && gap < 5000, `waited ${gap} ms`);
});

clientTest("429 with Retry-After as a date", async () => {
  const { scaikey, arrived } = fault("429-date");
  await scaikey.events();
  const gap = gapOf(await arrived());
  check(gap >= 950 && gap < 6000, `waited ${gap} ms`);
});

clientTest("429 with retry-after-ms", async () => {
  const { reducto, arrived } = fault("429-ms");
  equal((await reducto.job("job-1")).status, "Completed");
  const gap = gapOf(await arrived());
  check(gap >= 690 && gap < 5000, `waited ${gap} ms`);
});

clientTest("nobody waits for a day", async () => {
  const { reducto } = fault("429-in-a-day");
  const started = Date.now();
  // Tried earlier, or given up with the error.
  await Promise.resolve(reducto.job("job-1")).catch((/** @type {any} */ error) => equal(error.status, 429));
  check(Date.now() - started < 40_000, "waited too long");
});

clientTest("503 with Retry-After", async () => {
  const { scaikey, arrived } = fault("503-seconds");
  await scaikey.get("w1");
  const gap = gapOf(await arrived());
  check(gap >= 950 && gap < 5000, `waited ${gap} ms`);
});

clientTest("twice again by default, else as maxRetries says", async () => {
  for (const [options, requests] of /** @type {const} */ ([
    [{}, 3],
    [{ maxRetries: 0 }, 1],
    [{ maxRetries: 4 }, 5],
  ])) {
    const { reducto, arrived } = fault("429", options);
    equal((await failure(() => reducto.job("job-1"), "ApiError")).status, 429);
    equal((await arrived()).length, requests);
  }
});

for (const status of [401, 403, 404, 410]) {
  clientTest(`${status} is not tried again`, async () => {
    const { reducto, arrived } = fault(`${status}`);
    await failure(() => reducto.job("job-1"), "ApiError");
    equal((await arrived()).length, 1);
  });
}

clientTest("422 is not tried again", async () => {
  const { scaikey, arrived } = fault("invalid");
  await failure(() => scaikey.create({}), "ApiError");
  equal((await arrived()).length, 1);
});

/**
 * How often the host's own fetch sends a POST whose connection is dropped. Deno 2.9.5 does twice, as on every stale
 * connection: https://github.com/denoland/deno/issues/35610
 */
async function repeatedByHost() {
  const { baseUrl, arrived } = fault("dropped-once");
  await fetch(`${baseUrl}/x`, { method: "POST", body: "{}" }).then(
    (response) => response.text(),
    () => {},
  );
  return (await arrived()).length;
}

/** @type {[string, (clients: any) => Promise<unknown>][]} */
const ONCE = [
  ["submit", ({ reducto }) => reducto.submit("parse", { input: "x" })],
  ["submit of edit", ({ reducto }) => reducto.submit("edit", { document_url: "x" })],
  ["create", ({ scaikey }) => scaikey.create({})],
  ["retry", ({ scaikey }) => scaikey.retry("w1", 7)],
  ["rotateSecret", ({ scaikey }) => scaikey.rotateSecret("w1")],
  ["test", ({ scaikey }) => scaikey.test("w1")],
];
for (const [name, call] of ONCE) {
  clientTest(`${name} is not repeated after a 500`, async () => {
    const clients = fault("500-once");
    equal((await failure(() => call(clients), "ApiError")).status, 500);
    equal((await clients.arrived()).length, 1);
  });

  clientTest(`${name} is not repeated after a dropped connection`, async () => {
    const clients = fault("dropped-once");
    const error = await Promise.resolve(call(clients)).then(
      () => undefined,
      (/** @type {any} */ reason) => reason,
    );
    const { length } = await clients.arrived();
    const own = await repeatedByHost();
    check(length <= own, `sent ${length} times, where the host's fetch alone sends ${own} times`);
    if (length === 1) equal(error?.name, "ApiConnectionError");
  });
}

clientTest("the same body is sent again", async () => {
  const { reducto, arrived } = fault("429-ms");
  const answer = await reducto.submit("parse", { input: "x" }).catch((/** @type {unknown} */ error) => error);
  const requests = await arrived();
  // Whether a refused submission is repeated is the policy's; if it is, then whole.
  for (const { body } of requests) equal(JSON.parse(body).input, "x");
  equal(requests.length === 1 ? /** @type {any} */ (answer).status : answer, requests.length === 1 ? 429 : "job-1");
});
