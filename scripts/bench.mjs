// `npm run bench`: builds, then measures everything but memory, which takes minutes.
//
//   npm run bench [-- part …]     parts: see PARTS

import { build } from "./build.mjs";
import { log } from "./lib/run.mjs";

/** @type {Record<string, () => Promise<{bench: () => Promise<import("../benches/report.mjs").Report>}>>} */
const PARTS = {
  verify: () => import("../benches/verify.mjs"),
  sign: () => import("../benches/sign.mjs"),
  sizes: () => import("../benches/sizes.mjs"),
  cold: () => import("../benches/cold.mjs"),
  workers: () => import("../benches/threads.mjs"),
  limits: () => import("../benches/limits.mjs"),
  bytes: () => import("../benches/bytes.mjs"),
  rust: () => import("../benches/rust.mjs"),
  instructions: () => import("../benches/instructions.mjs"),
  memory: () => import("../benches/memory.mjs"),
};
const QUICK = Object.keys(PARTS).filter((part) => part !== "memory");

const asked = process.argv.slice(2);
const unknown = asked.filter((part) => !(part in PARTS));
if (unknown.length > 0)
  throw new Error(`no such part: ${unknown.join(", ")}; there are ${Object.keys(PARTS).join(", ")}`);

await build();
// These need node_modules.
const { machine, print, printTargets, save } = await import("../benches/report.mjs");
const measuredOn = machine();
const targets = [];
for (const part of asked.length > 0 ? asked : QUICK) {
  const started = Date.now();
  try {
    const report = await (await PARTS[part]?.())?.bench();
    if (!report) continue;
    print(report);
    save(part, report, measuredOn);
    targets.push(...report.targets.map((one) => ({ ...one, target: `${part}: ${one.target}` })));
  } catch (error) {
    // A wrong verdict, above all. A target that is missed is no failure.
    log(error);
    targets.push({ target: part, figure: "failed: see above", met: false });
    process.exitCode = 1;
  }
  log(`${part}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
console.log(
  `\nTargets\n${measuredOn.cores} x ${measuredOn.cpu}, Node ${measuredOn.node}, load ${measuredOn.loadBefore}\n`,
);
printTargets(targets);
