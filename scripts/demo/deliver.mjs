// Sends one delivery to each receiver, and reads in its log what it made of it.

import { setTimeout as pause } from "node:timers/promises";
import { logged, WORK_MS } from "../../tests/examples/checks.mjs";
import { send } from "../../tests/examples/send.mjs";

/** @typedef {Awaited<ReturnType<typeof import("../../tests/examples/receivers.mjs").startReceiver>>} Receiver */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {number} expected
 * @property {string[]} answers a status each, or "none"
 * @property {string} why the same from all, or what differs
 * @property {string | undefined} hint
 * @property {boolean} right
 */

/**
 * @param {import("../../tests/examples/deliveries.mjs").Delivery} delivery
 * @param {Receiver[]} receivers
 * @returns {Promise<Row>}
 */
export async function deliver(delivery, receivers) {
  const { name, status, effect, code, id } = delivery;
  const results = await Promise.all(
    receivers.map(async ({ server, url }) => {
      const before = server.log().length;
      const answer = await send(url, delivery);
      if (effect !== "seen before") {
        await logged(server, before, effect ? new RegExp(`${effect} ${id}`) : /hookseal: \d+ .+/);
      }
      return { answer: answer.status, ...reason(server.log().slice(before), id) };
    }),
  );
  const whys = [...new Set(results.map(({ why }) => why))];
  const expectedWhy = effect ?? code ?? "";
  return {
    name,
    expected: status,
    answers: results.map(({ answer }) => String(answer || "none")),
    why: whys.join(" / "),
    hint: results.find(({ hint }) => hint)?.hint,
    right: results.every(({ answer, why }) => answer === status && why.includes(expectedWhy)),
  };
}

/** @param {string} text @param {string | undefined} id */
function reason(text, id) {
  const refused = /hookseal: \d+ (.+)/.exec(text)?.[1];
  if (refused) {
    // What is wrong, its code, its message, and what to do.
    const [what = "", code, _message, ...hint] = refused.split(": ");
    return { why: code ?? what, hint: hint.join(": ") || undefined };
  }
  const times = text.split(`processed ${id}:`).length - 1;
  if (times === 0) return { why: "seen before, not processed again" };
  return { why: times === 1 ? "processed, once" : `processed ${times} times` };
}

/**
 * What a receiver did that it should not have, now that all is sent: a second time would be late.
 * @param {import("../../tests/examples/deliveries.mjs").Delivery[]} sent
 * @param {Receiver[]} receivers
 * @returns {Promise<string[]>}
 */
export async function misdeeds(sent, receivers) {
  await pause(2 * WORK_MS);
  const expected = sent
    .filter(({ effect }) => effect === "processed")
    .map(({ id }) => id)
    .join(", ");
  return receivers.flatMap(({ name, server }) => {
    const processed = [...server.log().matchAll(/processed (\w+):/g)].map(([, id]) => id).join(", ");
    return processed === expected ? [] : [`${name} processed ${processed}, not ${expected}`];
  });
}
