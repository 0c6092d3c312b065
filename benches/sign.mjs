// One 150-byte delivery on Node, signed by everyone.

import { bars } from "./chart.mjs";
import { nodeHost } from "./hosts/programs.mjs";
import { measurements } from "./report.mjs";
import { FASTER, faster } from "./targets.mjs";

const HOW = { size: 150, rounds: 101, sampleMs: 2 };

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const { run } = await nodeHost();
  const measured = [];
  const targets = [];
  for (const body of ["Buffer", "string"]) {
    const series = await run("sign.mjs", { ...HOW, body });
    measured.push(...measurements(`${body} body`, series));
    targets.push(
      faster(`${body}, sign, than svix 1.99`, series, "hookseal", "svix 1.99", FASTER.verify.svix),
      faster(
        `${body}, sign, than standardwebhooks`,
        series,
        "hookseal",
        "standardwebhooks",
        FASTER.check.standardwebhooks,
      ),
      faster(`${body}, sign, than by hand`, series, "hookseal", "node:crypto by hand", FASTER.check.byHand),
    );
  }
  const title = `Signing one ${HOW.size}-byte delivery on Node ${process.versions.node}`;
  return {
    title,
    measurements: measured,
    targets,
    chart: bars({
      title: `${title} (Buffer)`,
      axis: "microseconds a call: shorter is faster; the thin line is between the quartiles",
      rows: measured
        .filter(({ group }) => group === "Buffer body")
        .map(({ name, median, low, high }) => ({ name, value: median, low, high, ours: name === "hookseal" })),
    }),
  };
}
