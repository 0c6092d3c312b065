// Chromium and Firefox: a page with the suite as Vite bundles it, and one that loads the package's self-contained
// file. Both are served under a policy without 'unsafe-eval'.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { ensureChromium, ensureFirefox } from "../../scripts/setup/browsers.mjs";
import { buildWithVite } from "./bundlers.mjs";
import { project } from "./pack.mjs";
import { broken, judge, missing, REPORT, suiteText, TIMEOUT_MS } from "./suite.mjs";

export const name = "browsers";

/** Starts a module and leaves what it gives, or why not, where the driver looks. */
const page = (/** @type {string} */ module) => `<!doctype html><meta charset="utf-8"><title>hookseal</title>
<script type="module" src="/${module}"></script>
`;

const SUITE = `import { runSuite } from "./suite.mjs";
${REPORT}.then((report) => { globalThis.result = report; }, (error) => { globalThis.result = { broken: String(error) }; });
`;

const SMOKE = `import { Webhook, generateSecret } from "/index.bundle.js";
try {
  const webhook = new Webhook(generateSecret());
  const body = '{"smoke":1}';
  globalThis.result = { smoke: webhook.verify(body, new Headers(webhook.signedHeaders(body))).smoke };
} catch (error) {
  globalThis.result = { broken: String(error) };
}
`;

const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src 'self'";

/** Without these a page has no SharedArrayBuffer. */
const ISOLATION = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  const cwd = await project("browsers", { "suite.mjs": await suiteText("esm"), "main.mjs": SUITE });
  const { file } = await buildWithVite(cwd, "browser");
  const server = await serve({
    "/suite.html": page("suite.js"),
    "/suite.js": readFileSync(file),
    "/smoke.html": page("smoke.js"),
    "/smoke.js": SMOKE,
    "/index.bundle.js": readFileSync(join(cwd, "node_modules", "hookseal", "index.bundle.js")),
  });
  try {
    return [
      await inBrowser("Chromium", await ensureChromium(), openChromium, server.origin),
      await inBrowser("Firefox", await ensureFirefox(), openFirefox, server.origin),
    ];
  } finally {
    await server.stop();
  }
}

/**
 * @typedef {object} Open a started browser
 * @property {() => Promise<string>} version
 * @property {(url: string) => Promise<any>} resultOf opens a page and gives what it left
 * @property {() => Promise<void>} close
 */

/**
 * @param {string} label
 * @param {import("../../scripts/setup/browsers.mjs").Browser} found
 * @param {(path: string) => Promise<Open>} open
 * @param {string} origin
 */
async function inBrowser(label, found, open, origin) {
  if (found.missing !== undefined) return missing(label, found.missing);
  /** @type {Open | undefined} */
  let browser;
  try {
    browser = await open(found.browser);
    const full = `${label} ${await browser.version()}`;
    const report = await browser.resultOf(`${origin}/suite.html`);
    if (report.broken) return broken(full, report.broken);
    const { smoke, broken: why } = await browser.resultOf(`${origin}/smoke.html`);
    return judge(full, report, smoke === 1 ? [] : [`index.bundle.js: ${why}`]);
  } catch (error) {
    return broken(label, error);
  } finally {
    await browser?.close();
  }
}

// Tests run as root in containers, where Chromium has no sandbox.
const CHROMIUM_FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** @param {string} executablePath @returns {Promise<Open>} */
async function openChromium(executablePath) {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  return {
    version: async () => browser.version(),
    resultOf: (url) => resultOf(() => browser.newPage(), url),
    close: () => browser.close(),
  };
}

/**
 * Playwright drives only its own Firefox; Puppeteer takes Debian's over WebDriver BiDi.
 * @param {string} executablePath
 * @returns {Promise<Open>}
 */
async function openFirefox(executablePath) {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
  return {
    version: async () => (await browser.version()).replace(/^\D*/, ""),
    resultOf: (url) => resultOf(() => browser.newPage(), url),
    close: () => browser.close(),
  };
}

/**
 * @param {() => Promise<any>} newPage a page of Playwright or Puppeteer
 * @param {string} url
 */
async function resultOf(newPage, url) {
  const tab = await newPage();
  /** @type {string[]} */
  const errors = [];
  tab.on("pageerror", (/** @type {unknown} */ error) => errors.push(String(error)));
  try {
    await tab.goto(url);
    const until = Date.now() + TIMEOUT_MS;
    for (;;) {
      const result = await tab.evaluate("globalThis.result");
      if (result) return result;
      if (errors.length > 0) return { broken: errors.join("\n") };
      if (Date.now() > until) return { broken: "the page has no result" };
      await new Promise((done) => setTimeout(done, 100));
    }
  } finally {
    await tab.close();
  }
}

/** @param {Record<string, string | Uint8Array>} files by path */
async function serve(files) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const content = files[path];
    const type = TYPES[/** @type {keyof typeof TYPES} */ (extname(path))];
    response.writeHead(content === undefined ? 404 : 200, {
      "content-type": type ?? "text/plain",
      "content-security-policy": POLICY,
      ...ISOLATION,
    });
    response.end(content);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
