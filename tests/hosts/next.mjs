// Next.js: a route in its Node runtime and one in its edge runtime, built for production by each of its two bundlers.

import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HERE, project } from "./pack.mjs";
import { runOn, startServer } from "./process.mjs";
import { broken, judge, REPORT, suiteText, TIMEOUT_MS } from "./suite.mjs";

export const name = "next";

const route = (/** @type {string} */ runtime) => `import { runSuite } from "../../suite.mjs";
export const runtime = ${JSON.stringify(runtime)};
export const dynamic = "force-dynamic";
export async function GET() {
  return Response.json({ ...(await ${REPORT}), edge: typeof EdgeRuntime === "string" });
}
`;

// The folder above holds Next.js itself.
const CONFIG = `import { join } from "node:path";
const root = join(import.meta.dirname, "..", "..");
export default { turbopack: { root }, outputFileTracingRoot: root };
`;

const ENV = { NEXT_TELEMETRY_DISABLED: "1", CI: "1", NODE_ENV: "production" };

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  return [...(await builtWith("Turbopack", "--turbopack")), ...(await builtWith("webpack", "--webpack"))];
}

/** @param {string} bundler @param {string} flag */
async function builtWith(bundler, flag) {
  const { version } = createRequire(join(HERE, "index.mjs"))("next/package.json");
  const label = (/** @type {string} */ runtime) => `Next.js ${version}, ${bundler}, ${runtime} route`;
  const cwd = await project(
    "next",
    {
      "app/layout.js":
        "export default function Layout({ children }) { return <html><body>{children}</body></html>; }\n",
      "app/node/route.js": route("nodejs"),
      "app/edge/route.js": route("edge"),
      "suite.mjs": await suiteText("esm"),
      "next.config.mjs": CONFIG,
    },
    { tools: true },
  );
  const next = join(HERE, "node_modules", "next", "dist", "bin", "next");

  const built = await runOn(process.execPath, [next, "build", flag], { cwd, env: ENV, timeoutMs: TIMEOUT_MS });
  if (built.code !== 0) return [broken(label("any"), built.stdout + built.stderr)];
  const warnings = built.stdout + built.stderr;
  const wrong = /hookseal\/|Critical dependency|Module not found/.test(warnings)
    ? [`next build said:\n${warnings}`]
    : [];

  const compiled = readdirSync(join(cwd, ".next", "server"), { recursive: true }).filter((file) =>
    String(file).endsWith(".wasm"),
  );
  if (compiled.length === 0) wrong.push("next build wrote no .wasm: the edge route would compile at run time");

  const server = await startServer(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", "0"], {
    cwd,
    env: ENV,
    ready: /http:\/\/127\.0\.0\.1:(\d+)[\s\S]*Ready in/,
    timeoutMs: TIMEOUT_MS,
  });
  try {
    const results = [];
    for (const [path, runtime] of /** @type {const} */ ([
      ["node", "Node"],
      ["edge", "edge"],
    ])) {
      const response = await fetch(`http://127.0.0.1:${server.match[1]}/${path}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) {
        results.push(
          broken(label(runtime), `answered ${response.status}: ${await response.text()}\n${server.output()}`),
        );
        continue;
      }
      const report = await response.json();
      const place = report.edge === (path === "edge") ? [] : [`ran in the wrong runtime`];
      results.push(await judge(label(runtime), report, [...wrong, ...place]));
    }
    return results;
  } finally {
    await server.stop();
  }
}
