// The receiver: its engine on every host, and in the frameworks of Node on real sockets.
//
//   node tests/receiver/index.mjs [hosts] [worker] [node] [current]

import { cpSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { log } from "../../scripts/lib/run.mjs";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const STEPS = ["hosts", "worker", "node", "current"];
/** On the newest Node: without the flood, which takes a minute. */
const FILES = ["answers", "parsers", "sockets", "flood"];

/**
 * Needs pkg/. Installs its own development packages.
 * @param {{only?: string[]}} [options] only: names of STEPS; all if there are none
 * @returns {Promise<Result[]>}
 */
export async function receiverTests({ only = [] } = {}) {
  await ensureNodeModules();
  for (const folder of [FOLDER, join(FOLDER, "..", "hosts")]) await ensureNodeModules(folder);
  // These need node_modules, so they load after it is there.
  const { hostSuites } = await import("./hosts.mjs");
  const { workerTests } = await import("./workerd.mjs");
  const { node } = await import("../hosts/binaries.mjs");

  /** @type {Record<string, () => Promise<Result[]>>} */
  const steps = {
    hosts: hostSuites,
    worker: workerTests,
    node: () => socketTests("Node", process.execPath, FILES),
    current: () => socketTests("current Node", node("current"), FILES.slice(0, 3)),
  };
  const results = [];
  for (const name of STEPS.filter((step) => only.length === 0 || only.includes(step))) {
    const started = Date.now();
    results.push(...(await /** @type {() => Promise<Result[]>} */ (steps[name])()));
    log(`receiver: ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  return results;
}

/**
 * node --test of the files in node/, in a project that has the tarball and the frameworks.
 * @param {string} name
 * @param {string | undefined} binary
 * @param {string[]} files
 * @returns {Promise<Result[]>}
 */
async function socketTests(name, binary, files) {
  const { project } = await import("../hosts/pack.mjs");
  const { runOn } = await import("../hosts/process.mjs");
  if (!binary) return [{ name: `receiver in ${name}'s frameworks`, passed: 0, failed: 0, notRun: "no binary of it" }];
  const cwd = await project("receiver-node", { "package.json": '{ "type": "module", "private": true }\n' });
  cpSync(join(FOLDER, "node"), join(cwd, "node"), { recursive: true });
  for (const entry of ["@hono", "connect", "express", "express-4", "fastify", "fastify-4", "hono"]) {
    symlinkSync(join(FOLDER, "node_modules", entry), join(cwd, "node_modules", entry), "junction");
  }
  const results = [];
  for (const file of files) {
    const args = ["--test", "--test-reporter=tap", join("node", `${file}.test.mjs`)];
    const { code, stdout, stderr } = await runOn(binary, args, { cwd, timeoutMs: 5 * 60_000 });
    const [, passed = "0"] = /^# pass (\d+)$/m.exec(stdout) ?? [];
    const [, failed = "0"] = /^# fail (\d+)$/m.exec(stdout) ?? [];
    const wrong = Math.max(Number(failed), code === 0 ? 0 : 1);
    const failures = wrong > 0 ? [[...notOk(stdout), stderr.slice(-2000)].join("\n")] : [];
    for (const line of stdout.match(/^# .*MiB after.*$/gm) ?? []) log(line.slice(2));
    results.push({ name: `receiver in ${name}, ${file}`, passed: Number(passed), failed: wrong, failures });
  }
  return results;
}

/** What failed, with a few lines of why. @param {string} tap */
function notOk(tap) {
  const lines = tap.split("\n");
  return lines.flatMap((line, at) => (/^\s*not ok /.test(line) ? lines.slice(at, at + 14) : []));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const results = await receiverTests({ only: process.argv.slice(2) });
  for (const { name, passed, failed, failures = [], notRun } of results) {
    console.log(notRun === undefined ? `${name}: ${passed} passed, ${failed} failed` : `${name}: not run: ${notRun}`);
    for (const failure of failures) console.log(`  ${failure.trimEnd().replaceAll("\n", "\n    ")}`);
  }
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}
