// Workers in workerd: bundled with the package installed, run by Miniflare; and what only a Worker can show.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { Webhook } from "svix";
import { HERE, project } from "../hosts/pack.mjs";

/** The oldest date that the package is said to work with. */
const COMPATIBILITY_DATE = "2025-06-01";
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** Leaves the wasm file to the platform, as wrangler does. */
export const keepWasm = {
  name: "keep-wasm",
  /** @param {import("esbuild").PluginBuild} build */
  setup(build) {
    build.onResolve({ filter: /\.wasm(\?module)?$/ }, () => ({ path: "./core.wasm", external: true }));
  },
};

/**
 * Starts a Worker of these files (`worker.mjs` is its main one), and stops it when it was used.
 * @template T
 * @param {Record<string, string>} files
 * @param {(miniflare: any) => Promise<T>} use
 * @param {Record<string, unknown>} [options] of Miniflare
 */
export async function inMiniflare(files, use, options = {}) {
  const cwd = await project("receiver-worker", files, { tools: true });
  await build({
    absWorkingDir: cwd,
    entryPoints: ["worker.mjs"],
    outfile: join(cwd, "dist", "worker.js"),
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    external: ["cloudflare:*"],
    plugins: [keepWasm],
    logLevel: "silent",
  });
  const { Miniflare } = await import(pathToFileURL(createRequire(join(HERE, "index.mjs")).resolve("miniflare")).href);
  const dist = join(cwd, "dist");
  const contents = readFileSync(join(cwd, "node_modules", "hookseal", "core.wasm"));
  const miniflare = new Miniflare({
    host: "127.0.0.1",
    cf: false,
    compatibilityDate: COMPATIBILITY_DATE,
    modulesRoot: dist,
    modules: [
      { type: "ESModule", path: join(dist, "worker.js") },
      { type: "CompiledWasm", path: join(dist, "core.wasm"), contents },
    ],
    ...options,
  });
  try {
    return await use(miniflare);
  } finally {
    await miniflare.dispose();
  }
}

const DEADLINE = `import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";

const receiver = createReceiver({
  webhook: (env) => new ReductoWebhook(env.SECRET),
  deadline: 200,
  maxBody: 100_000,
  bodyTimeout: 500,
  onDelivery: async ({ job_id }, { env }) => {
    if (job_id === "slow") await new Promise((done) => setTimeout(done, 1000));
    await env.DONE.put(job_id, "done");
  },
});
export default receiver;
`;

/** @returns {Promise<import("../../scripts/test/summary.mjs").Result[]>} */
export async function workerTests() {
  /** @type {string[]} */
  const failures = [];
  let passed = 0;
  const check = (/** @type {string} */ what, /** @type {unknown} */ is, /** @type {unknown} */ expected) => {
    if (JSON.stringify(is) === JSON.stringify(expected)) passed++;
    else failures.push(`${what}: ${JSON.stringify(is)}, expected ${JSON.stringify(expected)}`);
  };
  const use = async (/** @type {any} */ miniflare) => {
    const url = String(await miniflare.ready);
    const post = (/** @type {string} */ job, id = `msg_${job}`) => {
      const body = JSON.stringify({ status: "Completed", job_id: job });
      const at = new Date();
      const headers = {
        "svix-id": id,
        "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
        "svix-signature": new Webhook(SECRET).sign(id, at, body),
      };
      return fetch(url, { method: "POST", body, headers });
    };
    const kv = await miniflare.getKVNamespace("DONE");
    check("processed", (await post("quick")).status, 200);
    check("its effect", await kv.get("quick"), "done");
    const late = await post("slow");
    check("at the deadline", [late.status, late.headers.get("retry-after")], [503, "5"]);
    check("not done yet", await kv.get("slow"), null);
    check("while it goes on", (await post("slow")).status, 503);
    await new Promise((done) => setTimeout(done, 1500));
    check("waitUntil kept it running", await kv.get("slow"), "done");
    check("then a duplicate", (await post("slow")).status, 200);
    check("unsigned", (await fetch(url, { method: "POST", body: "{}" })).status, 401);
    check("another method", (await fetch(url)).headers.get("allow"), "POST");
    for (let round = 0; round < 5; round++) {
      check("too large", (await fetch(url, { method: "POST", body: "x".repeat(3_000_000) })).status, 413);
      check("another method with a body", (await fetch(url, { method: "PUT", body: "x".repeat(300_000) })).status, 405);
      check("the next one", (await post(`next${round}`)).status, 200);
    }
  };
  const options = { bindings: { SECRET }, kvNamespaces: ["DONE"] };
  await inMiniflare({ "worker.mjs": DEADLINE }, use, options).catch((error) => void failures.push(String(error.stack)));
  return [{ name: "receiver as a Worker", passed, failed: failures.length, failures }];
}
