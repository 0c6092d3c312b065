// A server made from one of the OpenAPI documents beside this file: Prism answers and validates; a front before it
// refuses what Prism lets pass, and turns every violation into an answer that no client takes for a success.

import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { findOperation, violationsOf } from "./strict.mjs";

const require = createRequire(import.meta.url);

/** @typedef {import("./strict.mjs").Operation} Operation */
/** @typedef {{operation: string | undefined, request: string, status: number, violations: string[]}} Call */

/**
 * @typedef {object} ContractServer
 * @property {string} url
 * @property {Operation[]} operations every operation of the document
 * @property {Call[]} calls what was asked since the start
 * @property {() => Promise<void>} stop
 */

/**
 * @param {"reducto" | "scaikey"} name
 * @param {string} token the only bearer token that is taken
 * @returns {Promise<ContractServer>}
 */
export async function startContract(name, token) {
  const { getHttpOperationsFromSpec } = require("@stoplight/prism-http");
  const { createServer } = require("@stoplight/prism-http-server");
  const { createLogger } = require("@stoplight/prism-core");
  const document = fileURLToPath(new URL(`${name}.openapi.yaml`, import.meta.url));
  const described = await getHttpOperationsFromSpec(document);
  const operations = /** @type {Operation[]} */ (described);
  // What `prism mock --errors` sets.
  const prism = createServer(described, {
    cors: false,
    components: { logger: createLogger("prism", { level: "silent" }) },
    config: {
      isProxy: false,
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: true,
      upstreamProxy: undefined,
      mock: { dynamic: false },
    },
  });
  const behind = await prism.listen(0, "127.0.0.1");

  /** @type {Call[]} */
  const calls = [];
  const front = createHttpServer(async (incoming, outgoing) => {
    const body = await bytesOf(incoming);
    const operation = findOperation(operations, incoming);
    const violations = violationsOf(operation, incoming, body, token);
    const answer = await forward(behind, incoming, body);
    violations.push(...prismViolations(answer));
    const status = violations.length > 0 ? 400 : answer.status;
    calls.push({ operation: operation?.iid, request: `${incoming.method} ${incoming.url}`, status, violations });
    if (violations.length > 0) {
      outgoing.writeHead(400, { "content-type": "application/problem+json" });
      outgoing.end(JSON.stringify({ detail: `against the contract: ${violations.join("; ")}` }));
    } else {
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    }
  });
  await new Promise((done) => front.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (front.address());
  return {
    url: `http://127.0.0.1:${port}`,
    operations,
    calls,
    stop: async () => {
      front.closeAllConnections();
      await new Promise((done) => front.close(done));
      await prism.close();
    },
  };
}

/** @typedef {{status: number, headers: import("node:http").IncomingHttpHeaders, body: Buffer}} Answer */

/**
 * @param {string} origin
 * @param {import("node:http").IncomingMessage} incoming
 * @param {Buffer} body
 * @returns {Promise<Answer>}
 */
function forward(origin, { method, url, headers }, body) {
  const { host, connection, "transfer-encoding": _, ...kept } = headers;
  if (body.length > 0) kept["content-length"] = String(body.length);
  return new Promise((done, fail) => {
    const outgoing = httpRequest(
      origin + url,
      { method, headers: { ...kept, connection: "close" } },
      async (response) => {
        const { connection: _, "transfer-encoding": __, ...headers } = response.headers;
        done({ status: response.statusCode ?? 0, headers, body: await bytesOf(response) });
      },
    );
    outgoing.on("error", fail);
    outgoing.end(body);
  });
}

/** What Prism has against a request: in a header when the document has an answer for it, else in the answer. @param {Answer} answer */
function prismViolations({ status, headers, body }) {
  const header = headers["sl-violations"];
  if (header !== undefined) return [`Prism: ${header}`];
  if (headers["content-type"]?.startsWith("application/problem+json")) return [`Prism: ${status} ${body}`];
  return [];
}

/** @param {import("node:stream").Readable} stream */
async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
