// A service that goes wrong on request: `/<case>/<key>/…` answers as `cases.mjs` says, and `/_log/<key>` tells what
// arrived under a key, so that a suite in another process can count it. There are two origins of it.

import { createServer } from "node:http";
import { CASES, json } from "./cases.mjs";

/**
 * @typedef {object} Arrived a request that arrived
 * @property {number} at when, in milliseconds
 * @property {"first" | "other"} origin
 * @property {string} method
 * @property {string} path after the key, with the query
 * @property {Record<string, string>} headers
 * @property {string} body
 */

/**
 * @typedef {object} Context what a case is told
 * @property {Arrived} request
 * @property {number} attempt 1 for the first request under its key
 * @property {string} base of the case and key on this origin
 * @property {string} otherBase the same on the other origin
 * @property {"first" | "other"} origin
 */

/** @typedef {{url: string, other: string, stop: () => Promise<void>}} FaultServer */

/** @returns {Promise<FaultServer>} */
export async function startFaults() {
  /** @type {Map<string, Arrived[]>} */
  const logs = new Map();
  /** @type {Record<string, string>} */
  const origins = {};

  /** @param {"first" | "other"} origin */
  const listen = async (origin) => {
    const server = createServer(async (incoming, outgoing) => {
      outgoing.on("error", () => {}); // the client left
      const [, name = "", key = "", ...rest] = (incoming.url ?? "").split("/");
      if (name === "_log") return json(outgoing, 200, logs.get(key) ?? []);
      const request = await arrivedOf(incoming, origin, `/${rest.join("/")}`).catch(() => undefined);
      if (!request) return; // it ended before its body did
      const log = logs.get(key) ?? [];
      logs.set(key, log);
      log.push(request);
      const run = Object.hasOwn(CASES, name) ? CASES[name] : undefined;
      if (!run) return json(outgoing, 501, { detail: `no case ${name}` });
      const path = `/${name}/${key}`;
      run(outgoing, {
        request,
        attempt: log.length,
        base: origins[origin] + path,
        otherBase: origins[origin === "first" ? "other" : "first"] + path,
        origin,
      });
    });
    await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    origins[origin] = `http://127.0.0.1:${port}`;
    return server;
  };
  const servers = [await listen("first"), await listen("other")];
  return {
    url: /** @type {string} */ (origins.first),
    other: /** @type {string} */ (origins.other),
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

/**
 * @param {import("node:http").IncomingMessage} incoming
 * @param {"first" | "other"} origin
 * @param {string} path
 * @returns {Promise<Arrived>}
 */
async function arrivedOf(incoming, origin, path) {
  const at = Date.now();
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const headers = /** @type {Record<string, string>} */ (incoming.headers);
  return { at, origin, method: incoming.method ?? "", path, headers, body };
}
