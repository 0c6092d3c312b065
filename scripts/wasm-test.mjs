#!/usr/bin/env node
// The crate's wasm-bindgen-test suite, tests/wasm.rs, in Node, headless Chromium and headless Firefox.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { log, root, run } from "./lib/run.mjs";
import { ensureChromium, ensureFirefox } from "./setup/browsers.mjs";
import { ensureWasmBindgen } from "./setup/wasm-bindgen.mjs";
import { ensureWasmTarget } from "./setup/wasm-target.mjs";

const TIMEOUT_MS = 8 * 60_000; // the first host compiles the crate and its dependencies

/**
 * @typedef {object} HostResult
 * @property {string} name
 * @property {number} passed
 * @property {number} failed at least 1 where the run itself went wrong
 * @property {string} [notRun] why the host is not there; then nothing passed or failed
 */

/**
 * @param {{cwd?: string}} [options] cwd: the crate's folder
 * @returns {Promise<HostResult[]>}
 */
export async function wasmTests({ cwd = root } = {}) {
  const { testRunner } = await ensureWasmBindgen();
  const common = {
    ...(await ensureWasmTarget(cwd)),
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: testRunner,
    WASM_BINDGEN_TEST_TIMEOUT: "120",
    WASM_BINDGEN_TEST_DRIVER_TIMEOUT: "30", // 5 s is little on a loaded machine
    // A variable from outside must not choose another host.
    ...Object.fromEntries(
      ["DENO", "BROWSER", "DEDICATED_WORKER", "SHARED_WORKER", "SERVICE_WORKER", "NODE"].map((host) => [
        `WASM_BINDGEN_USE_${host}`,
        undefined,
      ]),
    ),
    NO_HEADLESS: undefined,
    CHROMEDRIVER: undefined,
    CHROMEDRIVER_REMOTE: undefined,
    GECKODRIVER: undefined,
    GECKODRIVER_REMOTE: undefined,
  };
  const results = [await inHost("node", cwd, common)];
  for (const [host, ensure, settings] of /** @type {const} */ ([
    ["chromium", ensureChromium, chromiumSettings],
    ["firefox", ensureFirefox, firefoxSettings],
  ])) {
    const found = await ensure();
    results.push(
      found.missing === undefined
        ? await inHost(
            host,
            cwd,
            { ...common, WASM_BINDGEN_USE_BROWSER: "1", ...settings(found) },
            capabilities(host, found.browser),
          )
        : { name: `wasm-bindgen-test: ${host}`, passed: 0, failed: 0, notRun: found.missing },
    );
  }
  return results;
}

/** @typedef {{browser: string, driver: string}} Found */

const chromiumSettings = (/** @type {Found} */ { driver }) => ({ CHROMEDRIVER: driver });
const firefoxSettings = (/** @type {Found} */ { driver }) => ({ GECKODRIVER: driver });

/**
 * What the runner asks the driver for: this browser, not the first one the driver finds.
 * @param {"chromium" | "firefox"} host
 * @param {string} binary
 */
function capabilities(host, binary) {
  return { [host === "chromium" ? "goog:chromeOptions" : "moz:firefoxOptions"]: { binary } };
}

/**
 * @param {string} host
 * @param {string} cwd
 * @param {Record<string, string | undefined>} env
 * @param {object} [webdriver]
 * @returns {Promise<HostResult>}
 */
async function inHost(host, cwd, env, webdriver) {
  const name = `wasm-bindgen-test: ${host}`;
  // Its path marks every process of this run: drivers and browsers inherit it.
  const temporary = mkdtempSync(join(tmpdir(), "hookseal-"));
  const clear = () => {
    const left = endProcessesOf(temporary);
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
    return left;
  };
  const interrupted = (/** @type {NodeJS.Signals} */ signal) => {
    clear();
    process.exit(signal === "SIGINT" ? 130 : 143);
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  try {
    const settings = join(temporary, "webdriver.json");
    if (webdriver) writeFileSync(settings, JSON.stringify(webdriver));
    log(name);
    const { code, stdout } = await run("cargo", ["test", "--target", "wasm32-unknown-unknown", "--test", "wasm"], {
      cwd,
      env: { ...env, TMPDIR: temporary, WASM_BINDGEN_TEST_WEBDRIVER_JSON: webdriver ? settings : undefined },
      timeoutMs: TIMEOUT_MS,
      allowFail: true,
    });
    const { passed, failed } = counts(stdout);
    if (code === 0 && failed === 0 && passed > 0) return { name, passed, failed };
    if (code === 0 && failed === 0) log(`${name}: no test ran`);
    return { name, passed, failed: Math.max(failed, 1) };
  } finally {
    process.removeListener("SIGINT", interrupted);
    process.removeListener("SIGTERM", interrupted);
    await sleep(100); // a browser that is closing may need a moment
    const left = clear();
    if (left) log(`${name}: ended ${left} processes that were left`);
  }
}

/**
 * Adds up the runner's own `test result:` lines.
 * @param {string} output
 */
function counts(output) {
  let passed = 0;
  let failed = 0;
  for (const [, ok, bad] of output.matchAll(/test result: \w+\. (\d+) passed; (\d+) failed/g)) {
    passed += Number(ok);
    failed += Number(bad);
  }
  return { passed, failed };
}

/**
 * Ends what still runs with the marker in its environment or arguments (Chromium's children overwrite the former).
 * The browsers put themselves outside our process group, so that the group is not enough. Linux only: elsewhere
 * there is no /proc, and the drivers' own clean-up has to do.
 * @param {string} marker
 */
function endProcessesOf(marker) {
  let ended = 0;
  for (const pid of process.platform === "linux" ? readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)) : []) {
    if (Number(pid) === process.pid) continue;
    try {
      const known = readFileSync(`/proc/${pid}/environ`, "latin1") + readFileSync(`/proc/${pid}/cmdline`, "latin1");
      if (!known.includes(marker)) continue;
      process.kill(Number(pid), "SIGKILL");
      ended += 1;
    } catch {
      // gone, or another user's
    }
  }
  return ended;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const results = await wasmTests({ cwd: process.argv[2] ? resolve(process.argv[2]) : root });
  for (const { name, passed, failed, notRun } of results) {
    console.log(notRun ? `${name}: not run: ${notRun}` : `${name}: ${passed} passed, ${failed} failed`);
  }
  process.exitCode = results.some(({ failed }) => failed > 0) ? 1 : 0;
}
