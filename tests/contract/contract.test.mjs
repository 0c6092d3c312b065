// The OpenAPI documents are valid, say what they should, and the servers made from them refuse what is wrong.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createConfig, lint } from "@redocly/openapi-core";
import { startContract } from "./server.mjs";

const TOKEN = "token";
const JOB = { input: "https://example.com/a.pdf" };
const SVIX = { mode: "svix" };

describe("the documents", () => {
  for (const name of ["reducto", "scaikey"]) {
    test(`${name}.openapi.yaml passes the linter`, async () => {
      const config = await createConfig({
        extends: ["recommended"],
        rules: {
          "no-unused-components": "error",
          // Both services leave their answers open, and an unknown status is one of the examples.
          "no-invalid-media-type-examples": { severity: "error", allowAdditionalProperties: true },
          // In `not: { required: […] }` it is the point.
          "no-required-schema-properties-undefined": "off",
          // Licences and descriptions are the services' to publish.
          "info-license": "off",
          "tag-description": "off",
          // The slash is a part of ScaiKey's path, and its `events` is no webhook id.
          ...(name === "scaikey" && { "no-path-trailing-slash": "off", "no-ambiguous-paths": "off" }),
          "no-server-example.com": "off",
        },
      });
      const problems = await lint({ ref: fileURLToPath(new URL(`${name}.openapi.yaml`, import.meta.url)), config });
      assert.deepEqual(
        problems.map(({ ruleId, message, location: [at] }) => `${ruleId} ${at?.pointer}: ${message}`),
        [],
      );
    });
  }
});

/** @typedef {{method?: string, path: string, body?: unknown, headers?: Record<string, string>}} Sent */

/** @param {string} url @param {Sent} sent */
const send = (url, { method = "GET", path, body, headers }) =>
  fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${TOKEN}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });

/**
 * @param {"reducto" | "scaikey"} name
 * @param {[string, Sent][]} right
 * @param {[string, Sent, RegExp][]} wrong each with what the server must say
 */
function servers(name, right, wrong) {
  describe(`the ${name} server`, () => {
    /** @type {import("./server.mjs").ContractServer} */
    let server;
    before(async () => {
      server = await startContract(name, TOKEN);
    });
    after(() => server.stop());

    for (const [what, sent] of right) {
      test(`takes ${what}`, async () => {
        const response = await send(server.url, sent);
        assert.ok(response.ok, `${response.status} ${await response.clone().text()}`);
      });
    }
    for (const [what, sent, says] of wrong) {
      test(`refuses ${what}`, async () => {
        const response = await send(server.url, sent);
        assert.equal(response.status, 400);
        assert.match((await response.json()).detail, says);
      });
    }
    test("tells every operation of the document", () => {
      assert.equal(server.operations.length, name === "reducto" ? 9 : 12);
      const called = new Set(server.calls.filter(({ status }) => status < 300).map(({ operation }) => operation));
      assert.equal(called.size, server.operations.length, "right requests cover every operation");
    });
  });
}

const post = (
  /** @type {string} */ path,
  /** @type {unknown} */ body,
  /** @type {Record<string, string>} */ headers = {},
) => ({
  method: "POST",
  path,
  body,
  headers,
});
const withConfig = (/** @type {unknown} */ webhook) => post("/parse_async", { ...JOB, async: { webhook } });

