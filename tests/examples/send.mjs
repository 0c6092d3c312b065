// Sends one delivery over HTTP, just as it is: fetch would not send a GET's body, or a body without its length.

import { request } from "node:http";

/** How long a receiver may take. A sender of webhooks waits 15 seconds; none of these has so much to do. */
const TIME_LIMIT_MS = 8000;

/** @typedef {{status: number, headers: import("node:http").IncomingHttpHeaders, body: string, ms: number}} Answer `status` 0: none, `body` says why */

/**
 * @param {string} url
 * @param {import("./deliveries.mjs").Delivery} delivery
 * @returns {Promise<Answer>}
 */
export function send(url, { method = "POST", headers, body, chunked }) {
  return new Promise((done) => {
    const from = performance.now();
    const length = body === undefined || chunked ? {} : { "content-length": Buffer.byteLength(body) };
    const sent = request(url, { method, headers: { ...headers, ...length }, agent: false }, (answer) => {
      const parts = /** @type {Buffer[]} */ ([]);
      const { statusCode: status = 0 } = answer;
      const ms = performance.now() - from;
      const settle = () => done({ status, headers: answer.headers, body: Buffer.concat(parts).toString(), ms });
      answer.on("data", (part) => parts.push(part));
      answer.on("close", settle);
      answer.on("error", settle); // a server may cut the line that still brings it a body it has refused
    });
    sent.setTimeout(TIME_LIMIT_MS, () => sent.destroy(new Error(`no answer in ${TIME_LIMIT_MS} ms`)));
    sent.on("error", (error) => done({ status: 0, headers: {}, body: error.message, ms: performance.now() - from }));
    if (chunked) sent.flushHeaders(); // or Node would count the body after all
    sent.end(body);
  });
}
