// The page of examples/browser in Chromium: as built, and as the development server gives it.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../scripts/lib/run.mjs";
import { ensureChromium } from "../../scripts/setup/browsers.mjs";
import { tally } from "./checks.mjs";
import { CURRENT, deliveries, JOB } from "./deliveries.mjs";
import { makeSandbox } from "./sandbox.mjs";
import { freePort, startServer } from "./server.mjs";

/** To look at; each run writes over the last one's. */
const PICTURES = join(tmpdir(), "hookseal-pictures");

const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/** @returns {Promise<import("./checks.mjs").Outcome>} */
export async function checkBrowser() {
  const { outcome, check } = tally("browser");
  const chromium = await ensureChromium();
  if (chromium.missing !== undefined) return { ...outcome, notRun: chromium.missing };

  const folder = await makeSandbox("browser");
  const vite = join(folder, "node_modules/vite/bin/vite.js");
  const { chromium: playwright } = await import("playwright-core");
  const browser = await playwright.launch({ executablePath: chromium.browser, args: CHROMIUM_ARGS });
  try {
    await run(process.execPath, [join(folder, "node_modules/typescript/bin/tsc")], { cwd: folder, quiet: true });
    await run(process.execPath, [vite, "build"], { cwd: folder, quiet: true });
    for (const command of [["preview"], []]) {
      const port = await freePort();
      const args = [vite, ...command, "--host", "127.0.0.1", "--port", String(port), "--strictPort"];
      const server = await startServer(process.execPath, args, { cwd: folder, port });
      try {
        const page = await browser.newPage({ viewport: { width: 900, height: 1000 } });
        page.setDefaultTimeout(10_000);
        page.on("pageerror", (error) => check("no error on the page", error.message, undefined));
        await page.goto(`http://127.0.0.1:${port}/`);
        await use(page, check, (name) => page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true }));
        await page.close();
      } finally {
        await server.stop();
      }
    }
  } finally {
    await browser.close();
  }
  return outcome;
}

/**
 * @param {import("playwright-core").Page} page
 * @param {(what: string, is: unknown, expected: unknown) => void} check
 * @param {(name: string) => Promise<unknown>} picture
 */
async function use(page, check, picture) {
  const { svix, standard, tampered, replay, unsigned, notJson, noJob } = deliveries();
  const result = page.getByRole("status", { name: "Result" });
  const verify = async (/** @type {import("./deliveries.mjs").Delivery} */ { headers, body = "" }) => {
    await page.getByLabel("Headers").fill(
      Object.entries(headers)
        .map((pair) => pair.join(": "))
        .join("\n"),
    );
    await page.getByLabel("Body").fill(body);
    await page.getByRole("button", { name: "Verify" }).click();
    return result.innerText();
  };
  const says = (/** @type {string} */ what, /** @type {string} */ text, /** @type {string[]} */ ...parts) => {
    for (const part of parts) check(`${what} says ${part}`, text.includes(part) || text, true);
  };

  await page.getByRole("button", { name: "Verify" }).click();
  says("the page as it opens", await result.innerText(), "Refused", "missing_header");
  await page.getByRole("button", { name: "Sign the body" }).click();
  says("signing", await result.innerText(), "Signed", "svix-id", "v1,");
  await picture("signed");
  await page.getByRole("button", { name: "Verify" }).click();
  says("what it signed", await result.innerText(), "Authentic", '"user_id": "123"');

  await page.getByLabel("Signing secret").fill(CURRENT);
  says("svix", await verify(svix), "Authentic", "msg_first", "Completed", JOB, '"user_id": "first"');
  await picture("authentic");
  says("standardwebhooks", await verify(standard), "Authentic", "msg_standard");
  says("a changed body", await verify(tampered), "Refused", "no_matching_signature", "byte for byte");
  await picture("refused");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 390, height: 800 });
  await picture("refused-dark-narrow");
  says("no headers", await verify(unsigned), "Refused", "missing_header", "svix-signature");
  says("no JSON", await verify(notJson), "not a job update", "invalid_json");
  says("no job update", await verify(noJob), "not a job update", "invalid_payload", "$.job_id");
  says("an old one", await verify(replay), "Refused", "timestamp_too_old");
  await page.getByLabel("Overlook its age").check();
  says("an old one, its age overlooked", await verify(replay), "Authentic", "msg_first");
  await page.getByLabel("Signing secret").fill("");
  says("no secret", await verify(svix), "Cannot be checked", "invalid_secret");
}
