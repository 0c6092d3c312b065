// examples/submit-and-receive against a scripted Reducto: it takes a job, tells the webhook, and gives the result.

import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/lib/run.mjs";
import { project } from "../hosts/pack.mjs";
import { runOn } from "../hosts/process.mjs";
import { json } from "./cases.mjs";

const KEY = "example-API-KEY";
const JOB = "204a39e4-dd10-4c83-a978-0cee4af8cde2";
const DOCUMENT = "https://example.com/document.pdf";
const RESULT = { type: "full", chunks: [{ content: "text of the document" }] };

/** Where the example listens: it cannot say so before it submits. @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((done) => server.close(done));
  return port;
}

/** @returns {Promise<import("./index.mjs").Result>} */
export async function exampleTest() {
  const folder = join(root, "examples", "submit-and-receive");
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const cwd = await project(
    "submit-and-receive",
    Object.fromEntries(files.map(({ name }) => [name, readFileSync(join(folder, name))])),
  );
  const { ReductoWebhook, generateSecret } = await signer(cwd);
  const secret = generateSecret();
  const signed = new ReductoWebhook(secret);
  const strange = new ReductoWebhook(generateSecret());

  const failures = [];
  let passed = 0;
  for (const [name, run] of /** @type {[string, () => Promise<void>][]} */ ([
    [
      "signed",
      () =>
        roundTrip(cwd, { REDUCTO_WEBHOOK_SECRET: secret }, ({ async: { webhook, metadata } }) => {
          expect(
            webhook.mode === "svix" && metadata.document === DOCUMENT,
            `submitted ${JSON.stringify({ webhook, metadata })}`,
          );
          const body = JSON.stringify({ status: "Completed", job_id: JOB, metadata });
          return [
            [401, body, {}],
            [401, body, strange.signedHeaders(body)],
            [400, "[]", signed.signedHeaders("[]")],
            [200, body, signed.signedHeaders(body)],
          ];
        }),
    ],
    [
      "direct",
      () =>
        roundTrip(cwd, { WEBHOOK_URL: "https://tunnel.example/" }, ({ async: { webhook, metadata } }) => {
          expect(
            webhook.mode === "direct" && webhook.url === "https://tunnel.example/",
            `submitted ${JSON.stringify(webhook)}`,
          );
          expect(metadata.secret?.length >= 43 && metadata.document === DOCUMENT, "submitted without a token");
          const update = { status: "Completed", job_id: JOB };
          return [
            [401, JSON.stringify({ ...update, metadata: { ...metadata, secret: "wrong" } }), {}],
            [401, JSON.stringify(update), {}],
            [200, JSON.stringify({ ...update, metadata }), {}],
          ];
        }),
    ],
  ])) {
    try {
      await run();
      passed++;
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
  const name = "example submit-and-receive";
  return { name, passed, failed: failures.length, ...(failures.length > 0 && { failures }) };
}

/** The installed package, to sign with. @param {string} cwd */
async function signer(cwd) {
  const at = (/** @type {string} */ file) => import(pathToFileURL(join(cwd, "node_modules", "hookseal", file)).href);
  return { ...(await at("index.js")), ...(await at("reducto.js")) };
}

/** @param {unknown} holds @param {string} message */
function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/**
 * @param {string} cwd
 * @param {Record<string, string>} env
 * @param {(job: any) => [status: number, body: string, headers: Record<string, string>][]} deliveriesOf what arrives for
 *   a job, and what the receiver must answer; the last one is taken
 */
async function roundTrip(cwd, env, deliveriesOf) {
  const port = await freePort();
  /** @type {unknown} */
  let wrong;
  const service = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const call = `${request.method} ${request.url}`;
      if (call === "GET /result?sig=1") {
        expect(request.headers.authorization === undefined, "the API key went along to the result's URL");
        return json(response, 200, RESULT);
      }
      expect(request.headers.authorization === `Bearer ${KEY}`, `authorized as ${request.headers.authorization}`);
      if (call === "POST /parse_async") {
        const job = JSON.parse(Buffer.concat(chunks).toString());
        expect(job.input === DOCUMENT, `submitted ${job.input}`);
        // Before the answer: a fast job's delivery can overtake it.
        for (const [status, body, headers] of deliveriesOf(job)) {
          const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body, headers });
          expect(answer.status === status, `answered ${answer.status}, not ${status}`);
        }
        return json(response, 200, { job_id: JOB });
      }
      expect(call === `GET /job/${JOB}`, `called ${call}`);
      const { port: own } = /** @type {import("node:net").AddressInfo} */ (service.address());
      const url = `http://localhost:${own}/result?sig=1`;
      json(response, 200, { status: "Completed", result: { type: "url", url, result_id: "r" } });
    } catch (error) {
      wrong ??= error;
      json(response, 400, { detail: String(error) });
    }
  });
  service.listen(0);
  await once(service, "listening");
  const { port: own } = /** @type {import("node:net").AddressInfo} */ (service.address());
  const inherited = { REDUCTO_WEBHOOK_SECRET: undefined, WEBHOOK_URL: undefined };
  try {
    const { code, stdout, stderr } = await runOn(process.execPath, ["main.mjs", DOCUMENT], {
      cwd,
      env: {
        ...inherited,
        REDUCTO_API_KEY: KEY,
        REDUCTO_BASE_URL: `http://127.0.0.1:${own}`,
        PORT: String(port),
        ...env,
      },
      timeoutMs: 30_000,
    });
    if (wrong !== undefined) throw wrong;
    expect(code === 0, `exited with ${code}: ${stderr}`);
    expect(stdout.includes(`submitted ${JOB}`), stdout);
    expect(stdout.trim().endsWith(JSON.stringify(RESULT)), stdout);
    expect(!`${stdout}${stderr}`.includes(KEY), "the program printed the API key");
  } finally {
    service.closeAllConnections();
    await new Promise((done) => service.close(done));
  }
}
