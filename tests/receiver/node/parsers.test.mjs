// Mounted before and after body parsers, in routers, beside other routes.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { connect as connect2, createServer as createServer2 } from "node:http2";
import { describe, test } from "node:test";
import connect from "connect";
import express5 from "express";
import express4 from "express-4";
import fastify5 from "fastify";
import fastify4 from "fastify-4";
import { Webhook } from "hookseal";
import { expressReceiver } from "hookseal/express";
import { fastifyReceiver } from "hookseal/fastify";
import { createReceiver } from "hookseal/receiver";
import { directWebhookVerifier } from "hookseal/reducto";
import { listen } from "./mounts.mjs";
import { bodyOf, receivers } from "./receivers.mjs";
import { SECRET } from "./wire.mjs";

/** @param {number} port @param {string} [type] @param {string} [path] @param {string} [body] */
async function post(port, type = "application/json", path = "/webhook", body = bodyOf("é 🦊")) {
  const headers = { "content-type": type, ...new Webhook(SECRET).signedHeaders(body) };
  return (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body, headers })).status;
}

/** @param {(app: any, handler: any, express: any) => void} mount @param {any} express */
async function withExpress(express, mount) {
  const { all, log } = receivers();
  const app = express();
  mount(app, expressReceiver(all["/webhook"]), express);
  const server = await listen(createServer(app));
  return { ...server, log };
}

const keep = (/** @type {any} */ request, /** @type {any} */ _response, /** @type {Buffer} */ buffer) => {
  request.rawBody = buffer;
};
const keepText = (/** @type {any} */ request, /** @type {any} */ _response, /** @type {Buffer} */ buffer) => {
  request.rawBody = buffer.toString();
};
const any = { type: () => true };

/** @type {[name: string, mount: (app: any, handler: any, express: any) => void, status: number, type?: string][]} */
const CASES = [
  ["before express.json()", (app, handler, e) => app.post("/webhook", handler).use(e.json()), 200],
  ["after express.json(): the log says the cure", (app, handler, e) => app.use(e.json()).use("/webhook", handler), 500],
  [
    "after express.json({ verify })",
    (app, handler, e) => app.use(e.json({ verify: keep })).use("/webhook", handler),
    200,
  ],
  [
    "after a verify that keeps text",
    (app, handler, e) => app.use(e.json({ verify: keepText })).use("/webhook", handler),
    200,
  ],
  [
    "after express.json(), another type",
    (app, handler, e) => app.use(e.json()).use("/webhook", handler),
    200,
    "text/x",
  ],
  ["after express.raw()", (app, handler, e) => app.use(e.raw(any)).post("/webhook", handler), 200],
  ["after express.text()", (app, handler, e) => app.use(e.text(any)).post("/webhook", handler), 200],
  [
    "after express.urlencoded()",
    (app, handler, e) => app.use(e.urlencoded({ extended: false })).use("/webhook", handler),
    200,
  ],
  [
    "after express.urlencoded() that took it",
    (app, handler, e) => app.use(e.urlencoded({ extended: false })).use("/webhook", handler),
    500,
    "application/x-www-form-urlencoded",
  ],
  ["in a router", (app, handler, e) => app.use(e.Router().post("/webhook", handler)), 200],
];

for (const [version, express] of [
  ["Express 5", express5],
  ["Express 4", express4],
]) {
  describe(`${version}, mounted`, () => {
    for (const [name, mount, status, type] of CASES) {
      test(name, async () => {
        const { port, close, log } = await withExpress(express, mount);
        try {
          assert.equal(await post(port, type), status);
          if (status === 500) assert.match(log.join(), /Mount the receiver before express\.json\(\)/);
        } finally {
          await close();
        }
      });
    }
    test("after express.json(): a POST without a body is not authentic", async () => {
      const { port, close } = await withExpress(express, (app, handler, e) =>
        app.use(e.json()).use("/webhook", handler),
      );
      assert.equal((await fetch(`http://127.0.0.1:${port}/webhook`, { method: "POST" })).status, 401);
      await close();
    });
    test("direct mode", async () => {
      const receiver = createReceiver({ webhook: directWebhookVerifier({ token: "t" }), onDelivery() {} });
      const app = express().use("/webhook", expressReceiver(receiver));
      const { port, close } = await listen(createServer(app));
      const body = '{"status":"Completed","job_id":"1","metadata":{"secret":"t"}}';
      assert.equal(await post(port, undefined, undefined, body), 200);
      await close();
    });
  });
}

