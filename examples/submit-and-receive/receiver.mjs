import { createServer } from "node:http";
import { WebhookPayloadError, WebhookVerificationError } from "hookseal";

/** @typedef {import("hookseal/reducto").JobUpdate} JobUpdate */

const MAX_BYTES = 2 ** 20;

/**
 * Takes deliveries, verifies them and keeps them for who asks. A delivery may come before `submit` has returned.
 * @param {number} port
 * @param {(body: Uint8Array, headers: import("hookseal/reducto").WebhookHeaders) => JobUpdate} verify
 */
export async function startReceiver(port, verify) {
  /** @type {Map<string, PromiseWithResolvers<JobUpdate>>} */
  const jobs = new Map();
  const jobOf = (/** @type {string} */ id) => {
    const job = jobs.get(id) ?? withResolvers();
    jobs.set(id, job);
    return job;
  };

  const server = createServer(async (request, response) => {
    const answer = (/** @type {number} */ status) => response.writeHead(status).end();
    if (request.method !== "POST") return answer(405);
    try {
      const body = await bodyOf(request);
      if (!body) return answer(413);
      const update = verify(body, request.headers);
      answer(200);
      jobOf(update.job_id).resolve(update); // a second attempt changes nothing
    } catch (error) {
      if (error instanceof WebhookVerificationError) return answer(401);
      if (error instanceof WebhookPayloadError) return answer(400);
      console.error(error);
      answer(500); // so that it is sent again
    }
  });
  await new Promise((done, fail) => server.once("error", fail).listen(port, () => done(undefined)));

  return {
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    update: (/** @type {string} */ id) => jobOf(id).promise,
    stop: () => {
      server.close();
      server.closeIdleConnections();
    },
  };
}

/** The raw body, or nothing if it is too large. @param {import("node:http").IncomingMessage} request */
async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** As Promise.withResolvers, which Node 20 does not have. @returns {PromiseWithResolvers<JobUpdate>} */
function withResolvers() {
  /** @type {any} */
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
