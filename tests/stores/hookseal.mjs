// The package as its users have it: from the tarball.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { project } from "../hosts/pack.mjs";

/** @type {Promise<string> | undefined} */
let folder;

/** @param {string} path under `hookseal/stores/` */
async function load(path) {
  const installed = await (folder ??= project("stores", {}));
  return import(pathToFileURL(join(installed, "node_modules", "hookseal", "stores", `${path}.js`)).href);
}

/** @returns {Promise<typeof import("hookseal/stores/conformance")>} */
export const loadConformance = () => load("conformance");
/** @returns {Promise<typeof import("hookseal/stores/memory")>} */
export const loadMemory = () => load("memory");
/** @returns {Promise<typeof import("hookseal/stores/redis")>} */
export const loadRedis = () => load("redis");
/** @returns {Promise<typeof import("hookseal/stores/postgres")>} */
export const loadPostgres = () => load("postgres");
