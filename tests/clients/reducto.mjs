// Reducto's calls against its contract, and what exactly they send.

import { directWebhook, noWebhook, svixWebhook } from "hookseal/reducto";
import { equal } from "../suite/harness.mjs";
import { clientTest, collect, failure, fault, JOB, prefer, reducto, says } from "./target.mjs";
import { API_KEY } from "./tokens.mjs";

const KINDS = /** @type {const} */ (["parse", "extract", "split", "pipeline", "edit"]);

clientTest("contract: portalUrl", async () => {
  const url = "https://app.svix.com/app_1?locale=en#key=cG9ydGFsLWtleQ";
  equal(await reducto().portalUrl(), url);
  equal(await reducto().portalUrl({ userId: "user-1" }), url);
});

for (const kind of KINDS) {
  clientTest(`contract: submit ${kind}`, async () => {
    const body =
      kind === "edit"
        ? { document_url: "https://example.com/a.pdf", edit_instructions: "x" }
        : { input: "https://example.com/a.pdf" };
    const webhooks = [
      undefined,
      noWebhook(),
      svixWebhook(),
      svixWebhook({ channels: [] }),
      svixWebhook({ channels: ["production", "a-b_c.d:e+f"] }),
      directWebhook("https://example.com/webhook"),
      directWebhook("https://example.com/webhook", { token: "token" }),
    ];
    for (const webhook of webhooks) equal(await reducto().submit(kind, body, { webhook }), JOB);
    equal(await reducto().submit(kind, body), JOB);
    const webhook = svixWebhook();
    for (const metadata of [null, 0, false, "", "text", [1], { user: { id: "1" } }]) {
      equal(await reducto().submit(kind, body, { webhook, metadata }), JOB);
    }
    for (const priority of [true, false]) equal(await reducto().submit(kind, body, { priority }), JOB);
    // What else the body has is the job's own.
    equal(
      await reducto().submit(kind, { ...body, options: { deep: [1, null] } }, { webhook, metadata: 1, priority: true }),
      JOB,
    );
  });

  clientTest(`what submit ${kind} sends`, async () => {
    const { reducto: client, arrived } = fault("good");
    const token = "tok";
    const options = {
      webhook: directWebhook("https://example.com/w", { token }),
      metadata: { user: "1" },
      priority: true,
    };
    equal(await client.submit(kind, { input: "x", extra: 1 }, options), "job-1");
    const metadata = { user: "1", secret: token };
    const [config, job] = [
      { mode: "direct", url: "https://example.com/w" },
      { input: "x", extra: 1 },
    ];
    const [request] = await arrived();
    equal(request?.method, "POST");
    equal(request?.path, `/${kind}_async`);
    equal(request?.headers.authorization, `Bearer ${API_KEY}`);
    says(request?.headers["content-type"] ?? "", /^application\/json/);
    equal(
      JSON.parse(request?.body ?? ""),
      kind === "edit"
        ? { ...job, webhook: { ...config, metadata }, priority: true }
        : { ...job, async: { webhook: config, metadata, priority: true } },
    );
  });
}

clientTest("contract: job, in every status, an unknown one too", async () => {
  /** @type {[string, string][]} */
  const examples = [
    ["completed", "Completed"],
    ["pending", "Pending"],
    ["idle", "Idle"],
    ["in-progress", "InProgress"],
    ["completing", "Completing"],
    ["failed", "Failed"],
    ["cancelled", "Cancelled"],
    ["unknown", "Paused"],
  ];
  for (const [example, status] of examples) {
    equal((await reducto(prefer(`example=${example}`)).job(JOB)).status, status);
  }
  const { progress, reason, result } = await reducto().job(JOB);
  equal({ progress, reason, result }, { progress: 1, reason: null, result: { type: "full", chunks: [] } });
});

clientTest("contract: jobs", async () => {
  const both = [
    { job_id: "job-1", status: "Completed" },
    { job_id: "job-2", status: "Failed" },
  ];
  equal(await collect(reducto().jobs()), both);
  equal(await collect(reducto().jobs({ limit: 500 })), both);
  equal(await collect(reducto().jobs({ cursor: "a/b c&d", limit: 1 })), both);
  equal(await collect(reducto(prefer("example=empty")).jobs()), []);
});

clientTest("jobs goes through all pages, an empty one in between", async () => {
  const { reducto: client, arrived } = fault("pages");
  const jobs = await collect(client.jobs({ limit: 2 }));
  equal(
    jobs.map((job) => job.job_id),
    ["job-1", "job-2", "job-3"],
  );
  equal(
    (await arrived()).map(({ path }) => [...new URL(path, "http://x").searchParams].sort()),
    [
      [["limit", "2"]],
      [
        ["cursor", "a/b c&d"],
        ["limit", "2"],
      ],
      [
        ["cursor", "last"],
        ["limit", "2"],
      ],
    ],
  );
});

clientTest("jobs asks for no page that nobody reads", async () => {
  const { reducto: client, arrived } = fault("pages");
  equal((await collect(client.jobs(), 2)).length, 2);
  equal((await arrived()).length, 1);
});

