// The clients over a local server and an injected fetch: what is sent, what comes back, what an error shows. The
// contract itself is tested in tests/contract.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { root } from "../scripts/lib/run.mjs";

const entry = (/** @type {string} */ name) => import(pathToFileURL(join(root, "pkg", `${name}.js`)).href);
const reductoEntry = await entry("reducto");
const { Reducto, svixWebhook, directWebhook, noWebhook, verifyDirect } = reductoEntry;
const { ApiError, ApiConnectionError, ApiTimeoutError, ApiResponseError } = reductoEntry;
const { ScaiKeyWebhooks } = await entry("scaikey");

const KEY = "key_that_must_not_be_seen";
const PORTAL = "https://app.svix.com/login#key=fragment_that_must_not_be_seen";

/** @type {import("node:http").Server} */
let server;
let base = "";
/** @type {{method?: string, url?: string, headers: import("node:http").IncomingHttpHeaders, body: string}[]} */
let seen = [];
/** @type {((request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void)[]} */
let answers = [];

before(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    (answers.shift() ?? json(404, { detail: "unscripted" }))(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  answers = [];
});

const json =
  (/** @type {number} */ status, /** @type {unknown} */ value, headers = {}) =>
  (_, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
const text =
  (/** @type {string} */ body, headers = {}) =>
  (_, response) =>
    response.writeHead(200, headers).end(body);
const reducto = (options = {}) => new Reducto({ apiKey: KEY, baseUrl: base, ...options });
const scaikey = (options = {}) => new ScaiKeyWebhooks({ baseUrl: base, token: KEY, ...options });

/** The error of a promise, after a look for secrets in every form in which it can be printed. */
async function failureOf(promise) {
  const error = await promise.then(
    () => assert.fail("nothing was thrown"),
    (error) => error,
  );
  for (const form of [
    String(error),
    error.stack,
    inspect(error, { depth: 9, showHidden: true }),
    JSON.stringify(error),
  ]) {
    assert.doesNotMatch(form ?? "", /must_not_be_seen/);
  }
  return error;
}

describe("Reducto", () => {
  test("portalUrl decodes the JSON string", async () => {
    answers = [json(200, PORTAL)];
    assert.equal(await reducto().portalUrl({ userId: "u-1" }), PORTAL);
    const [{ method, url, headers, body }] = seen;
    assert.deepEqual([method, url, body], ["POST", "/configure_webhook", ""]);
    assert.equal(headers.authorization, `Bearer ${KEY}`);
    assert.equal(headers["user-id"], "u-1");
  });

  test("submit puts the webhook where each kind has it", async () => {
    const webhook = svixWebhook({ channels: ["a:b"] });
    for (const kind of ["parse", "extract", "split", "pipeline"]) {
      answers = [json(200, { job_id: "1" })];
      assert.equal(
        await reducto().submit(kind, { input: "é" }, { webhook, metadata: { a: [1] }, priority: true }),
        "1",
      );
      assert.equal(seen.at(-1)?.url, `/${kind}_async`);
      assert.deepEqual(JSON.parse(seen.at(-1)?.body ?? ""), {
        input: "é",
        async: { webhook: { mode: "svix", channels: ["a:b"] }, metadata: { a: [1] }, priority: true },
      });
    }
    answers = [json(200, { job_id: "1" })];
    await reducto().submit("edit", { input: "x" }, { webhook, metadata: { a: 1 }, priority: false });
    assert.deepEqual(JSON.parse(seen.at(-1)?.body ?? ""), {
      input: "x",
      webhook: { mode: "svix", channels: ["a:b"], metadata: { a: 1 } },
      priority: false,
    });
    answers = [json(200, { job_id: "1" })];
    await reducto().submit("parse", { input: "x" });
    assert.equal(seen.at(-1)?.body, '{"input":"x"}');
  });

  test("a direct webhook's token goes into the metadata, and verifyDirect finds it", async () => {
    const webhook = directWebhook("https://example.com/hook", { token: KEY });
    assert.doesNotMatch(inspect(webhook, { showHidden: true }) + JSON.stringify(webhook) + webhook, /must_not/);
    answers = [json(200, { job_id: "1" })];
    await reducto().submit("parse", {}, { webhook, metadata: { user: 1 } });
    const { metadata } = JSON.parse(seen[0]?.body ?? "").async;
    const update = verifyDirect(JSON.stringify({ status: "Completed", job_id: "1", metadata }), KEY);
    assert.deepEqual(update.metadata, { user: 1 });
  });

  test("refuses before anything is sent", async () => {
    const cases = [
      [() => new Reducto({ apiKey: "" }), "invalid_api_key"],
      [() => new Reducto({ apiKey: "Bearer x" }), "invalid_api_key"],
      [() => new Reducto({ apiKey: KEY, baseUrl: "reducto.ai" }), "invalid_base_url"],
      [() => new Reducto({ apiKey: KEY, environment: "us" }), "invalid_option"],
      [() => new Reducto({ apiKey: KEY, headers: { "a b": KEY } }), "invalid_headers"],
      [() => new Reducto({ apiKey: KEY, timeout: 0 }), "invalid_option"],
      [() => svixWebhook({ channels: Array(11).fill("a") }), "invalid_channels"],
      [() => svixWebhook({ channels: ["a b"] }), "invalid_channels"],
      [() => svixWebhook({ channels: ["a".repeat(129)] }), "invalid_channels"],
      [() => svixWebhook({ channels: [1] }), "invalid_channels"],
      [() => directWebhook("http://example.com"), "invalid_url"],
      [() => directWebhook("https://example.com", { token: undefined }), "invalid_secret"],
      [() => reducto().submit("parse", [1]), "invalid_body"],
      [() => reducto().submit("parse", { async: {} }, { webhook: noWebhook() }), "invalid_body"],
      [() => reducto().submit("draw", {}), "invalid_option"],
      [() => reducto().submit("parse", {}, { webhook: { mode: "svix" } }), "invalid_option"],
      [() => reducto().job(""), "invalid_id"],
      [() => reducto().cancel(".."), "invalid_id"],
      [() => reducto().jobs({ limit: 501 }).next(), "invalid_option"],
      [() => scaikey().get("."), "invalid_id"],
      [() => scaikey().delivery("a", 1.5), "invalid_id"],
      [() => scaikey().list({ page: "1" }), "invalid_option"],
      [() => scaikey().create("x"), "invalid_body"],
    ];
    for (const [call, code] of cases) {
      const error = await failureOf(Promise.resolve().then(call));
      assert.equal(error.code, code, String(error));
      assert.ok(error instanceof TypeError || error instanceof RangeError);
    }
    assert.equal(seen.length, 0);
    assert.throws(() => svixWebhook({ channels: ["ok", "not ok"] }), /channels\[1\]/);
    for (const channels of ["production", null, { 0: "a" }, () => ["a"]])
      assert.throws(() => svixWebhook({ channels }), { code: "invalid_channels", message: /^channels must be a list/ });
    for (const url of ["http://localhost:1/x", "http://127.0.0.1", "http://[::1]:3"])
      assert.equal(directWebhook(url).url, url);
  });

  test("a refusal names what is wrong", async () => {
    const circle = { input: "x", self: {} };
    circle.self = circle;
    const cases = [
      [() => reducto().portalUrl({ userId: 7 }), /^userId must be a text/],
      [() => reducto().portalUrl({ userId: "a\nb" }), /^userId must be a text/],
      [() => reducto().portalUrl({ signal: 7 }), /: signal$/],
      [() => reducto().submit("parse", {}, { priority: "high" }), /: priority$/],
      [() => reducto().jobs({ cursor: 7 }).next(), /: cursor$/],
      [() => reducto().jobs({ excludeConfigs: 1 }).next(), /: excludeConfigs$/],
      [() => scaikey().list({ tenantId: 7 }), /: tenantId$/],
      [() => scaikey().deliveries("id", { status: 7 }), /: status$/],
      [() => reducto().submit("parse", circle), /turned into it: .*cycle/],
      [() => scaikey().update("id", { n: 1n }), /turned into it: .*BigInt/],
      [() => reducto().submit("parse", { webhook: { mode: "svix" } }), /^Only edit has .*as options/],
      [() => reducto().submit("split", { priority: true }, { priority: true }), /as options/],
      [() => reducto().submit("edit", { async: {} }), /as options/],
    ];
    for (const [call, message] of cases) {
      const error = await failureOf(Promise.resolve().then(call));
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
    }
    assert.equal(seen.length, 0);
  });

  test("a user id is any text that a header can carry", async () => {
    for (const userId of ["Ada Lovelace", "u".repeat(2000)]) {
      answers = [json(200, PORTAL)];
      await reducto().portalUrl({ userId });
      assert.equal(seen.at(-1)?.headers["user-id"], userId);
    }
  });

  test("job, jobs, cancel, waitForJob", async () => {
    answers = [json(200, { status: "Paused", more: 1 })];
    assert.deepEqual(await reducto().job("a/b"), { status: "Paused", more: 1 });
    assert.equal(seen[0]?.url, "/job/a%2Fb");
    answers = [json(200, { jobs: [1, 2], next_cursor: "c&d" }), json(200, { jobs: [3] })];
    assert.deepEqual(
      (await Array.fromAsync?.(reducto().jobs({ limit: 2 }))) ?? (await all(reducto().jobs({ limit: 2 }))),
      [1, 2, 3],
    );
    assert.deepEqual(
      seen.slice(1).map(({ url }) => url),
      ["/jobs?limit=2", "/jobs?cursor=c%26d&limit=2"],
    );
    answers = [text("")];
    assert.equal(await reducto().cancel("1"), undefined);
    answers = [
      json(200, { status: "Pending" }),
      json(200, { status: "New" }),
      json(200, { status: "Failed", reason: "r" }),
    ];
    assert.equal((await reducto().waitForJob("1", { pollInterval: 1 })).status, "Failed");
  });

  test("result follows a URL without the key", async () => {
    answers = [
      json(200, { status: "Completed", result: { type: "url", url: `${base}/stored?signature=x` } }),
      json(200, { chunks: [] }),
    ];
    const update = { status: "Completed", job_id: "1" };
    assert.deepEqual(await reducto({ headers: { "x-mine": "1" } }).result(update), { chunks: [] });
    assert.equal(seen[0]?.headers["x-mine"], "1");
    assert.deepEqual(
      [seen[1]?.url, seen[1]?.headers.authorization, seen[1]?.headers["x-mine"]],
      ["/stored?signature=x", undefined, undefined],
    );
    for (const status of [401, 403, 404]) {
      answers = [
        json(200, { status: "Completed", result: { type: "url", url: `${base}/stored?signature=must_not_be_seen` } }),
        json(status, {}),
      ];
      const { message } = await failureOf(reducto().result("1"));
      assert.match(message, /the result's URL may have expired.*result\(id\)/);
      assert.doesNotMatch(message, /credential/);
    }
    answers = [json(200, { status: "Failed", reason: "unreadable" })];
    const error = await failureOf(reducto().result("1"));
    assert.equal(error.code, "no_result");
    assert.match(error.message, /Failed: unreadable/);
  });
});

async function all(iterable) {
  const list = [];
  for await (const one of iterable) list.push(one);
  return list;
}

describe("ScaiKeyWebhooks", () => {
  test("has the twelve endpoints", async () => {
    const at = "/api/v1/admin/webhooks";
    const calls = [
      [
        (c) => c.list({ page: 1, perPage: 2, tenantId: "t", partnerId: "p" }),
        "GET",
        "/?page=1&per_page=2&tenant_id=t&partner_id=p",
      ],
      [(c) => c.create({ url: "x" }), "POST", "/", '{"url":"x"}'],
      [(c) => c.events(), "GET", "/events"],
      [(c) => c.delete("i d"), "DELETE", "/i%20d"],
      [(c) => c.get("id"), "GET", "/id"],
      [(c) => c.update("id", { a: 1 }), "PATCH", "/id", '{"a":1}'],
      [
        (c) => c.deliveries("id", { page: 1, perPage: 2, status: "failed" }),
        "GET",
        "/id/deliveries?page=1&per_page=2&status=failed",
      ],
      [(c) => c.delivery("id", 7), "GET", "/id/deliveries/7"],
      [(c) => c.retry("id", 7), "POST", "/id/deliveries/7/retry"],
      [(c) => c.rotateSecret("id"), "POST", "/id/rotate-secret"],
      [(c) => c.stats("id"), "GET", "/id/stats"],
      [(c) => c.test("id"), "POST", "/id/test"],
    ];
    for (const [call, method, path, body = ""] of calls) {
      answers = [method === "DELETE" ? (_, response) => response.writeHead(204).end() : json(200, { ok: 1 })];
      const value = await call(scaikey({ token: async () => KEY }));
      assert.deepEqual(value, method === "DELETE" ? undefined : { ok: 1 });
      const last = seen.at(-1);
      assert.deepEqual(
        [last?.method, last?.url, last?.body, last?.headers.authorization],
        [method, at + path, body, `Bearer ${KEY}`],
      );
    }
  });
});

describe("failures", () => {
  test("422 names what is wrong", async () => {
    const detail = [
      { loc: ["body", "input"], msg: "Field required", type: "missing", input: { a: 1 }, ctx: { b: 2 } },
      { loc: ["body", "n", 0], msg: "too big", type: "less_than" },
    ];
    answers = [json(422, { detail }, { "x-request-id": "r-1" })];
    const error = await failureOf(reducto().submit("parse", {}));
    assert.ok(error instanceof ApiError);
    assert.deepEqual(
      [error.status, error.code, error.requestId, error.name],
      [422, "validation_error", "r-1", "ApiError"],
    );
    assert.deepEqual(error.detail, detail);
    assert.match(error.message, /body\.input: Field required; body\.n\.0: too big/);
  });

  test("statuses have codes", async () => {
    for (const [status, code] of [
      [400, "bad_request"],
      [401, "unauthorized"],
      [403, "forbidden"],
      [404, "not_found"],
      [410, "gone"],
      [418, "http_error"],
    ]) {
      answers = [json(status, { detail: `no ${KEY}` })];
      assert.equal((await failureOf(reducto().job("1"))).code, code);
    }
    assert.equal(seen.length, 6);
  });

  test("retries where it is safe", async () => {
    const fine = json(200, { status: "Idle" });
    answers = [json(500, {}, { "retry-after-ms": "1" }), json(409, {}, { "retry-after": "0" }), fine];
    assert.equal((await reducto().job("1")).status, "Idle");
    answers = [
      json(429, {}, { "retry-after": new Date().toUTCString() }),
      json(503, {}, { "retry-after": "0" }),
      json(200, PORTAL),
    ];
    assert.equal(await reducto().portalUrl(), PORTAL);
    answers = [json(500, {}), fine];
    assert.equal((await failureOf(reducto().portalUrl())).status, 500);
    answers = [json(429, {}, { "retry-after": "61" }), fine];
    assert.equal((await failureOf(reducto().job("1"))).status, 429);
    answers = [(request) => request.socket.destroy(), fine];
    assert.equal((await reducto().job("1")).status, "Idle");
    answers = [(request) => request.socket.destroy(), json(200, PORTAL)];
    assert.ok((await failureOf(reducto().portalUrl())) instanceof ApiConnectionError);
  });

  test("nobody listens", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const url = `http://127.0.0.1:${closed.address().port}`;
    await new Promise((done) => closed.close(done));
    let calls = 0;
    const counting = (...args) => {
      calls += 1;
      return fetch(...args);
    };
    const error = await failureOf(reducto({ baseUrl: url, fetch: counting, maxRetries: 1 }).portalUrl());
    assert.match(error.message, /ECONNREFUSED/);
    assert.ok(error.message.includes(` to ${url}: `), error.message);
    assert.equal(calls, 2);
  });

  test("a host's words are shown without the key", async () => {
    const fails = (_, init) => Promise.reject(new Error(`cannot send ${init.headers.get("authorization")}`));
    const error = await failureOf(reducto({ fetch: fails, maxRetries: 0 }).job("1"));
    assert.match(error.message, /cannot send Bearer \[redacted\]/);
  });

  test("an error of the connection names the origin, on every host, and no query", async () => {
    const baseUrl = "https://wrong.example:8443/reducto";
    for (const words of ["Unable to connect. Is the computer able to access the url?", ""]) {
      const fails = () => Promise.reject(new Error(words));
      const error = await failureOf(reducto({ baseUrl, fetch: fails, maxRetries: 0 }).job("1"));
      const wanted = `GET /job/1: no connection to https://wrong.example:8443: ${words || "unknown"}`;
      assert.equal(error.message, wanted);
    }
    const badPort = await failureOf(
      Promise.resolve().then(() => reducto({ baseUrl: "https://x.example:99999", maxRetries: 0 }).job("1")),
    );
    assert.ok(badPort.code === "invalid_base_url" || badPort instanceof ApiConnectionError, badPort);
    const late = await failureOf(
      reducto({ baseUrl, fetch: () => new Promise(() => {}), timeout: 5, maxRetries: 0 }).job("1"),
    );
    assert.match(late.message, /from https:\/\/wrong\.example:8443 within 5 ms/);
    const result = { type: "url", url: "https://storage.example/1?sig=must_not_be_seen#must_not_be_seen" };
    const fetch = async (url) => {
      if (url.startsWith(base)) return Response.json({ status: "Completed", result });
      throw new Error(`error sending request for url (${url}): client error (Connect)`);
    };
    const { message } = await failureOf(reducto({ fetch, maxRetries: 0 }).result("1"));
    assert.match(message, /to https:\/\/storage\.example: .*\(https:\/\/storage\.example\/1\): client error/);
  });

  test("time limit, for the headers and for the body", async () => {
    answers = [() => {}];
    assert.ok((await failureOf(reducto({ timeout: 50, maxRetries: 0 }).job("1"))) instanceof ApiTimeoutError);
    answers = [(_, response) => response.writeHead(200).write("{")];
    const error = await failureOf(reducto({ timeout: 50, maxRetries: 0 }).job("1"));
    assert.ok(error instanceof ApiTimeoutError && error instanceof ApiConnectionError);
    assert.equal(error.name, "ApiTimeoutError");
  });

  test("abort passes the caller's reason through", async () => {
    const reason = new Error("mine");
    answers = [() => {}];
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 20);
    assert.equal(await failureOf(reducto().job("1", { signal: controller.signal })), reason);
    assert.equal(await failureOf(reducto().waitForJob("1", { signal: AbortSignal.abort(reason) })), reason);
    answers = [json(200, { status: "Pending" })];
    const later = new AbortController();
    setTimeout(() => later.abort(reason), 50);
    assert.equal(await failureOf(reducto().waitForJob("1", { signal: later.signal })), reason);
  });

  test("a body that is not what was promised", async () => {
    for (const [body, type] of [
      ["<html>", "text/html"],
      ['{"status":', "application/json"],
      ["[]", "application/json"],
      ["", "x/y"],
    ]) {
      answers = [text(body, { "content-type": type })];
      const error = await failureOf(reducto().job("1"));
      assert.ok(error instanceof ApiResponseError);
      assert.ok(error.message.includes(`200 ${type}`) && error.message.endsWith(body), error.message);
    }
    answers = [text(JSON.stringify(PORTAL).slice(0, -1))];
    assert.match((await failureOf(reducto().portalUrl())).message, /login#\[redacted\]/);
    answers = [text('{"secret":"one_that_must_not_be_seen"')];
    await failureOf(scaikey().rotateSecret("1"));
    answers = [text(`${"x".repeat(190)}${KEY}`)];
    await failureOf(reducto().job("1"));
  });

  test("large bodies and compressed ones", async () => {
    answers = [text("x".repeat(5000))];
    const error = await failureOf(reducto({ maxResponseBytes: 4096 }).job("1"));
    assert.equal(error.code, "body_too_large");
    const packed = gzipSync(JSON.stringify({ status: "Idle", filler: "x".repeat(5000) }));
    answers = [(_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end(packed)];
    assert.equal((await reducto().job("1")).status, "Idle");
  });

  test("redirects stay within the origin", async () => {
    const to = (status, location) => (_, response) => response.writeHead(status, { location }).end();
    answers = [to(302, "/elsewhere"), json(200, { status: "Idle" })];
    assert.equal((await reducto().job("1")).status, "Idle");
    assert.equal(seen.at(-1)?.headers.authorization, `Bearer ${KEY}`);
    seen = [];
    answers = [to(302, `${base.replace("127.0.0.1", "localhost")}/x`)];
    assert.equal((await failureOf(reducto().job("1"))).code, "redirect");
    assert.equal(seen.length, 1);
    answers = Array.from({ length: 9 }, () => to(302, "/round"));
    const { code, message } = await failureOf(reducto().job("1"));
    assert.equal(code, "redirect");
    assert.match(message, /within its origin.*loop/);
    assert.doesNotMatch(message, /elsewhere/);
    answers = [to(302, "/elsewhere")];
    assert.match((await failureOf(reducto().portalUrl())).message, /the request would change/);
  });

  test("nothing of ours shows the key", () => {
    for (const object of [reducto({ headers: { "x-secret": KEY } }), scaikey()]) {
      for (const form of [
        String(object),
        inspect(object, { showHidden: true, depth: 9 }),
        JSON.stringify(object),
        Object.keys(object).join(),
      ]) {
        assert.doesNotMatch(form, /must_not_be_seen/);
      }
    }
  });
});
