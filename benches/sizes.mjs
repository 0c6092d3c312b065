// Bodies of every size on every host: against node:crypto where there is one, else against standardwebhooks.

import { lines } from "./chart.mjs";
import { startChromium } from "./hosts/chromium.mjs";
import { bunHost, denoHost, nodeHost } from "./hosts/programs.mjs";
import { bundled } from "./hosts/project.mjs";
import { startWorker, workerd } from "./hosts/workerd.mjs";
import { measurements } from "./report.mjs";
import { summary } from "./statistics.mjs";
import { atLeast, FASTER, notMeasured, ratioOf } from "./targets.mjs";

const SIZES = [100, 150, 1024, 2048, 4096, 16_384, 65_536, 262_144, 1_048_576];
const HOW = { sizes: SIZES, rounds: 21, sampleMs: 4 };

/** A request costs some tenths of a millisecond, and not always the same. */
const WORKER = { rounds: 15, sampleMs: 25 };

/** @typedef {import("./programs/measure.mjs").Series} Series */
/** @typedef {{size: number, body: string, operation: string, series: Series[]}} Result */

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  /** @type {import("./report.mjs").Measurement[]} */
  const measured = [];
  /** @type {import("./targets.mjs").Target[]} */
  const targets = [];
  /** @type {Record<string, string>} */
  const versions = {};
  /** @type {import("./chart.mjs").Line[]} */
  const chart = [];

  /**
   * @param {string} host
   * @param {Result[]} results
   * @param {string} slow
   * @param {number} wanted
   */
  const judge = (host, results, slow, wanted) => {
    for (const kind of new Set(results.map(({ body, operation }) => `${operation}, ${body}`))) {
      const sizes = results.filter(({ body, operation }) => `${operation}, ${body}` === kind);
      for (const { size, series } of sizes) measured.push(...measurements(`${host}, ${kind}, ${bytes(size)}`, series));
      const ratios = sizes.map(({ size, series }) => ({ size, ...ratioOf(series, slow, "hookseal") }));
      chart.push({ name: `${host}, ${kind}`, points: ratios.map(({ size, median }) => [size, median]), slow });
      const lowest = ratios.reduce((a, b) => (b.median < a.median ? b : a));
      targets.push(atLeast(`${host}, ${kind}, than ${slow}; lowest, at ${bytes(lowest.size)}`, lowest, wanted));
    }
  };

  for (const [name, find] of /** @type {const} */ ([
    ["Node", nodeHost],
    ["Bun", bunHost],
    ["Deno", denoHost],
  ])) {
    const host = await find();
    if (!host) targets.push(notMeasured(name, "npm has no binary of it for this platform"));
    else {
      versions[name] = host.version;
      judge(name, await host.run("sizes.mjs", HOW), "node:crypto by hand", FASTER.anySize.byHand);
    }
  }

  const found = workerd();
  if (!found) targets.push(notMeasured("workerd", "npm has no binary of it for this platform"));
  else {
    versions.workerd = found.version;
    judge("workerd", await inWorkerd(found.binary), "standardwebhooks", FASTER.anySize.standardwebhooks);
  }

  const chromium = await startChromium({ "/page.js": (await bundled("page.mjs")).script });
  if (typeof chromium === "string") targets.push(notMeasured("Chromium", chromium));
  else {
    versions.Chromium = chromium.version;
    const results = await chromium.inPage(`import("/page.js").then(() => bench(${JSON.stringify(HOW)}))`);
    await chromium.stop();
    judge("Chromium", results, "standardwebhooks", FASTER.anySize.standardwebhooks);
  }

  const ticks = SIZES.map((size) => /** @type {const} */ ([size, bytes(size)]));
  return {
    title: "Verifying bodies of every size",
    measurements: measured,
    targets,
    versions,
    notes: [`${Object.entries(versions).flat().join(" ")}; ASCII bodies; check: without parsing.`],
    chart: lines({
      title: "hookseal by body size: how many times as fast as the other",
      x: "bytes of the body",
      y: "times as fast",
      ticks,
      lines: chart.filter(({ name }) => !/^(Node|Bun|Deno), (verify|.*string)/.test(name)),
    }),
  };
}

/** @param {string} binary @returns {Promise<Result[]>} */
async function inWorkerd(binary) {
  const worker = await startWorker(binary, "worker.mjs");
  try {
    const results = [];
    for (const size of SIZES) results.push(await oneSize(worker, size));
    return results;
  } finally {
    await worker.stop();
  }
}

/**
 * @param {Awaited<ReturnType<typeof startWorker>>} worker
 * @param {number} size
 * @returns {Promise<Result>}
 */
async function oneSize(worker, size) {
  const names = [
    ["standardwebhooks", "standardwebhooks"],
    ["webCrypto", "WebCrypto by hand (async)"],
    ["hookseal", "hookseal"],
  ];
  const turns = [];
  for (const [contender, name = ""] of names) {
    const ask = async (/** @type {number} */ calls) => {
      const { text, ms } = await worker.request({ contender, size, calls });
      if (text !== "done") throw new Error(`${contender} in workerd: ${text}`);
      return ms;
    };
    // The shortest of three, since any may be held up by another process.
    const shortest = async (/** @type {number} */ n) => Math.min(await ask(n), await ask(n), await ask(n));
    const nothing = await shortest(0);
    let calls = 1;
    while ((await shortest(calls)) - nothing < WORKER.sampleMs) calls *= 2;
    const empty = /** @type {number[]} */ ([]);
    const full = /** @type {number[]} */ ([]);
    turns.push({ name, calls, ask, empty, full });
  }
  for (let round = 0; round < WORKER.rounds; round++) {
    for (const { ask, calls, empty, full } of turns) {
      empty.push(await ask(0));
      full.push(await ask(calls));
    }
  }
  const series = turns.map(({ name, calls, empty, full }) => {
    const none = summary(empty).median;
    return { name, calls, samples: full.map((ms) => ((ms - none) * 1000) / calls) };
  });
  return { size, body: "string", operation: "check", series };
}

/** @param {number} size */
function bytes(size) {
  if (size < 1024) return `${size} B`;
  return size < 2 ** 20 ? `${size / 1024} KB` : `${size / 2 ** 20} MiB`;
}