clientTest("jobs ends where a cursor leads to itself", async () => {
  const { reducto: client, arrived } = fault("pages-loop");
  await Promise.race([collect(client.jobs()).catch(() => {}), new Promise((done) => setTimeout(done, 1500))]);
  const { length } = await arrived();
  equal(length <= 3, true, `asked ${length} times for the same page; stopping`);
});

clientTest("contract: cancel", async () => {
  await reducto().cancel(JOB);
  await reducto(prefer("example=nothing")).cancel(JOB);
});

clientTest("contract: result, by id and by update", async () => {
  const full = { type: "full", chunks: [] };
  equal(await reducto().result(JOB), full);
  const update = { status: "Completed", job_id: JOB, metadata: null };
  equal(await reducto().result(update), full);
});

clientTest("contract: waitForJob", async () => {
  equal((await reducto().waitForJob(JOB, { pollInterval: 10 })).status, "Completed");
  equal((await reducto(prefer("example=cancelled")).waitForJob(JOB, { pollInterval: 10 })).status, "Cancelled");
});

clientTest("waitForJob asks until the job has ended", async () => {
  const { reducto: client, arrived } = fault("pending-twice");
  equal((await client.waitForJob("job-1", { pollInterval: 20 })).status, "Completed");
  equal(
    (await arrived()).map(({ path }) => path),
    ["/job/job-1", "/job/job-1", "/job/job-1"],
  );
});

clientTest("result follows a URL to another host without the key", async () => {
  const { reducto: client, arrived } = fault("result-elsewhere");
  equal(await client.result("job-1"), { type: "full", from: "/file?sig=1" });
  const [first, second] = await arrived();
  equal([first?.origin, first?.headers.authorization], ["first", `Bearer ${API_KEY}`]);
  equal([second?.origin, second?.method, second?.path], ["other", "GET", "/file?sig=1"]);
  equal(JSON.stringify(second).includes(API_KEY), false, "the other host saw the key");
});

clientTest("result follows a URL without the caller's own headers", async () => {
  const { reducto: client, arrived } = fault("result-elsewhere", { headers: { "x-gateway-key": "GATEWAY" } });
  await client.result("job-1");
  const [first, second] = await arrived();
  equal([first?.headers["x-gateway-key"], second?.headers["x-gateway-key"]], ["GATEWAY", undefined]);
});

clientTest("result of a job that failed says why", async () => {
  const { reducto: client } = fault("failed");
  says((await failure(() => client.result("job-1"))).message, /fail/i, "unreadable");
});

clientTest("result whose URL has expired is an error with the status, without the signed URL", async () => {
  const { reducto: client } = fault("result-gone");
  const error = await failure(() => client.result("job-1"), "ApiError");
  equal(error.status, 403);
  equal(String(error.message).includes("SIGNED"), false, "the message has the signed URL");
});

clientTest("contract: 422 as the service documents it", async () => {
  const client = reducto(prefer("code=422"));
  for (const call of [
    () => client.portalUrl(),
    () => client.submit("parse", { input: "x" }),
    () => client.job(JOB),
    () => collect(client.jobs()),
    () => client.cancel(JOB),
  ]) {
    const { status, detail } = await failure(call, "ApiError");
    equal([status, detail.length, detail[1].loc], [422, 2, ["body", "pages", 0]]);
  }
});

clientTest("a job id is one path segment", async () => {
  const { reducto: client, arrived } = fault("good");
  await client.job("a/b?c#d é%2F");
  await client.cancel("../x");
  equal(
    (await arrived()).map(({ path }) => path),
    ["/job/a%2Fb%3Fc%23d%20%C3%A9%252F", "/cancel/..%2Fx"],
  );
});

clientTest("a bad job id is refused before anything is sent, and the message says so", async () => {
  const { reducto: client, arrived } = fault("good");
  for (const id of ["", ".", "..", undefined, null, 7, {}]) {
    const bad = /** @type {any} */ (id);
    for (const call of [
      () => client.job(bad),
      () => client.cancel(bad),
      () => client.result(bad),
      () => client.waitForJob(bad),
    ]) {
      says((await failure(call)).message, /\bid\b/i);
    }
  }
  equal(await arrived(), []);
});

clientTest("an unknown kind of job is refused before anything is sent", async () => {
  const { reducto: client, arrived } = fault("good");
  for (const kind of ["", "prase", "parse_async", "../x", "constructor", undefined]) {
    says(
      (await failure(() => client.submit(/** @type {any} */ (kind), { input: "x" }))).message,
      "parse",
      "extract",
      "edit",
    );
  }
  equal(await arrived(), []);
});

clientTest("a job body that is no object is refused before anything is sent", async () => {
  const { reducto: client, arrived } = fault("good");
  for (const body of [undefined, null, "x", 1, [1]]) {
    says((await failure(() => client.submit("parse", /** @type {any} */ (body)))).message, /body|object/i);
  }
  equal(await arrived(), []);
});
