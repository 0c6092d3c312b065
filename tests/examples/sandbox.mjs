// A copy of an example in a temporary folder, installed as its user would: hookseal from the tarball, the other packages
// from tests/examples/node_modules, and no others, so that an import of a package it does not declare fails.

import { copyFileSync, cpSync, existsSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../scripts/lib/run.mjs";
import { packed, tempFolder } from "../hosts/pack.mjs";

const HERE = join(root, "tests", "examples");
/** What a build or a try in the source folder leaves behind. */
const LEFT_BEHIND = new Set(["node_modules", "dist", ".next", ".wrangler", "next-env.d.ts", ".dev.vars", ".env.local"]);

/**
 * @param {string} name the folder in examples/
 * @returns {Promise<string>} the copy, which is gone when this process ends
 */
export async function makeSandbox(name) {
  const folder = tempFolder(`example-${name}`);
  const source = join(root, "examples", name);
  for (const entry of readdirSync(source)) {
    if (!LEFT_BEHIND.has(entry)) cpSync(join(source, entry), join(folder, entry), { recursive: true });
  }
  const hookseal = join(folder, "node_modules", "hookseal");
  mkdirSync(hookseal, { recursive: true });
  await run("tar", ["-xzf", await packed(), "-C", hookseal, "--strip-components=1"], { quiet: true });

  const manifest = join(folder, "package.json");
  if (existsSync(manifest)) install(JSON.parse(readFileSync(manifest, "utf8")), folder);
  return folder;
}

/** @typedef {Record<string, string> | undefined} Versions */
/** @typedef {{dependencies?: Versions, devDependencies?: Versions, optionalDependencies?: Versions, peerDependencies?: Versions}} Needs */

/**
 * @param {Needs} manifest
 * @param {string} folder
 */
function install(manifest, folder) {
  /** @type {{packages: Record<string, Needs & {version: string}>}} */
  const { packages } = JSON.parse(readFileSync(join(HERE, "package-lock.json"), "utf8"));
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    const locked = packages[`node_modules/${name}`]?.version;
    if (name !== "hookseal" && locked !== version) {
      throw new Error(`the example needs ${name} ${version}, tests/examples has ${locked ?? "none"}`);
    }
  }
  /** @type {Set<string>} */
  const done = new Set();
  const add = (/** @type {Needs} */ needs, /** @type {string} */ from) => {
    const { dependencies, devDependencies, optionalDependencies, peerDependencies } = needs;
    const wanted = {
      ...dependencies,
      ...(from === "" && devDependencies),
      ...optionalDependencies,
      ...peerDependencies,
    };
    for (const name of Object.keys(wanted)) {
      const path = locate(packages, from, name);
      if (path === undefined || done.has(path) || !existsSync(join(HERE, path))) continue; // hookseal, or for another system
      done.add(path);
      linkTree(join(HERE, path), join(folder, path));
      add(packages[path] ?? {}, path);
    }
  };
  add(manifest, "");
}

/**
 * Where a package finds another, as Node looks for it.
 * @param {Record<string, unknown>} packages
 * @param {string} from
 * @param {string} name
 */
function locate(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    const path = `${at === "" ? "" : `${at}/`}node_modules/${name}`;
    if (packages[path]) return path;
    if (at === "") return undefined;
  }
}

/**
 * Hard links cost no space and no time; bundlers treat symbolic ones as files outside of the project.
 * @param {string} source
 * @param {string} target
 * @param {boolean} [nested] below a package's own folder, where `node_modules` holds other packages
 */
function linkTree(source, target, nested = false) {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isFile()) link(from, to);
    else if (entry.isDirectory() && (nested || entry.name !== "node_modules")) linkTree(from, to, true);
  }
}

/** @param {string} from @param {string} to */
function link(from, to) {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to); // the temporary folder is on another disk
  }
}
