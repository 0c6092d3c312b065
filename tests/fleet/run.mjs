// The fleet test: three receivers behind a proxy, killed at random, and a store that crashes; every delivery must have its
// effect, and have it once. Judged from outside. First the test itself is tested: on receivers that are wrong, it must fail.
//
//   node tests/fleet/run.mjs [name …]     names: see SCENARIOS
//
// FLEET_SEED and FLEET_DELIVERIES change the seed (else it is random, and printed) and the size.

import { fileURLToPath } from "node:url";
import { log } from "../../scripts/lib/run.mjs";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";
import { ensureServices, startPostgres, startRedis } from "../../scripts/setup/services.mjs";
import { describe } from "./judge.mjs";
import { HERE, receiverProject } from "./processes.mjs";
import { play } from "./scenario.mjs";

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */
/** @typedef {import("./scenario.mjs").Stage} Stage */

const DELIVERIES = 20_000;
/** A wrong receiver is found out at once. */
const FEW = 800;

/**
 * What is played, and what the judge must say of it: `fails` names the check that has to fail.
 * @type {Record<string, {options: (stage: Stage, count: number) => import("./scenario.mjs").Scenario, fails?: string}>}
 */
const SCENARIOS = {
  "a store that forgets": {
    options: () => ({ mode: "every claim is new", count: FEW, killEveryMs: 1_000 }),
    fails: "every second effect is explained by a kill",
  },
  "an answer before the effect": {
    options: () => ({ mode: "the effect comes after the answer", count: FEW, killEveryMs: 1_000, active: 8 }),
    fails: "every delivery that was answered 2xx has its effect",
  },
  redis: {
    options: ({ redis }, count) => ({ mode: "redis", count, killEveryMs: 2_000, crashing: redis }),
  },
  postgres: {
    options: ({ postgres }, count) => ({
      mode: "postgres",
      count,
      killEveryMs: 2_000,
      crashing: postgres,
      exactlyOnce: true,
    }),
  },
};

/**
 * Needs pkg/. Installs its own packages, and Redis and PostgreSQL if it can.
 * @param {{only?: string[]}} [options] only: names of SCENARIOS; all if there are none
 * @returns {Promise<Result[]>}
 */
export async function fleetTests({ only = [] } = {}) {
  const unknown = only.filter((name) => !(name in SCENARIOS));
  if (unknown.length > 0) throw new Error(`no such scenario: ${unknown.join(", ")}`);
  const { missing } = await ensureServices();
  if (missing !== undefined) return [{ name: "fleet", passed: 0, failed: 0, notRun: missing }];
  await ensureNodeModules(HERE);

  const seed = Number(process.env.FLEET_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const count = Number(process.env.FLEET_DELIVERIES ?? DELIVERIES);
  const [redis, postgres, folder] = await Promise.all([
    startRedis({ appendOnly: true }),
    // A process that is killed loses nothing that it has handed to the kernel: only a machine that fails needs fsync.
    startPostgres({ settings: { fsync: "off" } }),
    receiverProject(),
  ]);
  try {
    const results = [];
    for (const [name, { options, fails }] of Object.entries(SCENARIOS)) {
      if (only.length > 0 && !only.includes(name)) continue;
      const stage = { folder, seed, redis, postgres };
      log(`fleet: ${name}: seed ${seed}`);
      const { findings, lines } = await play(options(stage, count), stage);
      console.log(
        [`\nFleet: ${name}, seed ${seed}`, ...lines, ...findings.map((one) => `  ${describe(one)}`), ""].join("\n"),
      );
      results.push(resultOf(`fleet: ${name}, seed ${seed}`, findings, fails));
    }
    return results;
  } finally {
    await Promise.all([redis.kill(), postgres.kill()]);
  }
}

/**
 * @param {string} name
 * @param {import("./judge.mjs").Finding[]} findings
 * @param {string | undefined} fails
 * @returns {Result}
 */
function resultOf(name, findings, fails) {
  if (fails === undefined) {
    const bad = findings.filter(({ wrong }) => wrong.length > 0);
    return { name, passed: findings.length - bad.length, failed: bad.length, failures: bad.map(describe) };
  }
  const found = findings.some((finding) => finding.name === fails && finding.wrong.length > 0);
  const failures = found ? [] : [`the test did not notice: ${fails}`];
  return { name: `${name}: found out`, passed: found ? 1 : 0, failed: found ? 0 : 1, failures };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { build } = await import("../../scripts/build.mjs");
  await build();
  const { summarise } = await import("../../scripts/test/summary.mjs");
  process.exitCode = summarise(await fleetTests({ only: process.argv.slice(2) }));
}
