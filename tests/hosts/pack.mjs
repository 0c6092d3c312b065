// The package as its users get it: packed, and installed by npm into folders that know nothing of the repository.

import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root, run } from "../../scripts/lib/run.mjs";

/** Where the hosts and bundlers are installed. */
export const HERE = fileURLToPath(new URL(".", import.meta.url));

const NPM = process.platform === "win32" ? "npm.cmd" : "npm";

/** @type {string[]} */
const folders = [];

function removeFolders() {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * A new folder that is gone when this process ends.
 * @param {string} name
 * @param {string} [parent]
 */
export function tempFolder(name, parent = tmpdir()) {
  if (folders.length === 0) cleanUpAtExit();
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, `hookseal-${name}-`));
  folders.push(folder);
  return folder;
}

let registered = false;

function cleanUpAtExit() {
  if (registered) return;
  registered = true;
  process.on("exit", removeFolders);
  for (const [signal, code] of /** @type {const} */ ([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ])) {
    // Not `once`, which would look to run() as if nobody else ended this process; and later, since its listener, which
    // ends the child processes, comes after this one.
    process.on(signal, () => setImmediate(() => process.exit(code)));
  }
}

/** @type {Promise<string> | undefined} */
let tarball;

/** The tarball of pkg/, packed once. */
export function packed() {
  return (tarball ??= pack());
}

async function pack() {
  const pkg = join(root, "pkg");
  if (!existsSync(join(pkg, "package.json"))) throw new Error("pkg/ is missing: run npm run build");
  const into = tempFolder("pack");
  const { stdout } = await run(NPM, ["pack", "--json", "--ignore-scripts", "--pack-destination", into], {
    cwd: pkg,
    quiet: true,
  });
  const answer = JSON.parse(stdout);
  // npm 12 answers with an object by package name, before it was a list.
  const [{ filename }] = Array.isArray(answer) ? answer : Object.values(answer);
  return join(into, filename);
}

/** @type {Promise<string> | undefined} */
let installed;

/** A folder whose node_modules holds the tarball, and nothing else. */
function install() {
  return (installed ??= (async () => {
    const folder = tempFolder("install");
    writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
    const tgz = await packed();
    await run(NPM, ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", tgz], {
      cwd: folder,
      quiet: true,
    });
    return folder;
  })());
}

/**
 * A fresh project with the package installed.
 * @param {string} name
 * @param {Record<string, string | Uint8Array>} files by path; `package.json` gets a default
 * @param {{tools?: boolean}} [options] tools: under this folder, so that its node_modules are found, too
 * @returns {Promise<string>} its folder
 */
export async function project(name, files, { tools } = {}) {
  // A folder named target is ignored by git.
  const folder = tempFolder(name, tools ? join(HERE, "target") : undefined);
  cpSync(join(await install(), "node_modules"), join(folder, "node_modules"), { recursive: true });
  const manifest = { "package.json": `${JSON.stringify({ name, private: true })}\n` };
  writeFiles(folder, { ...manifest, ...files });
  return folder;
}

/**
 * @param {string} folder
 * @param {Record<string, string | Uint8Array>} files
 */
export function writeFiles(folder, files) {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
