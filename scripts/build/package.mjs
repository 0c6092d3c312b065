// pkg/: the TypeScript of pkg-template/ as ES modules, CommonJS and one self-contained file, with types for each.

import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { log, root, run } from "../lib/run.mjs";
import { encode } from "./encode.mjs";
import { bundle, commonJs, forNode } from "./modules.mjs";

const SOURCE = join(root, "pkg-template");
export const PKG = join(root, "pkg");
/** Where tsc writes (tsconfig.json says so, too). */
const MODULES = join(root, "target", "modules");

/**
 * @param {Record<"core" | "sdk", Uint8Array>} artifacts the bytes of core.wasm and sdk.wasm
 */
export async function buildPackage(artifacts) {
  log("assembling pkg/");
  for (const folder of [PKG, MODULES]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(MODULES, "node"), { recursive: true });
  for (const [name, bytes] of Object.entries(artifacts)) {
    writeText(`${name}.bytes.js`, encode(bytes));
    writeText(join("node", `${name}.base64.js`), Buffer.from(bytes).toString("base64"));
  }
  await run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", SOURCE]);

  // All but what node/ is made of.
  cpSync(MODULES, PKG, { recursive: true, filter: (path) => path !== join(MODULES, "node") });
  for (const [name, bytes] of Object.entries(artifacts)) writeFileSync(join(PKG, `${name}.wasm`), bytes);
  commonJsTypes();
  const manifest = JSON.parse(readFileSync(join(SOURCE, "package.json"), "utf8"));
  const names = entries(manifest);
  await forNode(MODULES, join(PKG, "node"), Object.values(names));
  await commonJs(MODULES, PKG, Object.values(names));
  await bundle(MODULES, PKG);

  manifest.version = crateVersion();
  for (const [path, name] of Object.entries(names)) manifest.exports[path] = conditions(name);
  writeFileSync(join(PKG, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"])
    copyFileSync(join(root, file), join(PKG, file));
}

/** @param {string} file @param {string} bytes as text */
function writeText(file, bytes) {
  writeFileSync(join(MODULES, file), `export const bytes =\n  ${JSON.stringify(bytes)};\n`);
}

/** The types under `require`: the same, of modules that are called otherwise. */
function commonJsTypes() {
  for (const file of readdirSync(PKG, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".d.ts"))) {
    const types = readFileSync(join(PKG, file), "utf8").replaceAll(/(from "\.{1,2}\/[\w./-]+)\.js"/g, '$1.cjs"');
    writeFileSync(join(PKG, file.replace(/\.ts$/, ".cts")), types);
  }
}

/** The version lives in Cargo.toml alone. */
function crateVersion() {
  const version = /^version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1];
  if (!version) throw new Error("Cargo.toml has no version line");
  return version;
}

/**
 * The template's exports map has a module for each path: path to module name.
 * @param {{exports: Record<string, string>}} manifest
 * @returns {Record<string, string>}
 */
function entries(manifest) {
  const modules = Object.entries(manifest.exports).filter(([path]) => !path.endsWith(".json"));
  return Object.fromEntries(modules.map(([path, file]) => [path, file.replace(/^\.\/|\.js$/g, "")]));
}

/**
 * What each host reads of a module. The edge platforms and Bun come first because their files must be the ES modules,
 * whether by `import` or `require`; `module-sync` says the same to Node, so that both give one instance. `module` is what
 * bundlers know: those that build for Node know `node`, too, but leave out more of small modules. Within `node` the
 * CommonJS file has its place again, since whoever knows that condition reads no further.
 * @param {string} name
 */
function conditions(name) {
  const types = `./${name}.d.ts`;
  const module = { types, default: `./${name}.js` };
  const node = { types, default: `./node/${name}.js` };
  const commonJs = { types: `./${name}.d.cts`, default: `./${name}.cjs` };
  return {
    workerd: module,
    "edge-light": module,
    bun: module,
    module,
    node: { "module-sync": node, import: node, require: commonJs },
    "module-sync": module,
    import: module,
    require: commonJs,
  };
}
