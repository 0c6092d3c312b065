// ScaiKey's twelve calls against its contract, and what exactly they send.

import { equal } from "../suite/harness.mjs";
import { clientTest, failure, fault, prefer, says, scaikey } from "./target.mjs";
import { JWT } from "./tokens.mjs";

const BASE = "/api/v1/admin/webhooks/";
const ANY = { placeholder: 1 };

/** @typedef {any} Client */

/** @type {[name: string, call: (client: Client) => Promise<unknown>, method: string, path: string, body?: unknown][]} */
const CALLS = [
  ["list", (client) => client.list(), "GET", BASE],
  ["create", (client) => client.create({ url: "https://x.example" }), "POST", BASE, { url: "https://x.example" }],
  ["events", (client) => client.events(), "GET", `${BASE}events`],
  ["get", (client) => client.get("w1"), "GET", `${BASE}w1`],
  ["update", (client) => client.update("w1", { active: false }), "PATCH", `${BASE}w1`, { active: false }],
  ["delete", (client) => client.delete("w1"), "DELETE", `${BASE}w1`],
  ["deliveries", (client) => client.deliveries("w1"), "GET", `${BASE}w1/deliveries`],
  ["delivery", (client) => client.delivery("w1", 7), "GET", `${BASE}w1/deliveries/7`],
  ["retry", (client) => client.retry("w1", 7), "POST", `${BASE}w1/deliveries/7/retry`],
  ["rotateSecret", (client) => client.rotateSecret("w1"), "POST", `${BASE}w1/rotate-secret`],
  ["stats", (client) => client.stats("w1"), "GET", `${BASE}w1/stats`],
  ["test", (client) => client.test("w1"), "POST", `${BASE}w1/test`],
];

for (const [name, call, method, path, body] of CALLS) {
  clientTest(`contract: ${name}`, async () => {
    equal(await call(scaikey()), name === "delete" ? undefined : ANY);
  });

  clientTest(`what ${name} sends`, async () => {
    const { scaikey: client, arrived } = fault("good");
    await call(client);
    const requests = await arrived();
    equal(requests.length, 1, "requests");
    const [request] = requests;
    equal([request?.method, request?.path, request?.headers.authorization], [method, path, `Bearer ${JWT}`]);
    if (body === undefined) equal([request?.body, request?.headers["content-type"]], ["", undefined]);
    else equal(JSON.parse(request?.body ?? ""), body);
  });

  clientTest(`contract: 422 of ${name}`, async () => {
    const { status, detail } = await failure(() => call(scaikey(prefer("code=422"))), "ApiError");
    equal(
      [status, detail],
      [
        422,
        [
          { loc: ["body", "url"], msg: "Field required", type: "missing" },
          { loc: ["body", "events", 0], msg: "Unknown event", type: "value_error" },
        ],
      ],
    );
  });
}

clientTest("contract: query parameters", async () => {
  equal(await scaikey().list({ page: 2, perPage: 50, tenantId: "t 1", partnerId: "p&1" }), ANY);
  equal(await scaikey().list({ page: 1 }), ANY);
  equal(await scaikey().deliveries("w1", { page: 2, perPage: 50, status: "failed" }), ANY);
});

clientTest("query parameters are what was meant", async () => {
  const { scaikey: client, arrived } = fault("good");
  await client.list({ page: 2, perPage: 50, tenantId: "t 1", partnerId: "p&1=+é" });
  await client.deliveries("w1", { page: 0, perPage: 1, status: "a,b" });
  await client.list({ page: undefined, tenantId: undefined });
  const requests = (await arrived()).map(({ path }) => new URL(path, "http://x"));
  equal(
    requests.map(({ pathname }) => pathname),
    [BASE, `${BASE}w1/deliveries`, BASE],
  );
  equal(
    requests.map(({ searchParams }) => Object.fromEntries(searchParams)),
    [
      { page: "2", per_page: "50", tenant_id: "t 1", partner_id: "p&1=+é" },
      { page: "0", per_page: "1", status: "a,b" },
      {},
    ],
  );
});

clientTest("contract: any JSON is passed on", async () => {
  equal(await scaikey(prefer("example=list")).list(), ["placeholder"]);
  equal(await scaikey(prefer("example=nothing")).events(), null);
});

clientTest("a webhook id is one path segment", async () => {
  const { scaikey: client, arrived } = fault("good");
  await client.get("a/b?c#d é%2F");
  await client.get("events/");
  await client.stats("../events");
  equal(
    (await arrived()).map(({ path }) => path),
    [`${BASE}a%2Fb%3Fc%23d%20%C3%A9%252F`, `${BASE}events%2F`, `${BASE}..%2Fevents/stats`],
  );
});

clientTest("a bad webhook id is refused before anything is sent, and the message says so", async () => {
  const { scaikey, arrived } = fault("good");
  const client = /** @type {any} */ (scaikey);
  for (const id of ["", ".", "..", undefined, null, {}]) {
    for (const call of [
      () => client.get(id),
      () => client.update(id, {}),
      () => client.delete(id),
      () => client.deliveries(id),
      () => client.delivery(id, 7),
      () => client.retry(id, 7),
      () => client.rotateSecret(id),
      () => client.stats(id),
      () => client.test(id),
    ]) {
      says((await failure(call)).message, /\bid\b/i);
    }
  }
  equal(await arrived(), []);
});

clientTest("a delivery id that is no integer is refused before anything is sent", async () => {
  const { scaikey, arrived } = fault("good");
  const client = /** @type {any} */ (scaikey);
  for (const id of ["", ".", "..", "x", 1.5, Number.NaN, Number.POSITIVE_INFINITY, undefined, null, {}]) {
    for (const call of [() => client.delivery("w1", id), () => client.retry("w1", id)]) {
      says((await failure(call)).message, /\bid\b/i);
    }
  }
  equal(await arrived(), []);
});

clientTest("a body that is no object is refused before anything is sent", async () => {
  const { scaikey, arrived } = fault("good");
  const client = /** @type {any} */ (scaikey);
  for (const body of [undefined, null, "x", 1, [1]]) {
    for (const call of [() => client.create(body), () => client.update("w1", body)]) {
      says((await failure(call)).message, /body|object/i);
    }
  }
  equal(await arrived(), []);
});