servers(
  "reducto",
  [
    ["the portal call", post("/configure_webhook", undefined)],
    ["a user's portal call", post("/configure_webhook", undefined, { "user-id": "u" })],
    ...["parse", "extract", "split", "pipeline"].map(
      (kind) =>
        /** @type {[string, Sent]} */ ([
          `${kind}_async`,
          post(`/${kind}_async`, {
            ...JOB,
            async: { webhook: { mode: "direct", url: "https://x.example/" }, metadata: 1, priority: true },
          }),
        ]),
    ),
    [
      "edit_async",
      post("/edit_async", { ...JOB, webhook: { ...SVIX, channels: ["a"], metadata: null }, priority: false }),
    ],
    ["a job", { path: "/job/1" }],
    ["jobs", { path: "/jobs?cursor=a&limit=500&exclude_configs=true" }],
    ["cancel", post("/cancel/1", undefined)],
  ],
  [
    ["another path", { path: "/jobb/1" }, /no GET \/jobb/],
    ["a slash too many", { path: "/jobs/" }, /no GET/],
    ["another method", { path: "/parse_async" }, /no GET/],
    ["another query name", { path: "/jobs?per_page=1" }, /no query parameter per_page/],
    ["a query that stands twice", { path: "/jobs?limit=1&limit=2" }, /twice|limit/],
    ["a limit over 500", { path: "/jobs?limit=501" }, /500/],
    ["a limit of 0", { path: "/jobs?limit=0" }, />= 1/],
    ["a limit that is no number", { path: "/jobs?limit=all" }, /integer/],
    ["no Authorization header", { path: "/job/1", headers: { authorization: "" } }, /Authorization/],
    ["another scheme", { path: "/job/1", headers: { authorization: TOKEN } }, /Authorization/],
    ["another token", { path: "/job/1", headers: { authorization: `Bearer ${TOKEN}x` } }, /Authorization/],
    ["user-id where it does not belong", { path: "/job/1", headers: { "user-id": "u" } }, /user-id/],
    ["another name for user-id", post("/configure_webhook", undefined, { "x-user-id": "u" }), /no header x-user-id/],
    ["a body for the portal", post("/configure_webhook", {}), /there is a body/],
    ["a type without a body", post("/cancel/1", undefined, { "content-type": "application/json" }), /Content-Type/],
    ["no body for a job", post("/parse_async", undefined), /required/],
    ["a body that is no object", post("/parse_async", [JOB]), /object/],
    [
      "a body of another type",
      post("/parse_async", JSON.stringify(JOB), { "content-type": "text/plain" }),
      /Content-Type/,
    ],
    ["edit's shape for parse", post("/parse_async", { ...JOB, webhook: SVIX }), /NOT/],
    ["parse's shape for edit", post("/edit_async", { ...JOB, async: { webhook: SVIX } }), /NOT/],
    ["metadata in the webhook of parse", withConfig({ ...SVIX, metadata: 1 }), /additional/],
    ["an unknown async member", post("/parse_async", { async: { meta: 1 } }), /additional/],
    ["a priority that is no boolean", post("/parse_async", { async: { priority: "high" } }), /boolean/],
    ["an unknown mode", withConfig({ mode: "email" }), /mode/],
    ["no mode", withConfig({ channels: [] }), /mode/],
    ["direct without a URL", withConfig({ mode: "direct" }), /url/],
    ["direct without TLS", withConfig({ mode: "direct", url: "http://x.example/" }), /url/],
    ["direct with channels", withConfig({ mode: "direct", url: "https://x.example/", channels: [] }), /channels/],
    ["svix with a URL", withConfig({ ...SVIX, url: "https://x.example/" }), /url/],
    ["disabled with channels", withConfig({ mode: "disabled", channels: [] }), /channels/],
    ["eleven channels", withConfig({ ...SVIX, channels: Array(11).fill("a") }), /10/],
    ["a channel with a space", withConfig({ ...SVIX, channels: ["a b"] }), /pattern/],
    ["an empty channel", withConfig({ ...SVIX, channels: [""] }), /pattern/],
    ["a channel of 129 characters", withConfig({ ...SVIX, channels: ["x".repeat(129)] }), /pattern/],
    ["an unknown member of edit's webhook", post("/edit_async", { webhook: { ...SVIX, token: "x" } }), /token/],
  ],
);

const BASE = "/api/v1/admin/webhooks/";
servers(
  "scaikey",
  [
    ["list", { path: `${BASE}?page=1&per_page=2&tenant_id=t&partner_id=p` }],
    ["create", post(BASE, { anything: 1 })],
    ["events", { path: `${BASE}events` }],
    ["get", { path: `${BASE}a%2Fb` }],
    ["update", { method: "PATCH", path: `${BASE}w`, body: {} }],
    ["delete", { method: "DELETE", path: `${BASE}w` }],
    ["deliveries", { path: `${BASE}w/deliveries?page=1&per_page=2&status=failed` }],
    ["delivery", { path: `${BASE}w/deliveries/7` }],
    ["retry", post(`${BASE}w/deliveries/7/retry`, undefined)],
    ["rotate-secret", post(`${BASE}w/rotate-secret`, undefined)],
    ["stats", { path: `${BASE}w/stats` }],
    ["test", post(`${BASE}w/test`, undefined)],
  ],
  [
    ["the collection without its slash", { path: BASE.slice(0, -1) }, /no GET/],
    ["an id with a slash after it", { path: `${BASE}w/` }, /no GET/],
    ["the query name in camel case", { path: `${BASE}?perPage=1` }, /no query parameter perPage/],
    ["list's query name for deliveries", { path: `${BASE}w/deliveries?tenant_id=t` }, /no query parameter tenant_id/],
    ["a page that is no number", { path: `${BASE}?page=x` }, /integer/],
    ["a delivery id that is no integer", { path: `${BASE}w/deliveries/x` }, /integer/],
    ["PUT for PATCH", { method: "PUT", path: `${BASE}w`, body: {} }, /no PUT/],
    ["rotate_secret", post(`${BASE}w/rotate_secret`, undefined), /no POST/],
    ["create without a body", post(BASE, undefined), /required/],
    ["create with a list", post(BASE, []), /object/],
    ["a body for retry", post(`${BASE}w/deliveries/7/retry`, {}), /there is a body/],
    ["another token", { path: `${BASE}events`, headers: { authorization: "Bearer x" } }, /Authorization/],
  ],
);
