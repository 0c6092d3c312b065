// Chromium: pages that each begin with nothing. They are isolated, which makes their clock precise.

import { createServer } from "node:http";
import { ensureChromium } from "../../scripts/setup/browsers.mjs";
import { hostPackage } from "./project.mjs";

const HEADERS = {
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/**
 * @param {Record<string, string>} scripts by path
 * @returns {Promise<{version: string, inPage: (expression: string) => Promise<any>, stop: () => Promise<void>} | string>}
 *   or why there is none
 */
export async function startChromium(scripts) {
  const found = await ensureChromium();
  if (found.missing !== undefined) return found.missing;
  const { chromium } = hostPackage("playwright-core");
  const server = createServer((request, response) => {
    const script = scripts[request.url ?? ""];
    response.writeHead(200, { ...HEADERS, "content-type": script === undefined ? "text/html" : "text/javascript" });
    response.end(script ?? "<!doctype html><title>bench</title>");
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const args = ["--no-sandbox", "--disable-dev-shm-usage"]; // root has no sandbox in containers
  const browser = await chromium.launch({ executablePath: found.browser, args });
  return {
    version: browser.version(),
    async inPage(expression) {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`http://127.0.0.1:${port}/`);
        return await page.evaluate(expression);
      } finally {
        await context.close();
      }
    },
    async stop() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
