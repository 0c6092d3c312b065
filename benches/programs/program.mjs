// How a program on Node, Bun or Deno is told what to do, and tells what came of it.

import { argv } from "node:process";

export const spec = JSON.parse(argv[2] ?? "{}");

export function tell(/** @type {unknown} */ result) {
  console.log(`hookseal-bench:${JSON.stringify(result)}`);
}
