// The client suite, for any host with fetch: every method against the contract, then everything that can go wrong.

import "./reducto.mjs";
import "./scaikey.mjs";
import "./webhook-config.mjs";
import "./options.mjs";
import "./statuses.mjs";
import "./retries.mjs";
import "./connection.mjs";
import "./bodies.mjs";
import "./bodies-sent.mjs";
import "./redirects.mjs";
import "./abort.mjs";
import "./secrets.mjs";
import { runTests } from "../suite/harness.mjs";
import { setTarget } from "./target.mjs";

/**
 * @param {import("./target.mjs").Target} target where the contract servers and the fault server listen
 * @returns {Promise<{passed: number, failed: {name: string, error: string}[]}>}
 */
export function runClientSuite(target) {
  setTarget(target);
  return runTests();
}
