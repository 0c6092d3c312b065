// Every way in which a delivery can end, and what the sender and the log are told of it.

import { Webhook } from "hookseal";
import { abortMessage, stopEndpoint } from "hookseal/receiver";
import { directWebhookVerifier } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { check, equal, test } from "../../suite/harness.mjs";
import { deferred, delivery, JOB, newId, pause, receiverOf, SECRET, streamOf, URL } from "./signed.mjs";

/** @param {Response} response */
async function empty(response) {
  equal(await response.text(), "", "body");
}

test("processed: 200, and the handler has the payload, the id and the headers", async () => {
  const { receiver, seen, lines } = receiverOf();
  const response = await receiver.fetch(delivery({ id: "msg_processed", headers: { "x-mine": "1" } }));
  equal(response.status, 200);
  await empty(response);
  equal(seen.length, 1);
  const { payload, context } = seen[0] ?? {};
  equal(payload, JSON.parse(JOB));
  equal([context.id, context.duplicate, context.headers.get("x-mine")], ["msg_processed", false, "1"]);
  check(context.signal instanceof AbortSignal && !context.signal.aborted, "signal");
  equal(lines, []);
});

test("duplicate: 200, and the handler is not called", async () => {
  const { receiver, seen, lines } = receiverOf();
  const id = newId();
  await receiver.fetch(delivery({ id }));
  equal((await receiver.fetch(delivery({ id }))).status, 200);
  equal([seen.length, lines.length], [1, 0]);
});

for (const [verdict, status, header] of /** @type {const} */ ([
  [stopEndpoint, 410, "disable"],
  [abortMessage, 422, "abort-message"],
])) {
  test(`${verdict.name}(): ${status}, and done with`, async () => {
    const { receiver } = receiverOf({ onDelivery: async () => verdict() });
    const id = newId();
    const response = await receiver.fetch(delivery({ id }));
    equal([response.status, response.headers.get("webhook-delivery")], [status, header]);
    equal((await receiver.fetch(delivery({ id }))).status, 200, "the next attempt");
  });
}

test("not authentic: 401 for a wrong signature, a missing header, no body and an old timestamp", async () => {
  const { receiver, seen, lines } = receiverOf();
  const headers = new Webhook(SECRET).signedHeaders("{}", { timestamp: new Date(Date.now() - 3_600_000) });
  const requests = [
    delivery({ headers: { "svix-signature": "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" } }),
    new Request(URL, { method: "POST", body: JOB }),
    new Request(URL, { method: "POST" }),
    new Request(URL, { method: "POST", body: "{}", headers }),
  ];
  for (const request of requests) {
    const response = await receiver.fetch(request);
    equal(response.status, 401);
    await empty(response);
  }
  equal(seen.length, 0);
  equal(lines.length, 4);
  check(
    lines.every(({ level, message }) => level === "warn" && message.startsWith("hookseal: 401 ")),
    "each is a warning",
  );
});

test("invalid payload: 400, and the log names the field", async () => {
  const { receiver, lines } = receiverOf();
  for (const body of ["not JSON", "{}", '{"status":"Completed"}'])
    equal((await receiver.fetch(delivery({ body }))).status, 400);
  check(lines[2]?.message.includes("$.job_id") ?? false, `${lines[2]?.message}`);
});

test("method: 405 with Allow, and the body is left alone", async () => {
  const { receiver, lines } = receiverOf();
  for (const method of ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]) {
    const body = method === "PUT" ? streamOf(new Uint8Array(10), 300) : null;
    const response = await receiver.fetch(new Request(URL, { method, body, duplex: "half" }));
    equal([response.status, response.headers.get("allow")], [405, "POST"], method);
  }
  equal(lines.length, 6);
});

