// How many instructions a call of the Rust crate takes, counted by valgrind: the same on a busy machine as on a quiet one.

import { join } from "node:path";
import { run, which } from "../scripts/lib/run.mjs";
import { cargo, NATIVE } from "./native.mjs";
import { notMeasured } from "./targets.mjs";

const NAMES = ["standardwebhooks", "svix", "hookseal"];
const [FEW, MANY] = [100, 600];

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const title = "The Rust crate, native: instructions";
  const valgrind = which("valgrind");
  if (!valgrind) return { title, measurements: [], targets: [notMeasured("instructions", "there is no valgrind")] };
  await cargo("build", "--locked", "--release", "--bin", "instructions");
  const program = join(NATIVE, "target", "release", "instructions");

  const count = async (/** @type {string[]} */ args) => {
    const flags = ["--tool=callgrind", "--callgrind-out-file=/dev/null"];
    const { stderr } = await run(valgrind, [...flags, program, ...args], { quiet: true });
    return Number(/Collected : (\d+)/.exec(stderr)?.[1]);
  };
  const measurements = [];
  for (const operation of ["verify", "sign"]) {
    for (const size of [150, 4096]) {
      for (const name of NAMES) {
        const [few, many] = await Promise.all(
          [FEW, MANY].map((calls) => count([name, operation, String(size), String(calls)])),
        );
        const median = Math.round(((many ?? Number.NaN) - (few ?? 0)) / (MANY - FEW));
        const group = `${operation}, ${size} B`;
        measurements.push({ group, name, unit: "instructions a call", median, low: median, high: median });
      }
    }
  }
  return {
    title,
    measurements,
    targets: [],
    notes: ["valgrind has no SHA instructions, so all hash in software here; a processor with them counts fewer."],
  };
}
