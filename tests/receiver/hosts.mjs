// The suite on every host, from the packed tarball.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bun, deno, NO_BINARY, node } from "../hosts/binaries.mjs";
import { HERE, project, tempFolder } from "../hosts/pack.mjs";
import { runOn } from "../hosts/process.mjs";
import { inMiniflare } from "./workerd.mjs";

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */
/** @typedef {{passed: number, failed: {name: string, error: string}[]}} Report */

const TIMEOUT_MS = 2 * 60_000;
const MARK = "hookseal-receiver-report:";

const MAIN = `import { runReceiverSuite } from "./suite.mjs";
const report = await runReceiverSuite();
console.log(${JSON.stringify(MARK)} + JSON.stringify(report));
globalThis.process?.exit(0); // some stores of the suite never answer
`;

/** @type {Promise<string> | undefined} */
let text;

/** The suite as one file. `hookseal` stays an import. */
export function suiteText() {
  return (text ??= (async () => {
    const outfile = join(tempFolder("receiver-suite"), "suite.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("suite/suite.mjs", import.meta.url))],
      outfile,
      bundle: true,
      format: "esm",
      external: ["hookseal", "hookseal/*"],
      target: "es2022",
      logLevel: "warning",
    });
    return readFileSync(outfile, "utf8");
  })());
}

/** @returns {Promise<Result[]>} */
export async function hostSuites() {
  const DENO = ["run", "--no-prompt", "--cached-only", "--node-modules-dir=manual"];
  const results = [
    await onProgram(`Node ${process.versions.node}`, process.execPath, []),
    await onProgram("current Node", node("current"), []),
    await onProgram("Deno", deno(), DENO, { DENO_DIR: tempFolder("deno"), DENO_NO_UPDATE_CHECK: "1" }),
    await onProgram("Bun", bun(), ["--no-install"], { DO_NOT_TRACK: "1" }),
    await onWorkerd(),
  ];
  // As many as on the first: none may be left out unseen.
  const expected = (results[0]?.passed ?? 0) + (results[0]?.failed ?? 0);
  for (const result of results) {
    if (result.notRun === undefined && result.passed + result.failed !== expected && result.failed === 0) {
      Object.assign(result, { failed: 1, failures: [`ran ${result.passed} tests, not ${expected}`] });
    }
  }
  return results;
}

/** @param {string} name @param {Report} report @returns {Result} */
function resultOf(name, { passed, failed }) {
  const failures = failed.map((test) => `${test.name}: ${test.error}`);
  return { name: `receiver on ${name}`, passed, failed: failed.length, ...(failures.length > 0 && { failures }) };
}

/**
 * @param {string} name
 * @param {string | undefined} binary
 * @param {string[]} args
 * @param {Record<string, string>} [env]
 * @returns {Promise<Result>}
 */
async function onProgram(name, binary, args, env = {}) {
  if (!binary) return { name: `receiver on ${name}`, passed: 0, failed: 0, notRun: NO_BINARY };
  const cwd = await project("receiver", { "suite.mjs": await suiteText(), "main.mjs": MAIN });
  const options = { cwd, env: { NO_COLOR: "1", ...env }, timeoutMs: TIMEOUT_MS };
  const { code, stdout, stderr } = await runOn(binary, [...args, "main.mjs"], options);
  const line = stdout.split("\n").findLast((one) => one.startsWith(MARK));
  if (line === undefined || code !== 0) {
    const failures = [`exited with ${code}: ${(stderr || stdout).trim().split("\n").slice(-15).join("\n")}`];
    return { name: `receiver on ${name}`, passed: 0, failed: 1, failures };
  }
  return resultOf(name, JSON.parse(line.slice(MARK.length)));
}

const WORKER = `import { runReceiverSuite } from "./suite.mjs";
export default { fetch: async () => Response.json(await runReceiverSuite()) };
`;

async function onWorkerd() {
  const { version } = createRequire(join(HERE, "index.mjs"))("workerd/package.json");
  return inMiniflare({ "suite.mjs": await suiteText(), "worker.mjs": WORKER }, async (miniflare) => {
    const response = await miniflare.dispatchFetch("http://worker.test/");
    return resultOf(`workerd ${version}`, await response.json());
  });
}
