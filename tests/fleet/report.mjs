// What a run says of itself: counts, and how long things took.

import { duplicatesOf } from "./judge.mjs";

/**
 * @param {import("./judge.mjs").Run} run
 * @param {{seconds: number, lives: number, crashes: number, logged: Map<string, number>}} besides
 * @returns {string[]} lines
 */
export function report(run, { seconds, lives, crashes, logged }) {
  const { deliveries, attempts, sent, effects, kills, outages } = run;
  const ways = tally(attempts.map(({ way }) => way));
  const duplicates = duplicatesOf(run);
  const explained = duplicates.filter(({ why }) => why === undefined);
  const lines = [
    ["deliveries", `${deliveries.length}, in ${sent.length} copies, ${rate(attempts.length, seconds)}`],
    ["attempts", `${attempts.length}: ${counts(ways)}`],
    ["answers", counts(tally(attempts.map(({ status, error }) => String(status ?? `none (${error})`))))],
    ["receivers", `${kills.length} killed, ${lives} started, ${crashes} ended by themselves`],
    ["store", `${outages.length} crashes${outages.map(({ from, to }) => `, away for ${to - from} ms`).join("")}`],
    ["effects", `${effects.length}`],
    [
      "duplicates",
      `${duplicates.length}: ${explained.length} explained by ${killsOf(explained)} kills, ${duplicates.length - explained.length} not explained`,
    ],
    ["attempt, ms", percentiles(attempts.filter(isOrdinary).map(({ start, end }) => end - start))],
    ["until 2xx, ms", percentiles(sent.flatMap(({ ms }) => (ms === undefined ? [] : [ms])))],
  ];
  const said = [...logged].sort(([, a], [, b]) => b - a).map(([line, count]) => `    ${count} × ${line}`);
  return [
    ...lines.map(([name, text]) => `  ${name?.padEnd(14)}${text}`),
    ...(said.length > 0 ? ["  the receivers' log", ...said] : []),
  ];
}

/** @param {import("./judge.mjs").Duplicate[]} duplicates */
const killsOf = (duplicates) => new Set(duplicates.map(({ by }) => by)).size;

/** What was answered, and was not slow on purpose. @param {import("./sender.mjs").Attempt} attempt */
const isOrdinary = ({ way, status }) => way === "plain" && status !== undefined;

/** @param {number} count @param {number} seconds */
const rate = (count, seconds) => `${Math.round(count / seconds)} attempts a second for ${seconds.toFixed(0)} s`;

/** @param {string[]} values */
function tally(values) {
  /** @type {Map<string, number>} */
  const counted = new Map();
  for (const value of values) counted.set(value, (counted.get(value) ?? 0) + 1);
  return counted;
}

/** @param {Map<string, number>} counted */
const counts = (counted) =>
  [...counted]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${name} ${count}`)
    .join(", ");

/** @param {number[]} values */
function percentiles(values) {
  const sorted = values.sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
  return `p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, max ${sorted.at(-1)}`;
}
