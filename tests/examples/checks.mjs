// What every receiver must do with every delivery.

import { setTimeout as pause } from "node:timers/promises";
import { CURRENT, deliveries, JOB, PREVIOUS } from "./deliveries.mjs";
import { startReceiver } from "./receivers.mjs";
import { send } from "./send.mjs";

/** How long the receivers' stand-in for work takes. */
export const WORK_MS = 100;

/** @typedef {{name: string, passed: number, failed: number, failures?: string[], notRun?: string}} Outcome */

/**
 * @param {string} name
 * @returns {{outcome: Outcome, check: (what: string, is: unknown, expected: unknown) => void}}
 */
export function tally(name) {
  /** @type {Outcome & {failures: string[]}} */
  const outcome = { name, passed: 0, failed: 0, failures: [] };
  const check = (/** @type {string} */ what, /** @type {unknown} */ is, /** @type {unknown} */ expected) => {
    if (Object.is(is, expected)) outcome.passed++;
    else {
      outcome.failed++;
      outcome.failures.push(`${name}: ${what}: ${JSON.stringify(is)}, expected ${JSON.stringify(expected)}`);
    }
  };
  return { outcome, check };
}

/**
 * @param {import("./receivers.mjs").Receiver} receiver
 * @returns {Promise<Outcome>}
 */
export async function checkReceiver(receiver) {
  const { outcome, check } = tally(receiver.name);
  const { folder, server, url } = await startReceiver(receiver, `${CURRENT} ${PREVIOUS}`);
  try {
    const all = Object.values(deliveries());
    for (const delivery of all) {
      const { name, status, code } = delivery;
      const before = server.log().length;
      const answer = await send(url, delivery);
      check(`answers ${name}`, answer.status || answer.body, status);
      if (status === 405) check(`${name}: Allow`, answer.headers.allow, "POST");
      if (status === 401) check(`${name}: tells the sender nothing`, answer.body.length <= "Unauthorized".length, true);
      if (code) check(`${name}: logs ${code}`, await logged(server, before, refusal(status, code)), true);
    }
    check("its own sender is answered 200", /^200 msg_/.test(await receiver.send(folder, CURRENT, url)), true);

    for (const { name, id } of all.filter(({ effect }) => effect === "processed")) {
      const line = new RegExp(`processed ${id}: job ${JOB} Completed, user ${id?.slice("msg_".length)}\n`, "g");
      await logged(server, 0, line);
      check(`${name}: processed`, server.log().match(line)?.length, 1);
    }
    await pause(2 * WORK_MS); // a second time would be late
    const processed = server.log().match(/processed msg_/g)?.length;
    check(
      "nothing is processed twice, nor what was refused",
      processed,
      all.filter(({ effect }) => effect === "processed").length + 1,
    );
  } catch (error) {
    outcome.failures?.push(`${receiver.name}: ${error}\n${server.log().slice(-2000)}`);
    outcome.failed++;
  } finally {
    await server.stop();
  }
  return outcome;
}

/** @param {number} status @param {string} code */
function refusal(status, code) {
  return new RegExp(`hookseal: ${status} .*${code.replaceAll("$.", "\\$\\.")}`);
}

/**
 * Whether a line comes up in the log: hosts pass their log on with a delay.
 * @param {{log: () => string}} server
 * @param {number} from
 * @param {RegExp} line
 */
export async function logged(server, from, line) {
  for (let waited = 0; waited < 5000; waited += 20) {
    if (server.log().slice(from).search(line) >= 0) return true;
    await pause(20);
  }
  return false;
}