test("compressed: 400, and the log says what to do; identity is none", async () => {
  const { receiver, lines } = receiverOf();
  for (const encoding of ["gzip", "br", "GZIP, identity"])
    equal((await receiver.fetch(delivery({ headers: { "content-encoding": encoding } }))).status, 400, encoding);
  check(lines[0]?.message.includes("Turn that off for this route") ?? false, `${lines[0]?.message}`);
  equal((await receiver.fetch(delivery({ headers: { "content-encoding": "Identity" } }))).status, 200);
});

test("too large: 413 over the limit, and not at it", async () => {
  const { receiver } = receiverOf({ maxBody: JOB.length });
  equal((await receiver.fetch(delivery())).status, 200);
  equal((await receiver.fetch(delivery({ body: `${JOB} ` }))).status, 413);
});

test("a body that nobody wants is read no further than 4 MiB, and no longer than a second", async () => {
  const { receiver } = receiverOf({ maxBody: 100 });
  for (const [method, status, wait] of /** @type {[string, number, number][]} */ ([
    ["POST", 413, 0],
    ["PUT", 405, 0],
    ["PUT", 405, 300],
  ])) {
    let read = 0;
    let cancelled = false;
    const body = new ReadableStream({
      async pull(controller) {
        read += 10_000;
        if (wait > 0) await pause(wait);
        if (!cancelled) controller.enqueue(new Uint8Array(10_000));
      },
      cancel() {
        cancelled = true;
      },
    });
    const started = performance.now();
    const request = { method, headers: new Headers(), body, bodyUsed: false };
    equal((await receiver.fetch(/** @type {any} */ (request))).status, status);
    await pause(5);
    equal(cancelled, true, "cancelled");
    check(read <= 4_400_000, `read ${read} bytes`);
    if (wait > 0) check(performance.now() - started < 2000, "it waited for the body");
  }
});

test("slow: 408, also when bytes keep coming", async () => {
  const { receiver } = receiverOf({ bodyTimeout: 60 });
  const drip = Array.from({ length: 40 }, (_, at) => (at % 2 ? new Uint8Array(1) : 10));
  for (const pieces of [[new Uint8Array(1), 300], drip]) {
    const request = { method: "POST", headers: new Headers(), body: streamOf(...pieces), bodyUsed: false };
    const started = performance.now();
    equal((await receiver.fetch(/** @type {any} */ (request))).status, 408);
    check(performance.now() - started < 250, "it waited for the body");
  }
});

test("broken off: 400", async () => {
  const { receiver } = receiverOf();
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error("gone")) });
  const request = { method: "POST", headers: new Headers(), body, bodyUsed: false };
  equal((await receiver.fetch(/** @type {any} */ (request))).status, 400);
});

test("a body in many pieces is the body", async () => {
  const { receiver, seen } = receiverOf();
  const bytes = new TextEncoder().encode(JSON.stringify({ status: "Failed", job_id: "x".repeat(20_000) }));
  const { headers } = delivery({ body: bytes });
  for (const size of [1, 7, 4096, 5000]) {
    headers.set("x-size", `${size}`);
    const pieces = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.slice(at, at + size));
    pieces.splice(1, 0, new Uint8Array()); // hosts pass empty ones, too
    const { headers: fresh } = delivery({ body: bytes });
    const request = { method: "POST", headers: fresh, body: streamOf(...pieces), bodyUsed: false };
    equal((await receiver.fetch(/** @type {any} */ (request))).status, 200, `pieces of ${size}`);
  }
  equal(
    seen.map(({ payload }) => payload.job_id.length),
    [20_000, 20_000, 20_000, 20_000],
  );
});

test("already read: 500, and the log says the cure", async () => {
  const { receiver, lines } = receiverOf();
  const request = delivery();
  await request.text();
  equal((await receiver.fetch(request)).status, 500);
  check(lines[0]?.message.includes("a body parser ran first") ?? false, `${lines[0]?.message}`);
});

