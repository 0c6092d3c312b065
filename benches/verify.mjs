// One 150-byte delivery on Node, verified by everyone.

import { bars } from "./chart.mjs";
import { nodeHost } from "./hosts/programs.mjs";
import { measurements } from "./report.mjs";
import { atLeast, FASTER, faster, ratioOf } from "./targets.mjs";

const HOW = { size: 150, rounds: 101, sampleMs: 2 };

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const { run } = await nodeHost();
  const measured = [];
  const targets = [];
  for (const body of ["Buffer", "string"]) {
    const series = await run("verify.mjs", { ...HOW, body, headers: "plain" });
    const fetched = await run("verify.mjs", { ...HOW, body, headers: "fetch" });
    measured.push(...measurements(`${body} body, plain headers`, series));
    measured.push(...measurements(`${body} body, hookseal by headers`, fetched));

    const by = (/** @type {string} */ name, /** @type {string} */ slow, /** @type {number} */ wanted) =>
      targets.push(faster(`${body}, ${name}`, series, "hookseal", slow, wanted));
    by("verify, than svix 1.99", "svix 1.99", FASTER.verify.svix);
    by("verify, than by hand + JSON.parse", "node:crypto by hand", FASTER.verify.byHand);
    const check = (/** @type {string} */ slow, /** @type {number} */ wanted) => {
      const figure = ratioOf(series, `${slow}, check only`, "hookseal, check only");
      targets.push(atLeast(`${body}, check only, than ${slow.replace("node:crypto ", "")}`, figure, wanted));
    };
    check("standardwebhooks", FASTER.check.standardwebhooks);
    check("node:crypto by hand", FASTER.check.byHand);
    for (const name of ["hookseal", "hookseal, check only"]) {
      const figure = ratioOf(fetched, name, `${name}, Headers`);
      targets.push(atLeast(`${body}, ${name}: Headers, of the speed with plain ones`, figure, FASTER.fetchHeaders));
    }
    const reducto = ratioOf(series, "node:crypto by hand, Reducto's checks", "hookseal/reducto");
    targets.push(atLeast(`${body}, hookseal/reducto, than by hand with its checks`, reducto, FASTER.reducto));
    const fresh = ratioOf(series, "svix 1.99, new each call", "hookseal, new each call");
    targets.push(atLeast(`${body}, new Webhook each call, than new Svix`, fresh, FASTER.newEach));
  }
  const title = `Verifying one ${HOW.size}-byte delivery on Node ${process.versions.node}`;
  return {
    title,
    measurements: measured,
    targets,
    notes: [
      `Medians of ${HOW.rounds} rounds, all contenders in turns; spread: between the quartiles. Figures: median (quartiles)`,
      "of the ratios round by round. octokit verifies another scheme, which signs neither an id nor a time.",
    ],
    chart: bars({
      title: `${title} (Buffer, plain headers)`,
      axis: "microseconds a call: shorter is faster; the thin line is between the quartiles",
      rows: measured
        .filter(({ group }) => group === "Buffer body, plain headers")
        .map(({ name, median, low, high }) => ({ name, value: median, low, high, ours: name.startsWith("hookseal") })),
    }),
  };
}
