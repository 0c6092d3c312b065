// What `import { Webhook } from "hookseal"` costs an app, in bytes, from the packed tarball.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { project } from "../tests/hosts/pack.mjs";
import { wasmParts } from "./size/wasm.mjs";

/** What each form may cost, gzipped. */
export const BUDGET = 16 * 1024;

const APP = `import { Webhook } from "hookseal";
export default (secret, body, headers) => new Webhook(secret).verify(body, headers);
`;

/**
 * @typedef {object} Size
 * @property {string} form
 * @property {number} js minified
 * @property {number} wasm 0 where it is in the JavaScript
 * @property {number} gzip of both, each at level 9
 * @property {string[]} modules those of the package that the app got something of
 */

/** @returns {Promise<Size[]>} */
export async function sizes() {
  const cwd = await project("size", { "app.mjs": APP });
  return [await size(cwd, "inlined", []), await size(cwd, "workerd", ["workerd"])];
}

/**
 * @param {string} cwd
 * @param {string} form
 * @param {string[]} conditions
 * @returns {Promise<Size>}
 */
async function size(cwd, form, conditions) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: cwd,
    entryPoints: ["app.mjs"],
    bundle: true,
    minify: true,
    format: "esm",
    conditions,
    external: ["*.wasm?module"],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const js = outputFiles[0]?.contents ?? new Uint8Array();
  const [output] = Object.values(metafile.outputs);
  const wasm = output?.imports.some(({ path }) => path.endsWith(".wasm?module"))
    ? readFileSync(coreOf(cwd))
    : new Uint8Array();
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    form,
    js: js.length,
    wasm: wasm.length,
    gzip: gzipped(js) + (wasm.length > 0 ? gzipped(wasm) : 0),
    modules: inputs.flatMap(([path]) => /node_modules\/hookseal\/(.+)$/.exec(path)?.[1] ?? []).sort(),
  };
}

/** @param {string} cwd */
function coreOf(cwd) {
  return join(cwd, "node_modules", "hookseal", "core.wasm");
}

/** @param {Uint8Array} bytes */
function gzipped(bytes) {
  return gzipSync(bytes, { level: 9 }).length;
}

/** @param {(string | number)[][]} rows the first is the head */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      typeof cell === "number" ? String(cell).padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    console.log(`  ${cells.join("  ")}`.trimEnd());
  }
  console.log();
}

async function main() {
  console.log(`import { Webhook } from "hookseal": bytes (budget: ${BUDGET} gzipped)`);
  const measured = await sizes();
  table([["form", "js", "wasm", "gzip -9"], ...measured.map(({ form, js, wasm, gzip }) => [form, js, wasm, gzip])]);

  const core = readFileSync(coreOf(await project("size", {})));
  const { sections, functions } = wasmParts(core);
  console.log(`core.wasm: ${core.length} bytes, ${gzipped(core)} gzipped`);
  table([["section", "bytes"], ...sections.map(({ name, bytes }) => [name, bytes])]);
  table([["largest functions", "bytes"], ...functions.slice(0, 12).map(({ name, bytes }) => [name, bytes])]);
  if (measured.some(({ gzip }) => gzip > BUDGET)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
