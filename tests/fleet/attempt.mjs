// One request, as a sender makes it, or as one that goes wrong on the way.

import { Agent, request as httpRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * plain: in one piece. cut: the connection ends within the body. slow: the body comes in pieces. stuck: it does not come
 * within the receiver's bodyTimeout.
 * @typedef {"plain" | "cut" | "slow" | "stuck"} Way
 */

/** @typedef {{status?: number, incarnation?: string, error?: string}} Answered without a status, there was no answer */

/** After this, Svix gives an attempt up. */
const ATTEMPT_MS = 15_000;

/** How long a cut request lives, the pauses of a slow one, and how long a stuck one goes on. */
const CUT_MS = 20;
const SLOW_MS = 250;
const STUCK_MS = 4_000;

/**
 * @param {number} port
 * @returns {(way: Way, headers: Record<string, string>, body: string) => Promise<Answered>}
 */
export function attempter(port) {
  const agent = new Agent({ keepAlive: true });
  return (way, headers, body) =>
    new Promise((done) => {
      // What was cut must not leave a connection behind that another attempt would use.
      const own = way === "plain" ? { agent } : { agent: false };
      const request = httpRequest({ port, host: "127.0.0.1", path: "/webhook", method: "POST", headers, ...own });
      request.setTimeout(ATTEMPT_MS, () => request.destroy(new Error("no answer in time")));
      request.on("error", (error) => done({ error: Reflect.get(error, "code") ?? error.message }));
      request.on("response", (response) => {
        const incarnation = response.headers["x-incarnation"]?.toString();
        response.resume();
        response.on("end", () => done({ status: response.statusCode ?? 0, ...(incarnation && { incarnation }) }));
        response.on("error", (error) => done({ error: String(error) }));
        // The answer is there before the body is: nobody reads that any more.
        if (!request.writableEnded) request.destroy();
      });
      write(request, way, body).catch((error) => request.destroy(error));
    });
}

/**
 * @param {import("node:http").ClientRequest} request
 * @param {Way} way
 * @param {string} body
 */
async function write(request, way, body) {
  if (way === "plain") return void request.end(body);
  const half = Math.floor(body.length / 2);
  request.flushHeaders();
  request.write(body.slice(0, half));
  if (way === "cut") {
    await sleep(CUT_MS);
    return void request.destroy(new Error("cut"));
  }
  await sleep(way === "stuck" ? STUCK_MS : SLOW_MS);
  if (request.destroyed) return;
  request.write(body.slice(half, half + 10));
  await sleep(SLOW_MS);
  if (!request.destroyed) request.end(body.slice(half + 10));
}