test("handler fails: 500, and the next attempt is handled", async () => {
  let calls = 0;
  const failure = new Error("database is down");
  const { receiver, lines } = receiverOf({
    onDelivery: async () => {
      if (++calls === 1) throw failure;
    },
  });
  const id = newId();
  const response = await receiver.fetch(delivery({ id }));
  equal(response.status, 500);
  await empty(response);
  equal([lines[0]?.level, lines[0]?.details.id, lines[0]?.details.error === failure], ["error", id, true]);
  equal((await receiver.fetch(delivery({ id }))).status, 200, "the next attempt");
  equal(calls, 2);
});

test("cannot be judged: 500", async () => {
  const broken = { verifyDelivery: () => assertNever() };
  const { receiver, lines } = receiverOf({ webhook: broken });
  equal((await receiver.fetch(delivery())).status, 500);
  equal(lines[0]?.level, "error");
});

function assertNever() {
  throw new TypeError("disposed");
}

test("in progress: 503 with Retry-After, for any number of attempts, and one of them is handled", async () => {
  const gate = deferred();
  const { receiver, lines } = receiverOf({ onDelivery: () => gate.promise });
  const id = newId();
  const first = receiver.fetch(delivery({ id }));
  await pause(10);
  const others = await Promise.all(Array.from({ length: 20 }, () => receiver.fetch(delivery({ id }))));
  for (const response of others) equal([response.status, response.headers.get("retry-after")], [503, "5"]);
  gate.resolve();
  equal((await first).status, 200);
  equal(lines, []);
});

test("one of 50 attempts at once is handled", async () => {
  const { receiver, seen } = receiverOf();
  const id = newId();
  const responses = await Promise.all(Array.from({ length: 50 }, () => receiver.fetch(delivery({ id }))));
  equal(seen.length, 1);
  check(
    responses.every(({ status }) => status === 200 || status === 503),
    "200 or 503",
  );
});

test("every verifier: Standard Webhooks, ScaiKey and direct", async () => {
  const standard = new Webhook(SECRET);
  const scaikey = new ScaiKeyWebhook("secret");
  const event = JSON.stringify({
    event_id: "evt_1",
    event_type: "user.created",
    timestamp: "2026-01-15T10:30:00Z",
    resource: { type: "user", id: "u_1" },
    actor: { type: "system", id: null },
    data: {},
  });
  const direct = '{"status":"Failed","job_id":"j1","metadata":{"secret":"token","user_id":"u"}}';
  for (const [verifier, body, headers, id] of /** @type {[any, string, Record<string, string>, string][]} */ ([
    [standard, "[1]", standard.signedHeaders("[1]", { id: "msg_any" }), "msg_any"],
    [scaikey, event, scaikey.signedHeaders(event), "evt_1"],
    [directWebhookVerifier({ token: ["other", "token"] }), direct, {}, "j1/Failed"],
  ])) {
    const { receiver, seen } = receiverOf({ webhook: verifier });
    const send = (/** @type {string} */ sent) =>
      receiver.fetch(new Request(URL, { method: "POST", body: sent, headers }));
    equal([(await send(body)).status, (await send(body)).status], [200, 200]);
    equal(
      seen.map(({ context }) => context.id),
      [id],
    );
    check(!JSON.stringify(seen[0]?.payload).includes("token"), "the token is not handed on");
    equal((await send(body.replace("token", "nekot").replace("1", "2"))).status, 401);
  }
});

test("on: by status; a status without a handler is done with", async () => {
  /** @type {string[]} */
  const called = [];
  const { receiver } = receiverOf({
    on: {
      completed: (/** @type {any} */ { job_id }) => called.push(`completed ${job_id}`),
      other: (/** @type {any} */ { status }) => called.push(`other ${status}`),
    },
  });
  for (const status of ["Completed", "Failed", "Cancelled"]) {
    const body = JSON.stringify({ status, job_id: "1" });
    equal((await receiver.fetch(delivery({ body }))).status, 200, status);
  }
  equal(called, ["completed 1", "other Cancelled"]);
});
