// What hookseal is measured against: the numbers that it should reach.

import { ratio } from "./statistics.mjs";

/** @typedef {{target: string, figure: string, met: boolean | undefined}} Target met: undefined if it was not measured */

/** How many times as fast as others. */
export const FASTER = {
  verify: { svix: 5.5, byHand: 2 },
  check: { standardwebhooks: 8, byHand: 2.8 },
  /** Fetch Headers, of the speed with a plain object. */
  fetchHeaders: 0.7,
  reducto: 1.5,
  newEach: 5,
  anySize: { byHand: 0.95, standardwebhooks: 3 },
  threads: 1.8,
};

/** Bytes that may be added by all that is verified after warm-up, or kept of a 64 MiB body. */
export const GROWTH = 1024 * 1024;

/**
 * @param {string} target
 * @param {import("./statistics.mjs").Summary} figure a ratio
 * @param {number} wanted
 * @returns {Target}
 */
export function atLeast(target, { median, low, high }, wanted) {
  return {
    target: `${target}: at least ${wanted}x`,
    figure: `${times(median)} (${times(low)} to ${times(high)})`,
    met: median >= wanted,
  };
}

/**
 * How much faster one contender is than another, where both were measured in the same rounds.
 * @param {string} target
 * @param {import("./programs/measure.mjs").Series[]} series
 * @param {string} fast
 * @param {string} slow
 * @param {number} wanted
 */
export function faster(target, series, fast, slow, wanted) {
  return atLeast(target, ratioOf(series, slow, fast), wanted);
}

/**
 * @param {import("./programs/measure.mjs").Series[]} series
 * @param {string} slow
 * @param {string} fast
 */
export function ratioOf(series, slow, fast) {
  return ratio(samplesOf(series, slow), samplesOf(series, fast));
}

/** @param {import("./programs/measure.mjs").Series[]} series @param {string} wanted */
function samplesOf(series, wanted) {
  const found = series.find(({ name }) => name === wanted);
  if (!found) throw new Error(`${wanted} was not measured`);
  return found.samples;
}

/** @param {string} target @param {string} why @returns {Target} */
export const notMeasured = (target, why) => ({ target, figure: `not measured: ${why}`, met: undefined });

/** @param {number} value */
export const times = (value) => `${value.toFixed(2)}x`;