test("Connect, in a chain", async () => {
  const { all } = receivers();
  const app = connect().use("/webhook", expressReceiver(all["/webhook"]));
  const { port, close } = await listen(createServer(app));
  assert.deepEqual([await post(port), await post(port, undefined, "/other")], [200, 404]);
  await close();
});

test("what is no receiver is refused at once", async () => {
  assert.throws(() => expressReceiver(/** @type {any} */ ({})), { code: "invalid_option" });
  await assert.rejects(
    async () =>
      fastify5()
        .register(fastifyReceiver, /** @type {any} */ ({}))
        .ready(),
    {
      code: "invalid_option",
    },
  );
});

for (const [version, fastify] of /** @type {[string, any][]} */ ([
  ["Fastify 5", fastify5],
  ["Fastify 4", fastify4],
])) {
  describe(version, () => {
    test("any content type, or none; other routes keep their parsers", async () => {
      const { all, handled } = receivers();
      const app = fastify();
      const onResponse = /** @type {number[]} */ ([]);
      app.addHook("onResponse", async (/** @type {any} */ _request, /** @type {any} */ reply) => {
        onResponse.push(reply.statusCode);
      });
      app.register(fastifyReceiver, { prefix: "/v1", receiver: all["/webhook"] });
      app.post("/json", async (/** @type {any} */ request) => request.body);
      const address = await app.listen({ port: 0, host: "127.0.0.1" });
      const port = Number(new URL(address).port);
      for (const type of ["application/json", "text/plain", "multipart/form-data", ";;garbage", "", "x"])
        assert.equal(await post(port, type, "/v1/webhook"), 200, type);
      assert.equal(handled.length, 6);
      const echo = { method: "POST", body: '{"a":1}', headers: { "content-type": "application/json" } };
      assert.deepEqual(await (await fetch(`${address}/json`, echo)).json(), { a: 1 });
      const text = { method: "POST", body: "x", headers: { "content-type": "image/png" } };
      assert.equal((await fetch(`${address}/json`, text)).status, 415, "its own route");
      for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
        assert.equal((await fetch(`${address}/v1/webhook`, { method })).status, 405, method);
      assert.equal((await fetch(`${address}/v1/webhook`, { method: "PUT", body: "x" })).status, 405);
      assert.ok(onResponse.length >= 14, "hooks run");
      await app.close();
    });
    test("a hook's own error stays its own", async () => {
      const { all } = receivers();
      const app = fastify();
      app.addHook("preHandler", async () => {
        throw Object.assign(new Error("no"), { statusCode: 418 });
      });
      app.register(fastifyReceiver, { receiver: all["/webhook"] });
      const port = Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
      assert.equal(await post(port), 418);
      await app.close();
    });
  });
}

test("HTTP/2: the same answers, and a stream that goes on is closed", { timeout: 30_000 }, async (t) => {
  const { all } = receivers();
  const server = createServer2(/** @type {any} */ (expressReceiver(all["/webhook"])));
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const client = connect2(`http://127.0.0.1:${port}`);
  t.after(() => {
    client.destroy();
    server.close();
  });
  /** @param {Record<string, string>} headers @param {string} [body] @param {boolean} [open] */
  const ask = (headers, body, open) =>
    new Promise((done) => {
      const request = client.request(headers, { endStream: body === undefined });
      /** @type {number | undefined} */
      let status;
      request.on("response", (head) => {
        status = head[":status"];
      });
      request.on("error", () => {});
      request.on("close", () => done(status));
      request.resume();
      if (body !== undefined) open ? request.write(body) : request.end(body);
    });
  const body = bodyOf("ok");
  const post = { ":method": "POST" };
  assert.equal(await ask({ ...post, ...new Webhook(SECRET).signedHeaders(body) }, body), 200);
  assert.equal(await ask(post, body), 401);
  assert.equal(await ask({ ":method": "GET" }), 405);
  assert.equal(await ask({ ":method": "PUT" }, "x", true), 405);
  assert.equal(await ask(post, "x", true), 408);
  assert.equal(await ask(post, "x".repeat(100_000), true), 413);
});
