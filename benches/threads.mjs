// Whether two threads do twice as much as one.

import { nodeHost } from "./hosts/programs.mjs";
import { measurements } from "./report.mjs";
import { ratio } from "./statistics.mjs";
import { atLeast, FASTER } from "./targets.mjs";

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const { run } = await nodeHost();
  const series = await run("thread.mjs", { threads: [1, 2], rounds: 15, sampleMs: 150 });
  const [one, two] = series.map((/** @type {{samples: number[]}} */ { samples }) => samples);
  return {
    title: "Worker threads",
    measurements: measurements("150 B, verify", series, "calls a second"),
    targets: [atLeast("two threads, than one", ratio(two, one), FASTER.threads)],
  };
}
