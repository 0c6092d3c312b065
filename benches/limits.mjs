// Where a target is out of reach: what a call cannot do without, measured alone, against the time that the target leaves.

import { nodeHost } from "./hosts/programs.mjs";
import { measurements } from "./report.mjs";
import { summary } from "./statistics.mjs";
import { FASTER, ratioOf, times } from "./targets.mjs";

const HOW = { size: 150, long: 16_384, rounds: 101, sampleMs: 2 };
/** Of SHA-256 in a check: four of the signed text, and the outer hash. */
const BLOCKS = 5;

/** What no call can do without, and what it is of: all in one function, with nothing of JavaScript around it. */
const CHECK = "its WebAssembly, verify, and the text";
const SIGN = "its WebAssembly, sign, and the text";

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const { run } = await nodeHost();
  /** @type {{series: import("./programs/measure.mjs").Series[], more: number}} */
  const { series, more } = await run("limits.mjs", HOW);
  const samples = (/** @type {string} */ name) => {
    const found = series.find((one) => one.name === name);
    if (!found) throw new Error(`${name} was not measured`);
    return found.samples;
  };
  const median = (/** @type {string} */ name) => summary(samples(name)).median;
  const verify = "its WebAssembly, verify";
  const longer = samples(`its WebAssembly, ${more} blocks more`);
  const block = summary(longer.map((time, round) => (time - (samples(verify)[round] ?? 0)) / more)).median;
  series.push({
    name: "its WebAssembly, key, verify, and the text",
    calls: 0,
    samples: samples("its WebAssembly, key").map((time, round) => time + (samples(CHECK)[round] ?? 0)),
  });

  /** @param {string} what @param {string} peer @param {number} wanted @param {string} ours @param {string} least */
  const limit = (what, peer, wanted, ours, least) => {
    const [reached, most] = [ours, least].map((name) => times(ratioOf(series, peer, name).median));
    return `${what}, than ${peer.split(",")[0]}: wanted ${wanted}x, reached ${reached}; with no JavaScript at all ${most}`;
  };
  const { check, newEach, anySize } = FASTER;
  const fresh = "its WebAssembly, key, verify, and the text";
  const [byHand, peer] = ["node:crypto by hand", "standardwebhooks"];
  return {
    title: `What stops us: one ${HOW.size}-byte delivery on Node ${process.versions.node}, Buffer`,
    measurements: measurements("each alone", series),
    targets: [],
    notes: [
      `SHA-256 takes ${block.toFixed(2)} of the ${median(verify).toFixed(2)} µs of a check in WebAssembly for each of its ${BLOCKS} blocks.`,
      "The text is written, and the clock read, by the host's own functions; without them nothing goes.",
      limit("check", `${peer}, check only`, check.standardwebhooks, "hookseal, check only", CHECK),
      limit("check", `${byHand}, check only`, check.byHand, "hookseal, check only", CHECK),
      limit("sign", `${peer}, sign`, check.standardwebhooks, "hookseal, sign", SIGN),
      limit("sign", `${byHand}, sign`, check.byHand, "hookseal, sign", SIGN),
      limit("new each call, verify", "svix 1.99, new each call", newEach, "hookseal, new each call", fresh),
      `check of 16 KB, than ${peer}: wanted ${anySize.standardwebhooks}x; with no JavaScript at all ${times(
        ratioOf(series, `${peer}, check only, long`, "its WebAssembly, long").median,
      )}`,
    ],
  };
}
