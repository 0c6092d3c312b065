// pkg/: the TypeScript of pkg-template/ as ES modules, CommonJS and one self-contained file, with types for each.

import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rollup } from "rollup";
import { log, root, run } from "../lib/run.mjs";
import { encode } from "./encode.mjs";

const SOURCE = join(root, "pkg-template");
export const PKG = join(root, "pkg");

/**
 * @param {Record<"core" | "sdk", Uint8Array>} artifacts the bytes of core.wasm and sdk.wasm
 */
export async function buildPackage(artifacts) {
  log("assembling pkg/");
  rmSync(PKG, { recursive: true, force: true });
  mkdirSync(PKG);
  for (const [name, bytes] of Object.entries(artifacts)) {
    writeFileSync(join(PKG, `${name}.wasm`), bytes);
    writeFileSync(join(PKG, `${name}.bytes.js`), `export const bytes =\n  ${JSON.stringify(encode(bytes))};\n`);
  }
  await run(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", SOURCE]);

  const manifest = JSON.parse(readFileSync(join(SOURCE, "package.json"), "utf8"));
  manifest.version = crateVersion();
  const names = entries(manifest);
  for (const path of Object.keys(names)) manifest.exports[path] = conditions(names[path] ?? "");
  writeFileSync(join(PKG, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"])
    copyFileSync(join(root, file), join(PKG, file));

  await commonJs(Object.values(names));
  await bundle();
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
 * whether by `import` or `require`; `module-sync` says the same to Node, so that both give one instance.
 * @param {string} name
 */
function conditions(name) {
  const module = { types: `./${name}.d.ts`, default: `./${name}.js` };
  const hosts = ["workerd", "edge-light", "bun", "module-sync", "import"].map((host) => [host, module]);
  return Object.fromEntries([...hosts, ["require", { types: `./${name}.d.cts`, default: `./${name}.cjs` }]]);
}

/**
 * For `require` on hosts without the `module-sync` condition (jest, older bundlers). One shared chunk, so that a class
 * is the same whichever entry it comes from.
 * @param {string[]} names
 */
async function commonJs(names) {
  const input = Object.fromEntries(names.map((name) => [name, `entry:${name}`]));
  const built = await rollup({ input, plugins: [inlineWasm(), facades()], onwarn: refuse });
  await built.write({
    dir: PKG,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "shared.cjs",
    manualChunks: (id) => (id.startsWith("\0") ? undefined : "shared"),
  });
  await built.close();
  for (const file of readdirSync(PKG, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".d.ts"))) {
    const types = readFileSync(join(PKG, file), "utf8").replaceAll(/(from "\.{1,2}\/[\w./-]+)\.js"/g, '$1.cjs"');
    writeFileSync(join(PKG, file.replace(/\.ts$/, ".cts")), types);
  }
}

/** For CDNs and `<script type="module">`: everything of `hookseal` in one file. */
async function bundle() {
  const built = await rollup({ input: join(PKG, "index.js"), plugins: [inlineWasm()], onwarn: refuse });
  await built.write({ file: join(PKG, "index.bundle.js"), format: "es" });
  await built.close();
}

/** `entry:x` only exports what x.js does, so that x.js itself, which other entries import too, can be in the shared chunk. */
function facades() {
  const prefix = /^\0?entry:/;
  return {
    name: "facades",
    /** @param {string} id */
    resolveId: (id) => (prefix.test(id) ? `\0${id}` : null),
    /** @param {string} id */
    load: (id) =>
      prefix.test(id) ? `export * from ${JSON.stringify(join(PKG, `${id.replace(prefix, "")}.js`))};` : null,
  };
}

/** Resolves `#wasm` and `#sdk` as the `imports` map does by default. */
function inlineWasm() {
  return {
    name: "inline-wasm",
    /** @param {string} source */
    resolveId: (source) => (/^#(wasm|sdk)$/.test(source) ? join(PKG, `${source.slice(1)}.inline.js`) : null),
  };
}

/** @param {{message: string}} warning */
function refuse(warning) {
  throw new Error(`rollup: ${warning.message}`);
}
