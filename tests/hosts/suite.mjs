// The suite as one file for a host to run, and what came of it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleSuite } from "../suite/bundle.mjs";
import { countTests } from "./count.mjs";
import { tempFolder } from "./pack.mjs";
import { runOn } from "./process.mjs";

/**
 * What a host reports: what `runSuite` gave, the features that decide which tests there are, and what is wrong with
 * the way the package was loaded.
 * @typedef {object} Report
 * @property {number} passed
 * @property {{name: string, error: string}[]} failed
 * @property {import("./count.mjs").Features} features
 * @property {string[]} [wrong]
 */

/**
 * @typedef {object} Result
 * @property {string} name the host, and how it loaded the package
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} [failures]
 * @property {string} [notRun] why the host is not there; then nothing passed or failed
 */

/** Precedes the report in a process's output. */
const MARK = "hookseal-suite-report:";

/** How long a host may take. The suite needs seconds; a loaded machine is given more. */
export const TIMEOUT_MS = 2 * 60_000;

/** @type {Map<string, Promise<string>>} */
const bundles = new Map();

/**
 * The suite in one file, whose only imports are those of the package.
 * @param {"esm" | "cjs"} format
 * @returns {Promise<string>} its text
 */
export function suiteText(format) {
  const text = bundles.get(format) ?? bundle(format);
  bundles.set(format, text);
  return text;
}

/** @param {"esm" | "cjs"} format */
async function bundle(format) {
  const file = join(tempFolder("suite"), format === "esm" ? "suite.mjs" : "suite.cjs");
  await bundleSuite(file, { format });
  return readFileSync(file, "utf8");
}

/** An expression for the host's report. */
export const REPORT = `runSuite().then((report) => ({
  ...report,
  features: {
    Buffer: typeof Buffer !== "undefined",
    SharedArrayBuffer: typeof SharedArrayBuffer !== "undefined",
    otherRealm: globalThis.hooksealOtherRealm !== undefined || typeof document !== "undefined",
    otherHeaders: typeof document !== "undefined", // a frame has what a page has
  },
}))`;

/**
 * A program for a host with `console.log`: runs the suite and tells the report. `checks` are statements that push
 * what is wrong with the host's way of loading onto `wrong`.
 * @param {"esm" | "cjs"} format
 * @param {{checks?: string, before?: string}} [options] before: statements that come before the suite is loaded
 */
export function program(format, { checks = "", before = "" } = {}) {
  const start =
    format === "esm" ? 'import { runSuite } from "./suite.mjs";' : 'const { runSuite } = require("./suite.cjs");';
  return `${before}
${start}
(async () => {
  const wrong = [];
  ${checks}
  console.log(${JSON.stringify(MARK)} + JSON.stringify({ wrong, ...(await ${REPORT}) }));
})();
`;
}

/**
 * Runs a program made by {@link program} and judges it.
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @param {{cwd: string, env?: Record<string, string | undefined>}} options
 * @returns {Promise<Result>}
 */
export async function runProgram(name, command, args, options) {
  const { code, stdout, stderr } = await runOn(command, args, { ...options, timeoutMs: TIMEOUT_MS });
  const line = stdout.split("\n").findLast((text) => text.startsWith(MARK));
  if (line === undefined || code !== 0) return broken(name, `exited with ${code}: ${tail(stderr || stdout)}`);
  return judge(name, JSON.parse(line.slice(MARK.length)));
}

/** @param {string} output */
function tail(output) {
  return output.trim().split("\n").slice(-15).join("\n");
}

/**
 * @param {string} name
 * @param {Report} report
 * @param {string[]} [wrong] what else is wrong
 * @returns {Promise<Result>}
 */
export async function judge(name, report, wrong = []) {
  const failures = [...wrong, ...(report.wrong ?? []), ...report.failed.map((test) => `${test.name}: ${test.error}`)];
  const ran = report.passed + report.failed.length;
  const expected = await countTests(report.features);
  if (ran !== expected) failures.unshift(`ran ${ran} tests, where Node runs ${expected}`);
  return { name, passed: report.passed, failed: failures.length, ...(failures.length > 0 && { failures }) };
}

/**
 * The host is there, but the run went wrong.
 * @param {string} name
 * @param {unknown} error
 * @returns {Result}
 */
export function broken(name, error) {
  return {
    name,
    passed: 0,
    failed: 1,
    failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  };
}

/** @param {string} name @param {string} why @returns {Result} */
export function missing(name, why) {
  return { name, passed: 0, failed: 0, notRun: why };
}
