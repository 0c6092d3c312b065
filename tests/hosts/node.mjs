// Node: the one that runs this, and the pinned 22, 24 and current; by import, by require, and by require where
// an ES module cannot be required, which is what reads index.cjs.

import { NO_BINARY, node } from "./binaries.mjs";
import { OTHER_REALM } from "./count.mjs";
import { project } from "./pack.mjs";
import { runOn } from "./process.mjs";
import { missing, program, runProgram, suiteText } from "./suite.mjs";

export const name = "node";

const CREATE_REQUIRE = 'const require = (await import("node:module")).createRequire(import.meta.url);';

/** In one process, however it was loaded: one class, so that instanceof holds. */
const ONE_INSTANCE = `
  for (const entry of ["hookseal", "hookseal/reducto", "hookseal/scaikey"]) {
    const imported = await import(entry);
    const required = require(entry);
    for (const key of Object.keys(imported)) {
      if (key !== "default" && key !== "module.exports" && imported[key] !== required[key]) wrong.push(entry + ": import and require differ in " + key);
    }
    if (Object.keys(imported).length === 0) wrong.push(entry + " exports nothing");
  }
`;

/** Where only index.cjs can be required, also across its entries. */
const COMMONJS = `
  const resolved = require.resolve("hookseal");
  if (!resolved.endsWith("index.cjs")) wrong.push("require gives " + resolved);
  const { WebhookPayloadError } = require("hookseal");
  try {
    require("hookseal/reducto").parseJobUpdate("[]");
    wrong.push("parseJobUpdate took an array");
  } catch (error) {
    if (!(error instanceof WebhookPayloadError)) wrong.push("hookseal/reducto has another WebhookPayloadError");
  }
`;

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  const cwd = await nodeProject();
  const results = [];
  for (const [version, binary] of /** @type {const} */ ([
    [process.versions.node, process.execPath],
    ["22", node("22")],
    ["24", node("24")],
    ["current", node("current")],
  ])) {
    if (!binary) {
      results.push(missing(`Node ${version}`, NO_BINARY));
      continue;
    }
    const full = (await runOn(binary, ["-p", "process.versions.node"], { cwd })).stdout.trim();
    results.push(await runProgram(`Node ${full}, import`, binary, ["main.mjs"], { cwd }));
    results.push(await runProgram(`Node ${full}, require`, binary, ["main.cjs"], { cwd }));
    results.push(
      await runProgram(
        `Node ${full}, require of index.cjs`,
        binary,
        ["--no-experimental-require-module", "commonjs.cjs"],
        { cwd },
      ),
    );
  }
  return results;
}

/** The same files serve Deno and Bun. */
export async function nodeProject() {
  return project("node", {
    "suite.mjs": await suiteText("esm"),
    "suite.cjs": await suiteText("cjs"),
    "realm.mjs": OTHER_REALM["realm.mjs"],
    "main.mjs": program("esm", { before: OTHER_REALM.esm, checks: `${CREATE_REQUIRE}${ONE_INSTANCE}` }),
    "main.cjs": program("cjs", { before: OTHER_REALM.cjs, checks: ONE_INSTANCE }),
    "commonjs.cjs": program("cjs", { before: OTHER_REALM.cjs, checks: COMMONJS }),
    "plain.mjs": program("esm", { before: OTHER_REALM.esm }),
  });
}
