// The suite in Cloudflare's workerd: built by wrangler as for a deployment, run by Miniflare within one request.

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { HERE, project } from "../hosts/pack.mjs";
import { runOn } from "../hosts/process.mjs";
import { suiteText } from "./bundle.mjs";

/** The oldest date that the package is said to work with. */
const COMPATIBILITY_DATE = "2025-06-01";

const WORKER = `import { runClientSuite } from "./suite.mjs";
export default {
  async fetch(request) {
    return Response.json(await runClientSuite(await request.json()));
  },
};
`;

const WRANGLER = { name: "hookseal-clients", main: "worker.mjs", compatibility_date: COMPATIBILITY_DATE };

/** @param {number} timeoutMs @returns {Promise<import("./hosts.mjs").Run>} */
export async function inWorkerd(timeoutMs) {
  // Of the hosts' own node_modules.
  const require = createRequire(join(HERE, "index.mjs"));
  const label = `workerd ${require("workerd/package.json").version}`;
  try {
    const os = process.platform === "win32" ? "windows" : process.platform;
    const cpu = process.arch === "x64" ? "64" : process.arch;
    createRequire(require.resolve("workerd")).resolve(`@cloudflare/workerd-${os}-${cpu}/package.json`);
  } catch {
    return { label, missing: "npm has no workerd for this platform" };
  }
  return { label, report: (target) => report(require, target, timeoutMs) };
}

/**
 * @param {NodeJS.Require} require
 * @param {import("./target.mjs").Target} target
 * @param {number} timeoutMs
 */
async function report(require, target, timeoutMs) {
  const cwd = await project("clients-workerd", {
    "suite.mjs": await suiteText(),
    "worker.mjs": WORKER,
    "wrangler.json": JSON.stringify(WRANGLER),
  });
  const wrangler = join(HERE, "node_modules", "wrangler", "bin", "wrangler.js");
  const built = await runOn(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "dist"], {
    cwd,
    timeoutMs,
    env: {
      CI: "1",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_LOG_PATH: join(cwd, "logs"),
      XDG_CONFIG_HOME: join(cwd, "config"),
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    },
  });
  if (built.code !== 0) throw new Error(built.stdout + built.stderr);

  const { Miniflare } = await import(pathToFileURL(require.resolve("miniflare")).href);
  const dist = join(cwd, "dist");
  const modules = readdirSync(dist).filter((file) => file.endsWith(".wasm"));
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    cf: false,
    compatibilityDate: COMPATIBILITY_DATE,
    modulesRoot: dist,
    modules: [
      { type: "ESModule", path: join(dist, "worker.js") },
      ...modules.map((file) => ({ type: "CompiledWasm", path: join(dist, file) })),
    ],
  });
  try {
    const request = { method: "POST", body: JSON.stringify(target) };
    const response = await miniflare.dispatchFetch("http://worker.test/", request);
    if (!response.ok) throw new Error(`answered ${response.status}: ${await response.text()}`);
    return /** @type {import("./hosts.mjs").Report} */ (await response.json());
  } finally {
    await miniflare.dispose();
  }
}
