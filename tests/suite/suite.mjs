// The suite of the package's behaviour, for every host. It imports `hookseal` by name, so that what is tested is what
// the host resolves, and uses only what all hosts have. bundle.mjs makes one file of it.
import "./vectors.mjs";
import "./containers.mjs";
import "./errors.mjs";
import "./api.mjs";
import "./limits.mjs";
import "./trap.mjs";
import "./properties.mjs";
import { runTests } from "./harness.mjs";

/**
 * Runs everything. May be called more than once.
 * @returns {Promise<{passed: number, failed: {name: string, error: string}[]}>}
 */
export async function runSuite() {
  return runTests();
}
