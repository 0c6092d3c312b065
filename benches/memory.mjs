// Ten million deliveries, and one of 64 MiB: what stays in memory.

import { nodeHost } from "./hosts/programs.mjs";
import { slope } from "./statistics.mjs";
import { GROWTH } from "./targets.mjs";

const CALLS = 10_000_000;
const EVERY = 100_000;
const WARM_UP = 1_000_000;

/** A young generation that may not grow, and no helpers: their pages come and go by megabytes. */
const FLAGS = ["--expose-gc", "--single-threaded", "--max-semi-space-size=1"];

/** @typedef {{done: number, rss: number, heap: number, linear: number}} Sample */

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const { run } = await nodeHost();
  const { samples, seconds, big } = await run("memory.mjs", { calls: CALLS, every: EVERY }, FLAGS);
  const warm = samples.filter((/** @type {Sample} */ { done }) => done >= WARM_UP);
  const growth = (/** @type {"rss" | "heap" | "linear"} */ kind) => {
    const x = warm.map((/** @type {Sample} */ { done }) => done);
    const perCall = slope(
      x,
      warm.map((/** @type {Sample} */ sample) => sample[kind]),
    );
    return perCall * (x.at(-1) - x[0]);
  };
  const grown = { linear: growth("linear"), heap: growth("heap"), rss: growth("rss") };
  const kept = {
    linear: big.after.linear - big.before.linear,
    heap: big.after.heap - big.before.heap,
    rss: big.after.rss - big.before.rss,
  };
  const last = samples.at(-1);

  const one = (/** @type {string} */ name, /** @type {number} */ bytes) => {
    const median = bytes / 1024;
    return { group: "memory", name, unit: "KiB", median, low: median, high: median };
  };
  const verified = `${(last.done / 1e6).toFixed(1)} million verifies`;
  const target = (/** @type {string} */ name, /** @type {number} */ bytes) => ({
    target: `${name}: less than ${GROWTH / 1024} KiB`,
    figure: `${(bytes / 1024).toFixed(1)} KiB`,
    met: bytes < GROWTH,
  });
  return {
    title: `Memory: ${verified} of 100 B to 256 KB in ${seconds.toFixed(0)} s, then one of 64 MiB`,
    measurements: [
      one("linear memory at the end", last.linear),
      one("RSS after warm-up", warm[0].rss),
      one("RSS at the end", last.rss),
      one("heap and buffers at the end", last.heap),
      one("linear memory after 64 MiB", big.after.linear),
      one("RSS after 64 MiB", big.after.rss),
    ],
    targets: [
      target(`growth of linear memory over ${verified}`, grown.linear),
      target("growth of heap and buffers", grown.heap),
      target("growth of RSS", grown.rss),
      target("linear memory kept of a 64 MiB body", kept.linear),
      target("heap and buffers kept of a 64 MiB body", kept.heap),
      {
        target: "a 64 MiB body, good and forged, does not trap",
        figure: `${big.instances} instance`,
        met: big.instances === 1,
      },
    ],
    notes: [
      `Growth: the slope of a line through ${warm.length} samples after ${WARM_UP / 1e6} million, each after a collection,`,
      `over the whole length. RSS: ${(grown.rss / last.done).toFixed(3)} bytes a verify. RSS kept of 64 MiB: ${(kept.rss / 2 ** 20).toFixed(1)} MiB.`,
    ],
  };
}
