// The conformance suite must be able to fail: each defect is caught by its case, and each case catches one.

import assert from "node:assert/strict";
import { DEFECTS } from "./defects.mjs";
import { loadConformance } from "./hookseal.mjs";
import { Engine, modelStore } from "./model.mjs";
import { failureOf, runCases } from "./results.mjs";

/** @typedef {import("./model.mjs").Transaction} Transaction */

/** Cases that set `Date`, which others must not see. */
const SETS_DATE = /clock/;

/** @param {import("./defects.mjs").Defect} [defect] */
function optionsFor(defect) {
  const engine = new Engine();
  const right = modelStore(engine);
  const store = { ...right, ...defect?.make(engine, right) };
  return {
    connect: () => ({ store }),
    transaction: {
      write: async (/** @type {Transaction} */ transaction, /** @type {string} */ name) =>
        transaction.writes.push(name),
      written: (/** @type {string} */ name) => engine.effects.get(name) ?? 0,
      breakConnection: (/** @type {Transaction} */ transaction) => {
        transaction.broken = true;
      },
    },
  };
}

export async function run() {
  const { storeConformance } = await loadConformance();
  const all = storeConformance(optionsFor());
  /** @type {Map<string, Promise<string | undefined>>} */
  const found = new Map();
  const prove = (/** @type {import("./defects.mjs").Defect} */ defect) => {
    const one = storeConformance(optionsFor(defect)).find(({ name }) => name === defect.caught);
    const failure = one ? failureOf(one) : Promise.resolve(undefined);
    found.set(defect.name, failure);
    return failure;
  };
  await Promise.all(DEFECTS.filter(({ caught }) => !SETS_DATE.test(caught)).map(prove));
  for (const defect of DEFECTS.filter(({ caught }) => SETS_DATE.test(caught))) await prove(defect);

  const cases = DEFECTS.map(({ name, caught }) => ({
    name: `caught: ${name}`,
    async run() {
      const failure = await found.get(name);
      assert.notEqual(failure, undefined, `"${caught}" did not fail`);
      // Found wrong, and not slow or broken.
      assert.match(String(failure), /expected .* got |did not reject|did not run/s);
    },
  }));
  const coverage = {
    name: "every case is failed by some store",
    async run() {
      const caught = new Set(DEFECTS.map((defect) => defect.caught));
      assert.deepEqual(
        all.map(({ name }) => name).filter((name) => !caught.has(name)),
        [],
      );
    },
  };
  const options = {
    name: "what cannot be run is refused, what is not there is left out",
    async run() {
      assert.throws(() => storeConformance(/** @type {any} */ ({})), { name: "TypeError", code: "invalid_option" });
      const { connect, transaction } = optionsFor();
      const count = (/** @type {any} */ extra) => storeConformance({ connect, ...extra }).length;
      assert.equal(count({ transaction }), all.length);
      assert.equal(count({ transaction: { ...transaction, breakConnection: undefined } }), all.length - 1);
      assert.equal(count({ ownClock: true }), count({}) - 3);
    },
  };
  return [await runCases("a right model", all), await runCases("wrong models", [...cases, coverage, options])];
}
