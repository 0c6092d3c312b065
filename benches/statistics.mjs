// Medians, spreads, and ratios of what was measured in the same rounds.

/** @typedef {{median: number, low: number, high: number}} Summary low and high: the quartiles */

/**
 * @param {number[]} samples
 * @returns {Summary}
 */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (/** @type {number} */ part) => {
    const place = (sorted.length - 1) * part;
    const [below = Number.NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/**
 * How many times as long the first took as the second, round by round: what disturbed a round disturbed both.
 * @param {number[]} slow
 * @param {number[]} fast
 */
export function ratio(slow, fast) {
  return summary(slow.map((time, round) => time / (fast[round] ?? Number.NaN)));
}

/** The slope of the line through the points. @param {number[]} x @param {number[]} y */
export function slope(x, y) {
  const mean = (/** @type {number[]} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(x), mean(y)];
  let products = 0;
  let squares = 0;
  for (const [at, value] of x.entries()) {
    products += (value - middleX) * ((y[at] ?? middleY) - middleY);
    squares += (value - middleX) ** 2;
  }
  return products / squares;
}

/** The spread between the quartiles, in percent of the median. @param {Summary} summary */
export const spreadOf = ({ median, low, high }) => Math.round(((high - low) / median) * 100);
