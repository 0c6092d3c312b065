// Cloudflare's workerd: built by wrangler as for a deployment, run by Miniflare. The core must arrive as a compiled
// module, since workerd forbids compiling at run time.

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HERE, project } from "./pack.mjs";
import { runOn } from "./process.mjs";
import { broken, judge, missing, REPORT, suiteText, TIMEOUT_MS } from "./suite.mjs";

export const name = "workerd";

/** The oldest date that the package is said to work with. */
const COMPATIBILITY_DATE = "2025-06-01";

const WORKER = `import { runSuite } from "./suite.mjs";
export default {
  async fetch() {
    return Response.json(await ${REPORT});
  },
};
`;

const WRANGLER = { name: "hookseal-test", main: "worker.mjs", compatibility_date: COMPATIBILITY_DATE };

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  const require = createRequire(join(HERE, "index.mjs"));
  const version = require("workerd/package.json").version;
  const label = `workerd ${version}, wrangler ${require("wrangler/package.json").version}`;
  if (!hasWorkerd(require)) return [missing(label, "npm has no workerd for this platform")];

  const cwd = await project("workerd", {
    "suite.mjs": await suiteText("esm"),
    "worker.mjs": WORKER,
    "wrangler.json": JSON.stringify(WRANGLER),
  });
  const wrangler = join(HERE, "node_modules", "wrangler", "bin", "wrangler.js");
  const built = await runOn(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", "dist"], {
    cwd,
    timeoutMs: TIMEOUT_MS,
    env: {
      CI: "1",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_LOG_PATH: join(cwd, "logs"),
      XDG_CONFIG_HOME: join(cwd, "config"),
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    },
  });
  if (built.code !== 0) return [broken(label, built.stdout + built.stderr)];
  return [await inMiniflare(label, join(cwd, "dist"), `${built.stdout}${built.stderr}`)];
}

/** @param {NodeJS.Require} require */
function hasWorkerd(require) {
  try {
    createRequire(require.resolve("workerd"))(
      `@cloudflare/workerd-${process.platform === "linux" ? "linux" : process.platform}-${process.arch === "x64" ? "64" : process.arch}/package.json`,
    );
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} label
 * @param {string} dist
 * @param {string} output wrangler's
 */
async function inMiniflare(label, dist, output) {
  const wrong = /warning/i.test(output) ? [`wrangler warned:\n${output}`] : [];
  const script = readFileSync(join(dist, "worker.js"), "utf8");
  const modules = readdirSync(dist).filter((file) => file.endsWith(".wasm"));
  const names = modules.map((file) => file.replace(/^.*-/, "")).sort();
  if (names.join() !== "core.wasm,sdk.wasm")
    wrong.push(`wrangler wrote ${names.join(" and ")}, not core.wasm and sdk.wasm`);
  if (/new WebAssembly\.Module\b/.test(script)) wrong.push("the worker has the code that compiles at run time");

  const { Miniflare } = await import("miniflare");
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    cf: false,
    compatibilityDate: COMPATIBILITY_DATE,
    modulesRoot: dist,
    modules: [
      { type: "ESModule", path: join(dist, "worker.js") },
      ...modules.map((file) => ({ type: /** @type {const} */ ("CompiledWasm"), path: join(dist, file) })),
    ],
  });
  try {
    const response = await miniflare.dispatchFetch("http://worker.test/");
    if (!response.ok) return broken(label, `answered ${response.status}: ${await response.text()}`);
    return judge(label, /** @type {import("./suite.mjs").Report} */ (await response.json()), wrong);
  } finally {
    await miniflare.dispose();
  }
}
