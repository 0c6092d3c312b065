// The suite on Node, Deno, Bun and workerd: each gets it as one file beside the installed tarball.

import { log } from "../../scripts/lib/run.mjs";
import { bun, deno, NO_BINARY, node } from "../hosts/binaries.mjs";
import { project, tempFolder } from "../hosts/pack.mjs";
import { runOn } from "../hosts/process.mjs";
import { suiteText } from "./bundle.mjs";
import { startServers } from "./servers.mjs";
import { inWorkerd } from "./workerd.mjs";

/** @typedef {import("./index.mjs").Result} Result */
/** @typedef {import("./target.mjs").Target} Target */
/** @typedef {{passed: number, failed: {name: string, error: string}[], wrong?: string[]}} Report */

/**
 * A way to run the suite.
 * @typedef {object} Run
 * @property {string} label
 * @property {string} [missing] why it cannot be run here
 * @property {(target: Target) => Promise<Report>} [report]
 */

/** How long a host may take. It needs a minute; a loaded machine is given more. */
const TIMEOUT_MS = 5 * 60_000;

/** Precedes the report in a process's output. */
const MARK = "hookseal-client-report:";

const MAIN = `import { runClientSuite } from "./suite.mjs";
const report = await runClientSuite(TARGET);
console.log(${JSON.stringify(MARK)} + JSON.stringify(report));
`;

/**
 * A program's report.
 * @param {string} binary
 * @param {string[]} args before the program's name
 * @param {Record<string, string>} [env]
 */
const programReport = (binary, args, env) => async (/** @type {Target} */ target) => {
  const cwd = await project("clients", {
    "suite.mjs": await suiteText(),
    "main.mjs": MAIN.replace("TARGET", JSON.stringify(target)),
  });
  const options = { cwd, env: { REDUCTO_API_KEY: undefined, REDUCTO_BASE_URL: undefined, NO_COLOR: "1", ...env } };
  const { code, stdout, stderr } = await runOn(binary, [...args, "main.mjs"], { ...options, timeoutMs: TIMEOUT_MS });
  const line = stdout.split("\n").findLast((text) => text.startsWith(MARK));
  if (line === undefined || code !== 0) {
    throw new Error(`exited with ${code}: ${(stderr || stdout).trim().split("\n").slice(-15).join("\n")}`);
  }
  return JSON.parse(line.slice(MARK.length));
};

/** @param {string} binary @param {string[]} args */
const versionOf = async (binary, args) =>
  /\d+\.\d+\.\d+/.exec((await runOn(binary, args, { cwd: tempFolder("version") })).stdout)?.[0];

/** @param {string} name @param {string | undefined} binary @returns {Promise<Run>} */
async function nodeRun(name, binary) {
  if (!binary) return { label: `Node ${name}`, missing: NO_BINARY };
  return { label: `Node ${await versionOf(binary, ["-v"])}`, report: programReport(binary, []) };
}

/** @type {Record<"node" | "deno" | "bun" | "workerd", () => Promise<Run[]>>} */
export const HOSTS = {
  node: async () => [await nodeRun("", process.execPath), await nodeRun("current", node("current"))],
  deno: async () => {
    const binary = deno();
    if (!binary) return [{ label: "Deno", missing: NO_BINARY }];
    // The network and nothing else: the environment may not even be asked for.
    const flags = ["run", "--no-prompt", "--cached-only", "--node-modules-dir=manual", "--allow-net=127.0.0.1"];
    const env = { DENO_DIR: tempFolder("deno"), DENO_NO_UPDATE_CHECK: "1" };
    return [{ label: `Deno ${await versionOf(binary, ["--version"])}`, report: programReport(binary, flags, env) }];
  },
  bun: async () => {
    const binary = bun();
    if (!binary) return [{ label: "Bun", missing: NO_BINARY }];
    const label = `Bun ${await versionOf(binary, ["--version"])}`;
    return [{ label, report: programReport(binary, ["--no-install"], { DO_NOT_TRACK: "1" }) }];
  },
  workerd: async () => [await inWorkerd(TIMEOUT_MS)],
};

/** How many tests the suite has: as many as the first host ran. @type {number | undefined} */
let expected;

/** @param {() => Promise<Run[]>} runs @returns {Promise<Result[]>} */
export async function runOnHost(runs) {
  const results = [];
  for (const { label, missing, report } of await runs()) {
    const name = `clients on ${label}`;
    if (missing !== undefined || !report) {
      results.push({ name, passed: 0, failed: 0, notRun: missing ?? "it has no runner" });
      continue;
    }
    const servers = await startServers();
    try {
      const { passed, failed, wrong = [] } = await report(servers.target);
      const failures = [...wrong, ...failed.map((test) => `${test.name}: ${test.error}`), ...servers.complaints()];
      if (expected === undefined) for (const line of servers.coverage()) log(`contract: ${line}`);
      expected ??= passed + failed.length;
      if (passed + failed.length !== expected) failures.unshift(`ran ${passed + failed.length} tests, not ${expected}`);
      results.push({ name, passed, failed: failures.length, ...(failures.length > 0 && { failures }) });
    } catch (error) {
      results.push({ name, passed: 0, failed: 1, failures: [String(error)] });
    } finally {
      await servers.stop();
    }
  }
  return results;
}
