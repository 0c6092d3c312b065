// The crate against its peers, timed by criterion, which takes one after the other.

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cargo, NATIVE } from "./native.mjs";

const NAMES = ["standardwebhooks", "svix", "hookseal"];
const SIZES = [150, 4096, 65_536];

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const results = join(NATIVE, "target", "criterion");
  rmSync(results, { recursive: true, force: true }); // what another run left must not be taken for this one's
  await cargo("bench", "--locked", "--bench", "peers", "--", "--noplot");
  const measurements = [];
  for (const operation of ["verify", "sign"]) {
    for (const size of SIZES) {
      for (const name of NAMES) {
        const file = join(results, operation, name, String(size), "new", "estimates.json");
        const { median } = JSON.parse(readFileSync(file, "utf8"));
        const { lower_bound: low, upper_bound: high } = median.confidence_interval;
        measurements.push({
          group: `${operation}, ${size} B`,
          name,
          unit: "µs a call",
          median: median.point_estimate / 1000,
          low: low / 1000,
          high: high / 1000,
        });
      }
    }
  }
  return {
    title: "The Rust crate, native",
    measurements,
    targets: [],
    notes: ["By criterion, one after the other: medians, and their confidence interval of 95 % as spread."],
  };
}
