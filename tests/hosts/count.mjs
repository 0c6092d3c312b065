// How many tests every host must run: as many as Node does. Some bodies can only be made where there is `Buffer`,
// `SharedArrayBuffer` or another realm, so Node counts with the features that the host has.

import { project } from "./pack.mjs";
import { runOn } from "./process.mjs";
import { suiteText, TIMEOUT_MS } from "./suite.mjs";

/** @typedef {{Buffer: boolean, SharedArrayBuffer: boolean, otherRealm: boolean, otherHeaders: boolean}} Features */

/** The suite takes another realm's globals from here. Only Node's modules can make one outside a page. */
export const OTHER_REALM = {
  esm: 'import "./realm.mjs";',
  cjs: 'globalThis.hooksealOtherRealm = require("node:vm").runInNewContext("globalThis");',
  "realm.mjs":
    'import { runInNewContext } from "node:vm";\nglobalThis.hooksealOtherRealm = runInNewContext("globalThis");\n',
};

/** @type {Map<string, Promise<number>>} */
const counts = new Map();

/** @param {Features} features */
export function countTests(features) {
  const key = JSON.stringify(features);
  const number = counts.get(key) ?? count(features);
  counts.set(key, number);
  return number;
}

/** @param {Features} features */
async function count(features) {
  const main = `${features.otherRealm ? OTHER_REALM.cjs : ""}
${features.otherHeaders ? "hooksealOtherRealm.Headers = Headers;" : ""}
new Headers(); // Node loads it when it is first used, and needs Buffer for that
${features.Buffer ? "" : "delete globalThis.Buffer;"}
${features.SharedArrayBuffer ? "" : "delete globalThis.SharedArrayBuffer;"}
require("./suite.cjs").runSuite().then(({ passed, failed }) => console.log(passed + failed.length));
`;
  const cwd = await project("count", { "suite.cjs": await suiteText("cjs"), "main.cjs": main });
  const { stdout, stderr } = await runOn(process.execPath, ["main.cjs"], { cwd, timeoutMs: TIMEOUT_MS });
  const number = Number(stdout.trim().split("\n").at(-1));
  if (!(number > 0)) throw new Error(`the suite does not run on this Node:\n${stderr}`);
  return number;
}
