// What an import costs an app, in bytes, from the packed tarball; and what the wasm's bytes are spent on.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { project } from "../tests/hosts/pack.mjs";
import { root } from "./lib/run.mjs";
import { ensureNodeModules } from "./setup/npm.mjs";
import { wasmParts } from "./size/wasm.mjs";

const KB = 1024;

/** An app for each entry that has a budget. */
const APPS = {
  hookseal: `import { Webhook } from "hookseal";
export default (secret, body, headers) => new Webhook(secret).verify(body, headers);
`,
  "hookseal/reducto": `import { Reducto, ReductoWebhook } from "hookseal/reducto";
export const verify = (secret, body, headers) => new ReductoWebhook(secret).verify(body, headers);
export const reducto = new Reducto();
`,
};

/** Others, by their folder in benches/node_modules, doing what the first app does. */
const PEERS = { standardwebhooks: "standardwebhooks", "svix 1.99": "svix", "svix 2.5": "svix-latest" };

/**
 * What each form of an entry may cost, gzipped: more fails the test.
 * @type {{entry: keyof typeof APPS, form: Form, limit: number}[]}
 */
export const BUDGETS = [
  { entry: "hookseal", form: "inlined", limit: 9 * KB },
  { entry: "hookseal", form: "workerd", limit: 8 * KB },
  { entry: "hookseal/reducto", form: "inlined", limit: 23 * KB },
  { entry: "hookseal/reducto", form: "workerd", limit: 22.5 * KB },
];

/** @typedef {"inlined" | "workerd"} Form */

/**
 * @typedef {object} Size
 * @property {number} js minified
 * @property {number} wasm 0 where it is in the JavaScript
 * @property {number} gzip of all files, each at level 9
 * @property {string[]} modules those of the package that the app got something of
 */

/** Everything that has a budget. @returns {Promise<(Size & typeof BUDGETS[number])[]>} */
export async function sizes() {
  const files = Object.entries(APPS).map(([entry, app]) => [fileOf(entry), app]);
  const cwd = await project("size", Object.fromEntries(files));
  const measured = [];
  for (const budget of BUDGETS) measured.push({ ...budget, ...(await size(cwd, fileOf(budget.entry), budget.form)) });
  return measured;
}

/** Those that hookseal is compared with; they have one form. @returns {Promise<(Size & {name: string})[]>} */
export async function peerSizes() {
  const cwd = join(root, "benches");
  await ensureNodeModules(cwd);
  const measured = [];
  for (const [name, folder] of Object.entries(PEERS)) {
    const app = APPS.hookseal.replace('"hookseal"', `"${folder}"`);
    measured.push({ name, ...(await size(cwd, { contents: app, resolveDir: cwd }, "inlined")) });
  }
  return measured;
}

/** The wasm files of the package. */
export async function artifacts() {
  const cwd = await project("size", {});
  return ["core.wasm", "sdk.wasm"].map((name) => {
    const bytes = readFileSync(join(cwd, "node_modules", "hookseal", name));
    return { name, bytes: bytes.length, gzip: gzipped(bytes), ...wasmParts(bytes) };
  });
}

/** @param {string} entry */
const fileOf = (entry) => `${entry.replace("/", "-")}.mjs`;

/**
 * @param {string} cwd
 * @param {string | import("esbuild").StdinOptions} app a file, or its text
 * @param {Form} form
 * @returns {Promise<Size>}
 */
async function size(cwd, app, form) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: cwd,
    ...(typeof app === "string" ? { entryPoints: [app] } : { stdin: app }),
    bundle: true,
    minify: true,
    format: "esm",
    conditions: form === "workerd" ? ["workerd"] : [],
    external: ["*.wasm?module"],
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const js = outputFiles[0]?.contents ?? new Uint8Array();
  const [output] = Object.values(metafile.outputs);
  const wasm = (output?.imports ?? []).flatMap(({ path }) => {
    const name = /([^/]+\.wasm)\?module$/.exec(path)?.[1];
    return name ? [readFileSync(join(cwd, "node_modules", "hookseal", name))] : [];
  });
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    js: js.length,
    wasm: wasm.reduce((sum, { length }) => sum + length, 0),
    gzip: [js, ...wasm].reduce((sum, file) => sum + gzipped(file), 0),
    modules: inputs.flatMap(([path]) => /node_modules\/hookseal\/(.+)$/.exec(path)?.[1] ?? []).sort(),
  };
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
  console.log("What an import costs: bytes");
  const measured = await sizes();
  const peers = await peerSizes();
  table([
    ["import", "form", "js", "wasm", "gzip -9", "limit"],
    ...measured.map(({ entry, form, js, wasm, gzip, limit }) => [entry, form, js, wasm, gzip, limit]),
    ...peers.map(({ name, js, wasm, gzip }) => [name, "", js, wasm, gzip, ""]),
  ]);
  for (const { name, bytes, gzip, sections, functions } of await artifacts()) {
    console.log(`${name}: ${bytes} bytes, ${gzip} gzipped`);
    table([["section", "bytes"], ...sections.map((part) => [part.name, part.bytes])]);
    table([["largest functions", "bytes"], ...functions.slice(0, 12).map((part) => [part.name, part.bytes])]);
  }
  if (measured.some(({ gzip, limit }) => gzip > limit)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
