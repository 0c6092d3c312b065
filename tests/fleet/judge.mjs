// What has to be true of a run, judged from outside: by what the sender was answered, by the application's own ledger, and
// by when which process was killed. Knows nothing of stores.

/**
 * @typedef {object} Run
 * @property {import("./deliveries.mjs").Delivery[]} deliveries
 * @property {import("./sender.mjs").Attempt[]} attempts
 * @property {import("./sender.mjs").Sent[]} sent
 * @property {import("./ledger.mjs").Effect[]} effects in order
 * @property {import("./processes.mjs").Kill[]} kills
 * @property {Outage[]} outages of the store
 * @property {number} lease ms
 * @property {boolean} exactlyOnce no duplicate at all, whatever was killed
 */

/** @typedef {{from: number, to: number}} Outage */

/** @typedef {{name: string, wrong: string[]}} Finding a check; it holds if nothing is wrong */

/** A statement that a dying process had sent is still carried out. */
const LATE_EFFECT_MS = 1_000;

/** How long it may take from an effect to its completion: some ms, but the machine is loaded and the process starved. */
const COMPLETION_MS = 2_000;

/** How long a claim's answer may have been under way when its handler started. */
const CLAIM_MS = 1_000;

/** What an honest sender may be answered. 408: its body was too slow. 500: the handler failed. 503: the store did. */
const EXPECTED = new Set([undefined, 200, 408, 500, 503]);

/**
 * @param {Run} run
 * @returns {Finding[]}
 */
export function judge(run) {
  const { deliveries, attempts, sent } = run;
  const byId = new Map(deliveries.map((delivery) => [delivery.id, delivery]));
  const effects = grouped(run.effects);
  const firstAnswered = firstAnswers(attempts);
  const duplicates = duplicatesOf(run);

  return [
    check("every copy was answered 2xx in the end", sent, ({ ms }) => ms === undefined),
    check("every delivery that was answered 2xx has its effect", [...firstAnswered.keys()], (id) => !effects.has(id)),
    check(
      "no delivery was answered 2xx before its effect",
      [...firstAnswered],
      ([id, end]) => (effects.get(id)?.[0]?.at ?? 0) > end,
    ),
    check("no effect is of something that was not sent", run.effects, (one) => byId.get(one.delivery)?.job !== one.job),
    run.exactlyOnce
      ? check("no effect took place twice", duplicates, () => true)
      : check("every second effect is explained by a kill", duplicates, ({ why }) => why !== undefined),
    check("forged deliveries were refused", attempts, ({ way, status }) => way === "forged" && isTaken(status)),
    check(
      "honest deliveries got no other answer",
      attempts,
      ({ way, status }) => way !== "forged" && !EXPECTED.has(status),
    ),
  ];
}

/** A forged delivery is refused, or does not get there. @param {number | undefined} status */
const isTaken = (status) => status !== undefined && status !== 401 && status < 500;

/**
 * @typedef {object} Duplicate
 * @property {string} delivery
 * @property {string} by which process's effect was followed by another
 * @property {number} apart ms between the two
 * @property {string} [why] what a kill does not explain of it; none: a kill explains it
 */

/**
 * Every effect that another one of the same delivery followed. A kill explains that only if it came between the effect
 * and its completion.
 * @param {Pick<Run, "attempts" | "effects" | "kills" | "outages" | "lease">} run
 * @returns {Duplicate[]}
 */
export function duplicatesOf({ attempts, effects, kills, outages, lease }) {
  const killed = new Map(kills.map((kill) => [kill.incarnation, kill]));
  const answered = firstAnswers(attempts);
  const duplicates = [];
  for (const [delivery, all] of grouped(effects)) {
    const inOrder = all.sort((a, b) => a.started - b.started);
    for (const [n, effect] of inOrder.entries()) {
      const next = inOrder[n + 1];
      if (next === undefined) break;
      const kill = killed.get(effect.incarnation);
      const why = unexplained(effect, next, kill, answered.get(delivery), { outages, lease });
      duplicates.push({ delivery, by: effect.incarnation, apart: next.at - effect.at, ...(why && { why }) });
    }
  }
  return duplicates;
}

/**
 * @param {import("./ledger.mjs").Effect} effect
 * @param {import("./ledger.mjs").Effect} next
 * @param {import("./processes.mjs").Kill | undefined} kill of the process of `effect`
 * @param {number | undefined} answered when the delivery was first answered 2xx
 * @param {{outages: Outage[], lease: number}} conditions
 * @returns {string | undefined}
 */
function unexplained(effect, next, kill, answered, { outages, lease }) {
  if (kill === undefined) return "its process was not killed";
  if (effect.at > kill.gone + LATE_EFFECT_MS) return "its process was gone before";
  const away = outages.reduce(
    (ms, { from, to }) => ms + Math.max(0, Math.min(to, kill.at) - Math.max(from, effect.at)),
    0,
  );
  if (kill.at - effect.at > COMPLETION_MS + 2 * away) return "its process lived long enough to complete it";
  if (next.started < kill.at) return "the second began while the first's process lived";
  if (next.started - effect.started < lease - CLAIM_MS) return "the second began within the first's lease";
  if (answered !== undefined && answered < next.started) return "it had been answered 2xx, so it was complete";
  return undefined;
}

/**
 * When each delivery was answered 2xx for the first time.
 * @param {import("./sender.mjs").Attempt[]} attempts
 */
function firstAnswers(attempts) {
  /** @type {Map<string, number>} */
  const first = new Map();
  for (const { id, way, status, end } of attempts) {
    if (way === "forged" || status === undefined || status >= 300) continue;
    first.set(id, Math.min(end, first.get(id) ?? Number.POSITIVE_INFINITY));
  }
  return first;
}

/** @param {import("./ledger.mjs").Effect[]} effects */
function grouped(effects) {
  /** @type {Map<string, import("./ledger.mjs").Effect[]>} */
  const groups = new Map();
  for (const effect of effects) {
    const group = groups.get(effect.delivery);
    if (group) group.push(effect);
    else groups.set(effect.delivery, [effect]);
  }
  return groups;
}

/** How many of what is wrong a finding shows. */
const SHOWN = 5;

/**
 * @template T
 * @param {string} name
 * @param {T[]} all
 * @param {(one: T) => boolean} isWrong
 * @returns {Finding}
 */
function check(name, all, isWrong) {
  return { name, wrong: all.filter(isWrong).map((one) => JSON.stringify(one)) };
}

/** @param {Finding} finding */
export function describe({ name, wrong }) {
  if (wrong.length === 0) return `✓ ${name}`;
  const shown = wrong.slice(0, SHOWN).map((one) => `\n    ${one}`);
  return `✗ ${name}: not for ${wrong.length}${shown.join("")}`;
}
