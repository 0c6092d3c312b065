// What goes wrong with processes: receivers are killed at random, a server once.

import { setTimeout as sleep } from "node:timers/promises";

/** The server is down for so long, and for as long as it takes to start. */
const DOWN_MS = 700;

/**
 * Kills a random receiver every so often, and starts it again, until it is stopped.
 * @param {import("./processes.mjs").Fleet} fleet
 * @param {{everyMs: number, random: () => number}} options
 * @returns {() => Promise<void>} stops it
 */
export function killReceivers(fleet, { everyMs, random }) {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** @type {Set<Promise<void>>} */
  const starting = new Set();
  const loop = async () => {
    for (;;) {
      await sleep(everyMs, undefined, { signal });
      const { up } = fleet;
      const slot = up[Math.floor(random() * up.length)];
      // One at least stays: where starting takes long, nothing would get anywhere.
      if (slot === undefined || up.length === 1) continue;
      await fleet.kill(slot);
      const restarted = fleet.start(slot).finally(() => starting.delete(restarted));
      starting.add(restarted);
      restarted.catch(() => stopping.abort());
    }
  };
  const ended = loop().catch(() => {});
  return async () => {
    stopping.abort();
    await ended;
    await Promise.all(starting);
  };
}

/**
 * Crashes a server and starts it again.
 * @param {import("../../scripts/setup/services.mjs").Service} service
 * @returns {Promise<import("./judge.mjs").Outage>} from when until when it was away
 */
export async function crash(service) {
  const from = Date.now();
  await service.kill();
  await sleep(DOWN_MS);
  await service.restart();
  return { from, to: Date.now() };
}
