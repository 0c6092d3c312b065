// Reducto's own client and ours send the same request, for every call that both have. Needs pkg/.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import ReductoAI from "reductoai";
import { directWebhook, noWebhook, Reducto, svixWebhook } from "../../pkg/reducto.js";

const JOB = "204a39e4-dd10-4c83-a978-0cee4af8cde2";
const PDF = "https://example.com/a.pdf";

/** An answer for each call, by the beginning of its path. */
const ANSWERS = Object.entries({
  "/configure_webhook": "https://app.svix.com/app_1#key=x",
  "/jobs": { jobs: [], next_cursor: null },
  "/job/": { status: "Completed", result: null },
  "/": { job_id: JOB },
});

/** @typedef {{method: string, path: string, query: [string, string][], authorization: string, body: unknown}} Sent */

/** @type {Sent[]} */
let sent = [];

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
  sent.push({
    method: request.method ?? "",
    path: pathname,
    query: [...searchParams].sort(),
    authorization: request.headers.authorization ?? "",
    body: text && { type: request.headers["content-type"]?.split(";")[0], value: JSON.parse(text) },
  });
  const [, answer] = ANSWERS.find(([path]) => pathname.startsWith(path)) ?? [];
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer));
});

/** @type {ReductoAI} */
let theirs;
/** @type {Reducto} */
let ours;

before(async () => {
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}`;
  theirs = new ReductoAI({ apiKey: "the-key", baseURL: url, maxRetries: 0 });
  ours = new Reducto({ apiKey: "the-key", baseUrl: url, maxRetries: 0 });
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** The one request that a call sends. @param {() => Promise<unknown>} call @returns {Promise<Sent | undefined>} */
async function requestOf(call) {
  sent = [];
  await call();
  assert.equal(sent.length, 1);
  return sent[0];
}

/** @param {string} name @param {() => Promise<unknown>} their @param {() => Promise<unknown>} our @param {Partial<Sent>} known */
function same(name, their, our, known) {
  test(name, async () => {
    const [theirRequest, ourRequest] = [await requestOf(their), await requestOf(our)];
    assert.deepEqual(ourRequest, theirRequest);
    assert.equal(ourRequest?.authorization, "Bearer the-key");
    for (const [key, value] of Object.entries(known))
      assert.deepEqual(ourRequest?.[/** @type {keyof Sent} */ (key)], value);
  });
}

/** @param {AsyncIterable<unknown>} items */
async function drain(items) {
  for await (const _ of items);
}

same(
  "portal",
  () => theirs.webhook.run(),
  () => ours.portalUrl(),
  { method: "POST", path: "/configure_webhook", body: "" },
);

const WEBHOOKS = /** @type {const} */ ([
  [svixWebhook({ channels: ["production"] }), { mode: "svix", channels: ["production"] }],
  [directWebhook("https://example.com/hook"), { mode: "direct", url: "https://example.com/hook" }],
  [noWebhook(), { mode: "disabled" }],
]);
const METADATA = { user_id: "123", deep: [1, null] };

for (const [webhook, config] of WEBHOOKS) {
  for (const kind of /** @type {const} */ (["parse", "extract", "split", "pipeline"])) {
    const body = /** @type {any} */ ({
      input: PDF,
      pipeline_id: "p",
      split_description: [],
      instructions: { schema: {} },
    });
    same(
      `${kind}, ${config.mode}`,
      () => theirs[kind].runJob({ ...body, async: { webhook: config, metadata: METADATA, priority: true } }),
      () => ours.submit(kind, body, { webhook, metadata: METADATA, priority: true }),
      { method: "POST", path: `/${kind}_async` },
    );
  }

  const body = { document_url: PDF, edit_instructions: "Fill it in" };
  same(
    `edit, ${config.mode}`,
    () =>
      theirs.edit.runJob(/** @type {any} */ ({ ...body, webhook: { ...config, metadata: METADATA }, priority: false })),
    () => ours.submit("edit", body, { webhook, metadata: METADATA, priority: false }),
    { method: "POST", path: "/edit_async" },
  );
}

same(
  "parse without options",
  () => theirs.parse.runJob({ input: PDF }),
  () => ours.submit("parse", { input: PDF }),
  {
    body: { type: "application/json", value: { input: PDF } },
  },
);
same(
  "job",
  () => theirs.job.get(JOB),
  () => ours.job(JOB),
  { method: "GET", path: `/job/${JOB}` },
);
same(
  "jobs",
  () => theirs.job.getAll(),
  () => drain(ours.jobs()),
  { method: "GET", path: "/jobs" },
);
same(
  "jobs from a cursor",
  () => theirs.job.getAll({ cursor: "a/b c&d", limit: 7 }),
  () => drain(ours.jobs({ cursor: "a/b c&d", limit: 7 })),
  {
    query: [
      ["cursor", "a/b c&d"],
      ["limit", "7"],
    ],
  },
);
same(
  "cancel",
  () => theirs.job.cancel(JOB),
  () => ours.cancel(JOB),
  { method: "POST", path: `/cancel/${JOB}`, body: "" },
);
