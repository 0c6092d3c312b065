// Contenders, each in a process of its own, and the load on them.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { body, delivery } from "./requests.mjs";

const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));
const CONNECTIONS = 64;
/** Seconds: an answer that is later than this is none. */
const TIMEOUT = 60;

/** @param {string} name */
export async function startContender(name) {
  const child = fork(SERVER, [name], { execArgv: (process.env.SERVER_ARGS ?? "").split(" ").filter(Boolean) });
  const [{ port }] = await once(child, "message");
  const url = `http://127.0.0.1:${port}`;
  /** How many deliveries were handled, and in how many microseconds of the processor. */
  const state = async () => {
    child.send("state?");
    const [answer] = await once(child, "message");
    return answer;
  };
  return { name, url, state, stop: () => child.disconnect() };
}

/** @typedef {Awaited<ReturnType<typeof startContender>>} Contender */

/** It takes what is right, once, and refuses what is not. @param {Contender} contender */
export async function check({ name, url, state }) {
  const { path, ...request } = delivery();
  const { handled } = await state();
  const statuses = [];
  for (const sent of [{ ...request, body: body.replace("123", "124") }, request]) {
    statuses.push((await fetch(url + path, sent)).status);
  }
  if (statuses.join() !== "401,200")
    throw new Error(`${name} answered ${statuses.join()} to a forged and a true delivery`);
  if ((await state()).handled !== handled + 1) throw new Error(`${name} did not handle the true delivery once`);
}

/**
 * One round.
 * @param {Contender} contender
 * @param {number} each requests by each connection
 * @returns {Promise<{rate: number, p50: number, p99: number, cpu: number}>} requests a second; milliseconds; microseconds of
 *   the server's processor a delivery, which what else the machine does hardly changes
 */
export async function load({ name, url, state }, each) {
  // Signed in advance, and exactly as many as are sent: an id that is sent again is a duplicate.
  const requests = Array.from({ length: CONNECTIONS }, () => Array.from({ length: each }, delivery));
  const before = await state();
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    amount: CONNECTIONS * each,
    timeout: TIMEOUT,
    setupClient: (client) => client.setRequests(requests.pop()),
  });
  const { "2xx": answered, non2xx, errors, timeouts, latency, start, finish } = result;
  const after = await state();
  const newly = after.handled - before.handled;
  if (answered !== CONNECTIONS * each || newly !== answered) {
    const wrong = `${non2xx} answers that are not 2xx, ${errors} errors, ${timeouts} timeouts`;
    throw new Error(`${name} handled ${newly}, and answered ${answered} of ${CONNECTIONS * each} with 2xx: ${wrong}`);
  }
  const cpu = (after.cpu - before.cpu) / answered;
  return { rate: (answered / (finish - start)) * 1000, p50: latency.p50, p99: latency.p99, cpu };
}
