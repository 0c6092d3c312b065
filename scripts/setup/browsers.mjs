// Chromium and Firefox with their WebDriver servers: what is there, else what Debian or Ubuntu can install.

import { isExecutable, run, which } from "../lib/run.mjs";
import { aptInstall } from "./apt.mjs";
import { ensureCargoTool, GECKODRIVER } from "./cargo-tool.mjs";

/** @typedef {{browser: string, driver: string, missing?: undefined} | {missing: string}} Browser absolute paths, or why not */

const CHROMIUM = {
  env: "CHROME_PATH",
  names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
  paths: [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
};
const CHROMEDRIVER = {
  env: "CHROMEDRIVER",
  names: ["chromedriver"],
  paths: ["/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver", "/opt/homebrew/bin/chromedriver"],
};
const FIREFOX = {
  env: "FIREFOX_PATH",
  names: ["firefox", "firefox-esr"],
  paths: ["/usr/bin/firefox", "/usr/bin/firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"],
};
const GECKO = {
  env: "GECKODRIVER",
  names: ["geckodriver"],
  paths: ["/usr/bin/geckodriver", "/opt/homebrew/bin/geckodriver"],
};

/** @type {Promise<Browser> | undefined} */
let chromium;
/** @type {Promise<Browser> | undefined} */
let firefox;

export function ensureChromium() {
  return (chromium ??= orMissing(findChromium));
}

export function ensureFirefox() {
  return (firefox ??= orMissing(findFirefox));
}

/** @returns {Promise<Browser>} */
async function findChromium() {
  const pair = await chromiumPair();
  if (pair.missing === undefined) return pair;
  if (process.env[CHROMIUM.env] || process.env[CHROMEDRIVER.env]) return pair; // chosen: an installed one would not be used
  const failed = await aptInstall("chromium", "chromium-driver");
  return failed ? { missing: `${pair.missing}; ${failed}` } : chromiumPair();
}

/**
 * A browser and a driver of one major version: chromedriver refuses any other.
 * @returns {Promise<Browser>}
 */
async function chromiumPair() {
  const browsers = await withMajor(candidates(CHROMIUM));
  const drivers = await withMajor(candidates(CHROMEDRIVER));
  for (const browser of browsers) {
    const driver = drivers.find(({ major }) => major === browser.major);
    if (driver) return { browser: browser.path, driver: driver.path };
  }
  if (!browsers.length) return { missing: "no Chromium or Chrome that starts (CHROME_PATH can name one)" };
  if (!drivers.length) return { missing: "no chromedriver that starts (CHROMEDRIVER can name one)" };
  const list = (/** @type {typeof browsers} */ found) =>
    found.map(({ path, major }) => `${path} is version ${major}`).join(", ");
  return { missing: `chromedriver and browser must have one major version: ${list(browsers)}; ${list(drivers)}` };
}

/** @returns {Promise<Browser>} */
async function findFirefox() {
  let [browser] = await withMajor(candidates(FIREFOX));
  if (!browser) {
    const failed = process.env[FIREFOX.env] ? undefined : await aptInstall("firefox-esr");
    [browser] = await withMajor(candidates(FIREFOX));
    if (!browser)
      return { missing: `no Firefox that starts (FIREFOX_PATH can name one)${failed ? `; ${failed}` : ""}` };
  }
  const [driver] = await withMajor(candidates(GECKO));
  return { browser: browser.path, driver: driver?.path ?? (await ensureCargoTool("geckodriver", GECKODRIVER)) };
}

/**
 * Where a program may be. A path in the environment is the only candidate.
 * @param {{env: string, names: string[], paths: string[]}} program
 */
function candidates({ env, names, paths }) {
  const named = process.env[env];
  if (named) return [named];
  const found = names.flatMap((name) => which(name) ?? []);
  return [...new Set([...found, ...paths.filter(isExecutable)])];
}

/**
 * Those that start and tell their version; Ubuntu's snap stand-ins do not.
 * @param {string[]} paths
 */
async function withMajor(paths) {
  const answers = await Promise.all(
    paths.map(async (path) => {
      const { code, stdout } = await run(path, ["--version"], { quiet: true, allowFail: true, timeoutMs: 30_000 });
      const major = /(\d+)\.\d+/.exec(stdout)?.[1];
      return code === 0 && major ? [{ path, major }] : [];
    }),
  );
  return answers.flat();
}

/**
 * @param {() => Promise<Browser>} find
 * @returns {Promise<Browser>}
 */
async function orMissing(find) {
  try {
    return await find();
  } catch (error) {
    return { missing: (error instanceof Error ? error.message : String(error)).split("\n").slice(0, 3).join(" ") };
  }
}
