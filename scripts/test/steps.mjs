// The steps of the test run that are other programs: cargo, node --test, the vectors' generator.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { log, root, run } from "../lib/run.mjs";
import { ensureNodeModules } from "../setup/npm.mjs";

/** @typedef {import("./summary.mjs").Result} Result */

/** The crate on this machine: unit, vector, property, interoperation and documentation tests. */
export async function rustTests() {
  log("cargo test");
  const { code, stdout } = await run("cargo", ["test"], { allowFail: true });
  return [resultOf("Rust, native", code, stdout, /test result: .* (\d+) passed; (\d+) failed/g)];
}

/** The vectors are what their generator makes, and cover every row of docs/verification.md. */
export async function vectorCheck() {
  const generate = join("tests", "vectors", "generate.mjs");
  const { code, stdout, stderr } = await run(process.execPath, [generate, "--check"], { allowFail: true, quiet: true });
  const failed = code === 0 ? 0 : 1;
  const name = "vectors cover docs/verification.md";
  return [{ name, passed: 1 - failed, failed, failures: failed ? [stdout + stderr] : [] }];
}

/** What takes longest of tests/*.test.mjs, and seldom breaks: left out of the quick run. */
const SLOW = ["memory.test.mjs", "types.test.mjs"];

/**
 * tests/*.test.mjs, by Node's own runner, two at a time.
 * @param {{quick?: boolean}} [options]
 */
export async function nodeTests({ quick = false } = {}) {
  for (const folder of ["hosts", "contract", "receiver", "stores"])
    await ensureNodeModules(join(root, "tests", folder));
  const files = readdirSync(join(root, "tests")).filter((name) => name.endsWith(".test.mjs"));
  const queue = files.filter((file) => !quick || !SLOW.includes(file));
  /** @type {Result[]} */
  const results = [];
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) results.push(await nodeTest(file));
  };
  await Promise.all([work(), work()]);
  return results;
}

/** @param {string} file */
async function nodeTest(file) {
  const args = ["--test", "--test-reporter=tap", join("tests", file)];
  const { code, stdout } = await run(process.execPath, args, { allowFail: true, quiet: true });
  return resultOf(`node --test ${file}`, code, stdout, /^# pass (\d+)\n# fail (\d+)/gm);
}

/**
 * Adds up what a program counted. One that failed without a failed test counts as one.
 * @param {string} name
 * @param {number | null} code
 * @param {string} output
 * @param {RegExp} counts
 * @returns {Result}
 */
function resultOf(name, code, output, counts) {
  let [passed, failed] = [0, 0];
  for (const [, pass, fail] of output.matchAll(counts)) {
    passed += Number(pass);
    failed += Number(fail);
  }
  if (code !== 0 && failed === 0) failed = 1;
  const result = { name, passed, failed, failures: failed ? [output.split("\n").slice(-80).join("\n")] : [] };
  log(`${name}: ${passed} passed, ${failed} failed`);
  return result;
}
