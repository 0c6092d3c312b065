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
  writeFileSync(join(PKG, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of ["README.md", "CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT"])
    copyFileSync(join(root, file), join(PKG, file));

  await commonJs(entries(manifest));
  await bundle();
}

/** The version lives in Cargo.toml alone. */
function crateVersion() {
  const version = /^version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1];
  if (!version) throw new Error("Cargo.toml has no version line");
  return version;
}

/**
 * The modules that the exports map names.
 * @param {{exports: Record<string, unknown>}} manifest
 */
function entries(manifest) {
  const names = Object.keys(manifest.exports).filter((path) => !path.endsWith(".json"));
  return names.map((path) => (path === "." ? "index" : path.slice(2)));
}

/**
 * For `require` on hosts without the `module-sync` condition (jest, older bundlers). One shared chunk, so that a class
 * is the same whichever entry it comes from.
 * @param {string[]} names
 */
async function commonJs(names) {
  const input = Object.fromEntries(names.map((name) => [name, join(PKG, `${name}.js`)]));
  const built = await rollup({ input, plugins: [inlineWasm()], onwarn: refuse });
  await built.write({
    dir: PKG,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "shared.cjs",
    manualChunks: (id) => (names.some((name) => id === input[name]) ? undefined : "shared"),
  });
  await built.close();
  for (const file of readdirSync(PKG).filter((name) => name.endsWith(".d.ts"))) {
    const types = readFileSync(join(PKG, file), "utf8").replaceAll(/(from "\.\/[\w.]+)\.js"/g, '$1.cjs"');
    writeFileSync(join(PKG, file.replace(/\.ts$/, ".cts")), types);
  }
}

/** For CDNs and `<script type="module">`: everything of `hookseal` in one file. */
async function bundle() {
  const built = await rollup({ input: join(PKG, "index.js"), plugins: [inlineWasm()], onwarn: refuse });
  await built.write({ file: join(PKG, "index.bundle.js"), format: "es" });
  await built.close();
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
