// A folder with the packed package, its contenders, and the programs that run in the hosts.

import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureNodeModules } from "../../scripts/setup/npm.mjs";
import { HERE, project } from "../../tests/hosts/pack.mjs";

export const BENCHES = fileURLToPath(new URL("..", import.meta.url));

/** @type {Promise<string> | undefined} */
let folder;

/** @returns {Promise<string>} */
export function benchProject() {
  return (folder ??= (async () => {
    await ensureNodeModules(BENCHES);
    await ensureNodeModules(HERE);
    const cwd = await project("bench", { "package.json": '{ "type": "module" }\n' });
    cpSync(join(BENCHES, "programs"), cwd, { recursive: true });
    for (const name of contenders()) {
      const link = join(cwd, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(BENCHES, "node_modules", name), link, "dir");
    }
    return cwd;
  })());
}

function contenders() {
  const { dependencies } = createRequire(import.meta.url)(join(BENCHES, "package.json"));
  return Object.keys(dependencies);
}

/**
 * A program and all that it imports, as one module.
 * @param {string} program
 * @param {string[]} [conditions] as the host's bundler reads the package with
 * @returns {Promise<{script: string, wasm: string[]}>} wasm: the files that it imports, by name
 */
export async function bundled(program, conditions = []) {
  const { build } = await import("esbuild");
  /** @type {string[]} */
  const wasm = [];
  const { outputFiles } = await build({
    absWorkingDir: await benchProject(),
    entryPoints: [program],
    bundle: true,
    minify: true,
    format: "esm",
    conditions,
    write: false,
    logLevel: "warning",
    plugins: [
      {
        name: "wasm",
        setup: ({ onResolve }) =>
          onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => {
            const file = path.replace("?module", "");
            wasm.push(file.replace("./", ""));
            return { path: file, external: true };
          }),
      },
    ],
  });
  return { script: outputFiles[0]?.text ?? "", wasm };
}

/** A package of the tests' hosts. @type {(name: string) => any} */
export const hostPackage = createRequire(join(HERE, "index.mjs"));

export { HERE as HOSTS };
