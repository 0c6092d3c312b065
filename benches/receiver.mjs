// Receiving in Express, under load: hookseal against the handler that people write with svix. 150-byte deliveries, all
// distinct, 64 connections. All contenders in one run, in turns, so that what else the machine does hits them alike; a wrong
// answer fails the run. `npm run bench:receiver`.

import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "../scripts/build.mjs";
import { ensureNodeModules } from "../scripts/setup/npm.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 7);
/** By each of the 64 connections: some seconds a round. */
const REQUESTS = Number(process.env.BENCH_REQUESTS ?? 200);
const OURS = "hookseal";
const THEIRS = ["svix and a Map", "svix alone"];

await build();
await ensureNodeModules(fileURLToPath(new URL("receiver", import.meta.url)));
const { check, load, startContender } = await import("./receiver/load.mjs");

const loadBefore = loadavg()[0]?.toFixed(1);
const contenders = await Promise.all([OURS, ...THEIRS].map(startContender));
/** @type {Map<string, {rate: number, p50: number, p99: number, cpu: number}[]>} */
const rounds = new Map(contenders.map(({ name }) => [name, []]));
for (const contender of contenders) {
  await check(contender);
  await load(contender, REQUESTS);
}
for (let round = 0; round < ROUNDS; round++) {
  // Who goes first changes: the machine's state at a round's start is nobody's advantage.
  const order = contenders.map((_, n) => contenders[(n + round) % contenders.length]);
  for (const contender of order) rounds.get(contender.name)?.push(await load(contender, REQUESTS));
}
for (const { stop } of contenders) stop();

const of = (name) => rounds.get(name) ?? [];
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(`Express, 64 connections, ${ROUNDS} rounds of ${64 * REQUESTS} distinct deliveries, in turns; medians.`);
console.log(`Node ${process.versions.node}, ${cpus().length} x ${cpus()[0]?.model}, load before: ${loadBefore}\n`);
/** Of the same rounds: what disturbed a round disturbed both. */
function times(name, figure) {
  const ratios = of(OURS).map((ours, n) => figure(ours, of(name)[n]));
  return median(ratios).toFixed(2);
}

const columns = (cells) => cells.map((cell) => String(cell).padStart(13)).join("");
console.log(
  `${"".padEnd(16)}${columns(["requests/s", "p50, ms", "p99, ms", "CPU, µs each"])}   hookseal is times as fast (by CPU)`,
);
for (const { name } of contenders) {
  const [rate, p50, p99, cpu] = ["rate", "p50", "p99", "cpu"].map((figure) =>
    median(of(name).map((one) => one[figure])),
  );
  const ratio = `${times(name, (ours, one) => ours.rate / one.rate)} (${times(name, (ours, one) => one.cpu / ours.cpu)})`;
  console.log(
    `${name.padEnd(16)}${columns([rate.toFixed(0), p50, p99, cpu.toFixed(0)])}   ${name === OURS ? "" : ratio}`,
  );
}
