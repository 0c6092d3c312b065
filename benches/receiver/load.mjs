// Contenders, each in a process of its own, and the load on them.

import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { body, delivery } from "./requests.mjs";

const SERVER = fileURLToPath(new URL("server.mjs", import.meta.url));
const CONNECTIONS = 64;
/** So many requests a second are signed in advance, and later four times what the last round answered: an id sent again is a duplicate. */
const FIRST_RATE = 4_000;
/** Seconds: an answer that is later than this is none. */
const TIMEOUT = 60;

/** @param {string} name */
export async function startContender(name) {
  const child = fork(SERVER, [name], { execArgv: (process.env.SERVER_ARGS ?? "").split(" ").filter(Boolean) });
  const [{ port }] = await once(child, "message");
  const url = `http://127.0.0.1:${port}`;
  const handled = async () => {
    child.send("handled?");
    const [answer] = await once(child, "message");
    return answer.handled;
  };
  return { name, url, handled, rate: FIRST_RATE / 4, stop: () => child.disconnect() };
}

/** @typedef {Awaited<ReturnType<typeof startContender>>} Contender */

/** It takes what is right, once, and refuses what is not. @param {Contender} contender */
export async function check({ name, url, handled }) {
  const { path, ...request } = delivery();
  const before = await handled();
  const statuses = [];
  for (const sent of [{ ...request, body: body.replace("123", "124") }, request]) {
    statuses.push((await fetch(url + path, sent)).status);
  }
  if (statuses.join() !== "401,200")
    throw new Error(`${name} answered ${statuses.join()} to a forged and a true delivery`);
  if ((await handled()) !== before + 1) throw new Error(`${name} did not handle the true delivery once`);
}

/**
 * One round.
 * @param {Contender} contender
 * @param {number} seconds
 * @returns {Promise<{rate: number, p50: number, p99: number}>} requests a second, milliseconds
 */
export async function load(contender, seconds) {
  const { name, url, handled } = contender;
  const each = Math.ceil((4 * contender.rate * seconds) / CONNECTIONS);
  const requests = Array.from({ length: CONNECTIONS }, () => Array.from({ length: each }, delivery));
  const before = await handled();
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    timeout: TIMEOUT,
    setupClient: (client) => client.setRequests(requests.pop()),
  });
  const { "2xx": answered, non2xx, errors, timeouts, latency } = result;
  if (non2xx + errors + timeouts > 0) {
    throw new Error(`${name}: ${non2xx} answers that are not 2xx, ${errors} errors, ${timeouts} timeouts`);
  }
  // What was under way at the end was handled, and its answer not counted.
  const more = (await handled()) - before - answered;
  if (more < 0 || more > CONNECTIONS) throw new Error(`${name} handled ${more} more than it answered`);
  contender.rate = answered / result.duration;
  return { rate: contender.rate, p50: latency.p50, p99: latency.p99 };
}
