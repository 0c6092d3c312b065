// A client that makes one mistake fails against the contract servers: the calls of the client suite would, too. Needs
// pkg/.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Reducto, svixWebhook } from "../../pkg/reducto.js";
import { ScaiKeyWebhooks } from "../../pkg/scaikey.js";
import { startContract } from "./server.mjs";

const TOKEN = "token";

/** @type {Record<"reducto" | "scaikey", import("./server.mjs").ContractServer>} */
let servers;
before(async () => {
  servers = { reducto: await startContract("reducto", TOKEN), scaikey: await startContract("scaikey", TOKEN) };
});
after(() => Promise.all(Object.values(servers).map((server) => server.stop())));

/** @typedef {{url: string, method: string, headers: Headers, body: any}} Sent */
/** @typedef {(clients: {reducto: Reducto, scaikey: ScaiKeyWebhooks}) => Promise<unknown>} Call */

/**
 * Clients whose requests are spoilt on their way.
 * @param {(sent: Sent) => void} spoil
 */
function clients(spoil) {
  const fetch = (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    const sent = { url, method: init.method ?? "GET", headers: new Headers(init.headers), body: init.body };
    spoil(sent);
    return globalThis.fetch(sent.url, { ...init, method: sent.method, headers: sent.headers, body: sent.body });
  };
  return {
    reducto: new Reducto({ apiKey: TOKEN, baseUrl: servers.reducto.url, fetch, maxRetries: 0 }),
    scaikey: new ScaiKeyWebhooks({ token: TOKEN, baseUrl: servers.scaikey.url, fetch, maxRetries: 0 }),
  };
}

/** @type {Record<string, Call>} */
const CALLS = {
  portalUrl: ({ reducto }) => reducto.portalUrl({ userId: "user-1" }),
  submit: ({ reducto }) => reducto.submit("parse", { input: "x" }, { webhook: svixWebhook({ channels: ["a"] }) }),
  edit: ({ reducto }) => reducto.submit("edit", { document_url: "x" }, { webhook: svixWebhook(), metadata: 1 }),
  job: ({ reducto }) => reducto.job("job-1"),
  jobs: async ({ reducto }) => {
    for await (const _ of reducto.jobs({ limit: 5 }));
  },
  list: ({ scaikey }) => scaikey.list({ perPage: 5 }),
  create: ({ scaikey }) => scaikey.create({ url: "https://x.example" }),
  update: ({ scaikey }) => scaikey.update("w1", {}),
  retry: ({ scaikey }) => scaikey.retry("w1", 7),
};

/** @param {(body: any) => unknown} change @returns {(sent: Sent) => void} */
const inBody = (change) => (sent) => {
  const body = typeof sent.body === "string" ? sent.body : new TextDecoder().decode(sent.body);
  sent.body = JSON.stringify(change(JSON.parse(body)));
};

/** @param {string} from @param {string} to @returns {(sent: Sent) => void} */
const inUrl = (from, to) => (sent) => {
  assert.ok(sent.url.includes(from), `${from} is not in ${sent.url}`);
  sent.url = sent.url.replace(from, to);
};

/** @type {[what: string, call: string, spoil: (sent: Sent) => void][]} */
const MISTAKES = [
  ["a path", "portalUrl", inUrl("/configure_webhook", "/configure-webhook")],
  ["a path", "job", inUrl("/job/", "/jobs/")],
  ["a slash left out", "list", inUrl("/webhooks/", "/webhooks")],
  ["a query name", "jobs", inUrl("limit", "per_page")],
  ["a query name", "list", inUrl("per_page", "perPage")],
  ["a query value", "jobs", inUrl("limit=5", "limit=5000")],
  ["a method", "update", (sent) => void (sent.method = "PUT")],
  ["a header left out", "job", ({ headers }) => headers.delete("authorization")],
  ["a header's form", "retry", ({ headers }) => headers.set("authorization", TOKEN)],
  [
    "a header's name",
    "portalUrl",
    ({ headers }) => {
      headers.set("userid", headers.get("user-id") ?? "");
      headers.delete("user-id");
    },
  ],
  ["the content type", "create", ({ headers }) => headers.set("content-type", "text/plain")],
  ["a body left out", "create", (sent) => void (sent.body = undefined)],
  ["a body too many", "retry", (sent) => void (sent.body = "{}")],
  ["a body's form", "create", inBody((body) => [body])],
  ["a member's name", "submit", inBody(({ async: { webhook }, ...job }) => ({ ...job, async: { webHook: webhook } }))],
  ["a member's place", "submit", inBody(({ async: { webhook }, ...job }) => ({ ...job, webhook }))],
  ["a member's place", "edit", inBody(({ webhook, ...job }) => ({ ...job, async: { webhook } }))],
  ["a member's value", "submit", inBody((body) => ({ ...body, async: { webhook: { mode: "Svix" } } }))],
];

for (const [name, call] of Object.entries(CALLS)) {
  test(`${name} is right`, async () => {
    await call(clients(() => {}));
  });
}
for (const [what, name, spoil] of MISTAKES) {
  test(`${name} fails when wrong is ${what}`, async () => {
    const error = await Promise.resolve(CALLS[name]?.(clients(spoil))).then(
      () => assert.fail("the contract server took it"),
      (reason) => reason,
    );
    assert.equal(error.name, "ApiError", error.message);
    assert.equal(error.status, 400);
    assert.match(error.message, /against the contract/);
  });
}
