// One run of the fleet, from the first process to the verdict.

import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../../scripts/lib/run.mjs";
import { crash, killReceivers } from "./chaos.mjs";
import { plan } from "./deliveries.mjs";
import { judge } from "./judge.mjs";
import { emptyLedger, readLedger } from "./ledger.mjs";
import { Fleet, startProxy } from "./processes.mjs";
import { seeded } from "./random.mjs";
import { report } from "./report.mjs";
import { send } from "./sender.mjs";

/** @typedef {import("../../scripts/setup/services.mjs").Service} Service */

/**
 * @typedef {object} Scenario
 * @property {string} mode the store, by its name in receiver.mjs
 * @property {number} count of deliveries
 * @property {number} killEveryMs
 * @property {Service} [crashing] crashes once, when half is done
 * @property {boolean} [exactlyOnce]
 * @property {number} [active] attempts at once
 */

/** @typedef {{folder: string, seed: number, redis: Service, postgres: Service}} Stage */

const RECEIVERS = 3;

/**
 * For how long a delivery stays in hand if its process dies. It has to outlast the handler (some ms), the store's absence
 * (a second), the clients' way back to it, and the pauses between attempts to complete: a lease that runs out while the
 * store is away belongs to nobody when it is back, and what took place meanwhile would take place again. And it is as
 * long as a delivery waits whose process was killed, so not longer than needed.
 */
export const LEASE_MS = 5_000;

/** What is under way when the last copy is answered may still have an effect. */
const SETTLE_MS = 1_000;

/**
 * @param {Scenario} scenario
 * @param {Stage} stage
 */
export async function play({ mode, count, killEveryMs, crashing, exactlyOnce = false, active }, stage) {
  const { folder, seed, redis, postgres } = stage;
  await emptyLedger(postgres.url);
  const env = {
    FLEET_MODE: mode,
    FLEET_REDIS: redis.url,
    FLEET_POSTGRES: postgres.url,
    FLEET_LEASE: String(LEASE_MS),
  };
  const proxy = await startProxy(seed);
  const fleet = new Fleet(folder, env, proxy);
  try {
    await Promise.all(Array.from({ length: RECEIVERS }, (_, slot) => fleet.start(slot)));
    const random = seeded(seed);
    const deliveries = plan(count, random);
    const copies = deliveries.reduce((sum, delivery) => sum + delivery.copies.length, 0);
    /** @type {Promise<import("./judge.mjs").Outage> | undefined} */
    let outage;
    const onProgress = (/** @type {number} */ done) => {
      if (done % 5_000 === 0) log(`fleet: ${done} of ${copies} copies are answered`);
      if (crashing !== undefined && done > copies / 2) outage ??= crash(crashing);
    };
    const stopKilling = killReceivers(fleet, { everyMs: killEveryMs, random: seeded(seed + 1) });
    const started = performance.now();
    const { attempts, sent } = await send({
      port: proxy.port,
      deliveries,
      random: seeded(seed + 2),
      onProgress,
      ...(active && { active }),
    });
    const seconds = (performance.now() - started) / 1000;
    await stopKilling();
    const outages = outage === undefined ? [] : [await outage];
    await sleep(SETTLE_MS);
    const effects = await readLedger(postgres.url);
    const { kills, lives, crashes, logged } = fleet;
    const run = { deliveries, attempts, sent, effects, kills, outages, lease: LEASE_MS, exactlyOnce };
    const findings = [...judge(run), tookPlace(run, crashes, crashing !== undefined)];
    return { run, findings, lines: report(run, { seconds, lives, crashes, logged }) };
  } finally {
    await fleet.stop();
    await proxy.stop();
  }
}

/**
 * Nothing is proved by a run in which nothing went wrong.
 * @param {import("./judge.mjs").Run} run
 * @param {number} crashes
 * @param {boolean} crashing
 * @returns {import("./judge.mjs").Finding}
 */
function tookPlace({ deliveries, attempts, kills, outages }, crashes, crashing) {
  const wrong = [];
  const ways = new Set(attempts.map(({ way }) => way));
  if (kills.length === 0) wrong.push("no receiver was killed");
  if (crashes > 0) wrong.push(`${crashes} receivers ended by themselves`);
  if (outages.length !== (crashing ? 1 : 0)) wrong.push(`the store was away ${outages.length} times`);
  // A few hundred attempts may happen to hold none of a kind.
  const kinds = deliveries.length < 5_000 ? [] : ["cut", "slow", "stuck", "forged"];
  wrong.push(...kinds.filter((way) => !ways.has(/** @type {any} */ (way))).map((way) => `no attempt was ${way}`));
  return { name: "receivers were killed, connections cut, clients slow", wrong };
}
