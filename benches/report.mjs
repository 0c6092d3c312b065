// What a bench says: a table of measurements, a table of targets, and both as JSON (and a chart) in results/.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { BENCHES } from "./hosts/project.mjs";
import { spreadOf, summary } from "./statistics.mjs";

/**
 * @typedef {object} Measurement
 * @property {string} group
 * @property {string} name
 * @property {string} unit
 * @property {number} median
 * @property {number} low the lower quartile
 * @property {number} high the upper quartile
 * @property {number} [rounds]
 * @property {number} [calls] in each round
 */

/**
 * @typedef {object} Report
 * @property {string} title
 * @property {Measurement[]} measurements
 * @property {import("./targets.mjs").Target[]} targets
 * @property {Record<string, string>} [versions] of hosts
 * @property {string[]} [notes]
 * @property {string} [chart] SVG
 */

/**
 * @param {string} group
 * @param {{name: string, samples: number[], calls?: number}[]} series
 * @param {string} [unit]
 * @returns {Measurement[]}
 */
export function measurements(group, series, unit = "µs a call") {
  return series.map(({ name, samples, calls }) => {
    const { median, low, high } = summary(samples);
    return { group, name, unit, median, low, high, rounds: samples.length, ...(calls && { calls }) };
  });
}

/** What the figures depend on. */
export function machine() {
  const [first] = cpus();
  return {
    cpu: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    loadBefore: Number(loadavg()[0]?.toFixed(2)),
  };
}

/** @param {Report} report */
export function print({ title, measurements, targets, notes = [] }) {
  console.log(`\n${title}\n`);
  for (const group of new Set(measurements.map((one) => one.group))) {
    const rows = measurements.filter((one) => one.group === group);
    table([
      [group, rows[0]?.unit ?? "", "spread"],
      ...rows.map((row) => [row.name, number(row.median), row.low === row.high ? "" : `${spreadOf(row)} %`]),
    ]);
  }
  for (const note of notes) console.log(`  ${note}`);
  if (notes.length > 0) console.log();
  printTargets(targets);
}

/** @param {import("./targets.mjs").Target[]} targets */
export function printTargets(targets) {
  if (targets.length === 0) return;
  table([
    ["target", "figure", "met"],
    ...targets.map(({ target, figure, met }) => [target, figure, met === undefined ? "?" : met ? "yes" : "NO"]),
  ]);
}

/**
 * The first column is flush left, the others right, and the first row is the head.
 * @param {string[][]} rows
 */
export function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    console.log(`  ${cells.join("  ")}`.trimEnd());
  }
  console.log();
}

/** Three digits that count. @param {number} value */
export function number(value) {
  if (value >= 1000 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

/**
 * @param {string} part
 * @param {Report} report
 * @param {ReturnType<typeof machine>} measuredOn
 */
export function save(part, { chart, ...report }, measuredOn) {
  const folder = join(BENCHES, "results");
  mkdirSync(folder, { recursive: true });
  const result = { date: new Date().toISOString(), machine: measuredOn, ...report };
  writeFileSync(join(folder, `${part}.json`), `${JSON.stringify(result, rounded, 2)}\n`);
  if (chart) writeFileSync(join(folder, `${part}.svg`), chart);
}

/** @param {string} _ @param {unknown} value */
function rounded(_, value) {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
