// Vite, webpack, esbuild and Rollup: an app with the suite, built for browsers and for Node, without a warning. What
// they wrote is run by Node in an empty folder, where nothing unresolved could be found.

import { copyFileSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { HERE, project, tempFolder } from "./pack.mjs";
import { broken, program, runProgram, suiteText } from "./suite.mjs";

export const name = "bundlers";

/** @typedef {"browser" | "node"} Platform */
/** @typedef {{file: string, warnings: string[]}} Built `file` is one ES module, all in it */

const MAIN = `import { Webhook } from "hookseal";
${program("esm", { checks: 'if (typeof Webhook !== "function") wrong.push("no Webhook");' })}`;

/** @returns {Promise<import("./suite.mjs").Result[]>} */
export async function run() {
  const results = [];
  for (const [bundler, build] of /** @type {const} */ ([
    ["vite", buildWithVite],
    ["webpack", buildWithWebpack],
    ["esbuild", buildWithEsbuild],
    ["rollup", buildWithRollup],
  ])) {
    const { version } = createRequire(join(HERE, "index.mjs"))(`${bundler}/package.json`);
    for (const platform of /** @type {const} */ (["browser", "node"])) {
      results.push(await tryOne(`${bundler} ${version}, for ${platform}`, build, platform));
    }
  }
  return results;
}

/**
 * @param {string} label
 * @param {(cwd: string, platform: Platform) => Promise<Built>} build
 * @param {Platform} platform
 */
async function tryOne(label, build, platform) {
  try {
    const cwd = await project("bundled", { "suite.mjs": await suiteText("esm"), "main.mjs": MAIN });
    const { file, warnings } = await build(cwd, platform);
    const alone = tempFolder("alone");
    copyFileSync(file, join(alone, "app.mjs"));
    const result = await runProgram(label, process.execPath, ["app.mjs"], { cwd: alone });
    const failures = [...(result.failures ?? []), ...warnings, ...leftOver(readFileSync(file, "utf8"))];
    return failures.length > 0 ? { ...result, failed: failures.length, failures } : result;
  } catch (error) {
    return broken(label, error);
  }
}

/** @param {string} script @returns {string[]} */
function leftOver(script) {
  const wrong = [];
  // Where it was not minified, the examples in comments import hookseal, too.
  const imports = script.match(
    /^(?!\s*\*).*\b(?:from|import|import\(|require\()\s*["'](?:hookseal|#wasm|node:)[^"']*["']/gm,
  );
  if (imports) wrong.push(`left unresolved: ${imports.map((line) => line.slice(-200)).join(", ")}`);
  if (!script.includes("WebAssembly.Module")) wrong.push("the module binding was dropped");
  return wrong;
}

/** @param {string} cwd @param {Platform} platform @returns {Promise<Built>} */
export async function buildWithVite(cwd, platform) {
  const { build, createLogger } = await import("vite");
  /** @type {string[]} */
  const warnings = [];
  const customLogger = createLogger("warn");
  customLogger.warn = customLogger.warnOnce = (message) => void warnings.push(message);
  await build({
    root: cwd,
    configFile: false,
    logLevel: "warn",
    customLogger,
    ...(platform === "node" && { ssr: { noExternal: true } }),
    build: {
      outDir: "dist",
      ssr: platform === "node",
      modulePreload: false, // its helper needs a document
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY, // the suite's own vectors are over it
      rollupOptions: { input: join(cwd, "main.mjs"), output: { entryFileNames: "app.js" } },
    },
  });
  return { file: only(join(cwd, "dist")), warnings };
}

/** @param {string} cwd @param {Platform} platform @returns {Promise<Built>} */
async function buildWithWebpack(cwd, platform) {
  const { default: webpack } = await import("webpack");
  const stats = await new Promise((done, fail) => {
    const compiler = webpack({
      context: cwd,
      mode: "production",
      entry: "./main.mjs",
      target: platform === "node" ? "node20" : ["web", "es2022"],
      output: { path: join(cwd, "dist"), filename: "app.js" },
      performance: false, // the suite's own vectors are over its limit
    });
    compiler.run((error, result) => compiler.close(() => (error ? fail(error) : done(result))));
  });
  const { errors = [], warnings = [] } = stats.toJson({ all: false, errors: true, warnings: true });
  const messages = [...errors, ...warnings].map((/** @type {{message: string}} */ { message }) => message);
  return { file: only(join(cwd, "dist")), warnings: messages };
}

/** @param {string} cwd @param {Platform} platform @returns {Promise<Built>} */
async function buildWithEsbuild(cwd, platform) {
  const { build } = await import("esbuild");
  const { warnings } = await build({
    absWorkingDir: cwd,
    entryPoints: ["main.mjs"],
    outfile: "dist/app.js",
    bundle: true,
    minify: true,
    format: "esm",
    platform,
    logLevel: "silent",
  });
  return { file: only(join(cwd, "dist")), warnings: warnings.map(({ text }) => text) };
}

/** @param {string} cwd @param {Platform} platform @returns {Promise<Built>} */
async function buildWithRollup(cwd, platform) {
  const { rollup } = await import("rollup");
  const { nodeResolve } = await import("@rollup/plugin-node-resolve");
  /** @type {string[]} */
  const warnings = [];
  const built = await rollup({
    input: join(cwd, "main.mjs"),
    plugins: [nodeResolve({ browser: platform === "browser" })],
    onwarn: ({ message }) => void warnings.push(message),
  });
  await built.write({ file: join(cwd, "dist", "app.js"), format: "es" });
  await built.close();
  return { file: only(join(cwd, "dist")), warnings };
}

/** The one file that a bundler wrote. @param {string} folder */
function only(folder) {
  const files = readdirSync(folder);
  if (files.length !== 1) throw new Error(`one file was expected, there are ${files.join(", ")}`);
  return join(folder, files[0] ?? "");
}
