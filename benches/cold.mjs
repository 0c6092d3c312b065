// What the first delivery costs: import and first verification, where nothing has run before. Each time a fresh process
// (Node), isolate (workerd) or browsing context (Chromium).

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startChromium } from "./hosts/chromium.mjs";
import { nodeHost } from "./hosts/programs.mjs";
import { benchProject, bundled } from "./hosts/project.mjs";
import { startWorker, workerd } from "./hosts/workerd.mjs";
import { measurements } from "./report.mjs";
import { ratio, summary } from "./statistics.mjs";
import { notMeasured } from "./targets.mjs";

const ROUNDS = 20;
const NAMES = ["standardwebhooks", "hookseal"];

/** @typedef {{secret: string, body: string, forged: string, headers: Record<string, string>}} Delivery */

/** As a Worker and as a module for a page. @param {string} name */
const app = (name) => `import { Webhook } from "${name}";
export const first = ({ secret, body, headers }) => JSON.stringify(new Webhook(secret).verify(body, headers));
${WORKER}`;

/** What starting costs that has nothing to verify. */
const EMPTY = "export const first = ({ body }) => body;\n";

const WORKER = `export default {
  async fetch(request) {
    try {
      return new Response(first(await request.json()));
    } catch (error) {
      return new Response(String(error), { status: 401 });
    }
  },
};
`;

/** @returns {Promise<import("./report.mjs").Report>} */
export async function bench() {
  const node = await nodeHost();
  const cwd = await benchProject();
  const delivery = await node.run("deliver.mjs", { size: 150 });
  writeFileSync(join(cwd, "cold-empty.mjs"), EMPTY + WORKER);
  for (const name of NAMES) writeFileSync(join(cwd, `cold-${name}.mjs`), app(name));

  /** @type {import("./report.mjs").Measurement[]} */
  const measured = [];
  /** @type {import("./targets.mjs").Target[]} */
  const targets = [];
  /** @param {string} host @param {Record<string, number[]>} samples milliseconds, by contender */
  const judge = (host, { standardwebhooks = [], hookseal = [], empty }) => {
    const series = [
      { name: "standardwebhooks", samples: standardwebhooks },
      { name: "hookseal", samples: hookseal },
      ...(empty ? [{ name: "a Worker with nothing to verify: taken off", samples: empty }] : []),
    ];
    measured.push(...measurements(`${host}: import and first verify`, series, "ms"));
    const { low, high } = ratio(hookseal, standardwebhooks);
    const [ours, theirs] = [summary(hookseal).median, summary(standardwebhooks).median];
    targets.push({
      target: `${host}: at most the time of standardwebhooks`,
      figure: `${ours.toFixed(2)} ms, ${theirs.toFixed(2)} ms (${low.toFixed(2)} to ${high.toFixed(2)} of it)`,
      met: ours <= theirs,
    });
  };

  judge(`Node ${node.version}`, await inTurns(NAMES, (from) => node.run("first.mjs", { from, ...delivery })));

  const found = workerd();
  if (!found) targets.push(notMeasured("workerd", "npm has no binary of it for this platform"));
  else judge(`workerd ${found.version}`, await inIsolates(found.binary, delivery));

  const scripts = await Promise.all(
    NAMES.map(async (name) => [`/${name}.js`, (await bundled(`cold-${name}.mjs`)).script]),
  );
  const chromium = await startChromium(Object.fromEntries(scripts));
  if (typeof chromium === "string") targets.push(notMeasured("Chromium", chromium));
  else {
    const page = (/** @type {string} */ name) => chromium.inPage(inPage(name, delivery));
    judge(`Chromium ${chromium.version}`, await inTurns(NAMES, page));
    await chromium.stop();
  }
  return {
    title: "Cold start: the first delivery, of 150 bytes",
    measurements: measured,
    targets,
    notes: [`${ROUNDS} fresh processes (Node), isolates (workerd) or browsing contexts (Chromium) each, in turns.`],
  };
}

/**
 * @param {string[]} names
 * @param {(name: string) => Promise<number>} time milliseconds
 */
async function inTurns(names, time) {
  /** @type {Record<string, number[]>} */
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  // The first round fills the caches of the disk, and of the server.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const ms = await time(name);
      if (round > 0) samples[name]?.push(ms);
    }
  }
  return samples;
}

/** @param {string} binary @param {Delivery} delivery */
async function inIsolates(binary, delivery) {
  const cwd = await benchProject();
  const worker = await startWorker(binary, "cold.mjs", { loader: true });
  try {
    const names = ["empty", ...NAMES];
    /** @type {Map<string, {script: string, wasm: Record<string, string>}>} */
    const workers = new Map();
    for (const name of names) {
      const { script, wasm } = await bundled(`cold-${name}.mjs`, ["workerd"]);
      const base64 = (/** @type {string} */ file) =>
        readFileSync(join(cwd, "node_modules", "hookseal", file)).toString("base64");
      workers.set(name, { script, wasm: Object.fromEntries(wasm.map((file) => [file, base64(file)])) });
    }
    for (const name of NAMES) {
      const forged = { ...delivery, body: delivery.forged };
      const { status } = await worker.request({ ...workers.get(name), delivery: forged });
      if (status !== 401) throw new Error(`WRONG VERDICT: ${name} accepted a forged delivery`);
    }
    const all = await inTurns(names, async (name) => {
      const { text, ms } = await worker.request({ ...workers.get(name), delivery });
      if (text !== delivery.body) throw new Error(`WRONG VERDICT: ${name} gave ${text}`);
      return ms;
    });
    const { empty = [], ...rest } = all;
    const none = summary(empty).median;
    const without = Object.entries(rest).map(([name, samples]) => [name, samples.map((ms) => ms - none)]);
    return { ...Object.fromEntries(without), empty };
  } finally {
    await worker.stop();
  }
}

/** @param {string} name @param {Delivery} delivery */
function inPage(name, delivery) {
  return `(async (delivery) => {
    const start = performance.now();
    const { first } = await import("/${name}.js");
    const given = first(delivery);
    const ms = performance.now() - start;
    if (given !== delivery.body) throw new Error("WRONG VERDICT: ${name} gave " + given);
    try {
      first({ ...delivery, body: delivery.forged });
    } catch {
      return ms;
    }
    throw new Error("WRONG VERDICT: ${name} accepted a forged delivery");
  })(${JSON.stringify(delivery)})`;
}
