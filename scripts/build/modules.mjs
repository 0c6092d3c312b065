// What tsc made of pkg-template/, put together by Rollup: for Node, for `require`, and for CDNs.

import { join } from "node:path";
import { rollup } from "rollup";

/** @typedef {import("rollup").OutputOptions} OutputOptions */
/** @typedef {import("rollup").Plugin} Plugin */

/**
 * The files that entries share on Node, and the modules in them; one that is in none is part of the only entry that needs it.
 * @type {[file: string, modules: RegExp][]}
 */
const SHARED = [
  ["client", /^(client(\.errors|\.reasons)?|sdk|node\/sdk.*)$/],
  ["receiver.shared", /^receiver\.(answers|body|errors)$/],
  ["receiver.node", /^receiver\.node$/],
  ["stores/digest", /^stores\/digest$/],
  ["shared", /^(?!client|receiver|stores)/],
];

/**
 * For Node, where each file that is loaded takes a millisecond or more, whatever is in it: as few as can be, with the bytes of
 * the artifacts in those that need them. Everyone else reads one module a subject, of which bundlers leave out most.
 * @param {string} from the folder of the modules
 * @param {string} to
 * @param {string[]} names of the entries
 */
export async function forNode(from, to, names) {
  await write(entriesOf(from, names), [resolveWasm(from, (name) => `node/${name}.js`)], {
    dir: to,
    chunkFileNames: "[name].js",
    manualChunks(id, { getModuleInfo }) {
      if (getModuleInfo(id)?.isEntry) return undefined;
      const module = id.slice(from.length + 1, -".js".length).replaceAll("\\", "/");
      return SHARED.find(([, modules]) => modules.test(module))?.[0];
    },
  });
}

/**
 * For `require` on hosts without the `module-sync` condition (jest, older bundlers). One shared chunk, so that a class
 * is the same whichever entry it comes from.
 * @param {string} from
 * @param {string} to
 * @param {string[]} names
 */
export async function commonJs(from, to, names) {
  const entries = Object.fromEntries(names.map((name) => [name, `entry:${name}`]));
  await write(entries, [resolveWasm(from, inlined), facades(from)], {
    dir: to,
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "shared.cjs",
    manualChunks: (id) => (id.startsWith("\0") ? undefined : "shared"),
  });
}

/**
 * For CDNs and `<script type="module">`: everything of `hookseal` in one file.
 * @param {string} from
 * @param {string} to
 */
export async function bundle(from, to) {
  await write(entriesOf(from, ["index"]), [resolveWasm(from, inlined)], {
    dir: to,
    entryFileNames: "[name].bundle.js",
  });
}

/** @param {string} from @param {string[]} names */
const entriesOf = (from, names) => Object.fromEntries(names.map((name) => [name, join(from, `${name}.js`)]));

/**
 * @param {Record<string, string>} input
 * @param {Plugin[]} plugins
 * @param {OutputOptions} output
 */
async function write(input, plugins, output) {
  // No module has side effects, as the manifest says: so no import is left of which nothing is used.
  const built = await rollup({ input, plugins, treeshake: { moduleSideEffects: false }, onwarn: refuse });
  await built.write({ format: "es", minifyInternalExports: false, hoistTransitiveImports: false, ...output });
  await built.close();
}

/**
 * `entry:x` only exports what x.js does, so that x.js itself, which other entries import too, can be in the shared chunk.
 * @param {string} from
 * @returns {Plugin}
 */
function facades(from) {
  const prefix = /^\0?entry:/;
  return {
    name: "facades",
    resolveId: (id) => (prefix.test(id) ? `\0${id}` : null),
    load: (id) =>
      prefix.test(id) ? `export * from ${JSON.stringify(join(from, `${id.replace(prefix, "")}.js`))};` : null,
  };
}

/**
 * Resolves `#wasm` and `#sdk`, and `#native` as the `imports` map does by default.
 * @param {string} from
 * @param {(name: string) => string} file
 * @returns {Plugin}
 */
function resolveWasm(from, file) {
  return {
    name: "resolve-wasm",
    resolveId(source) {
      const [, name] = /^#(\w+)$/.exec(source) ?? [];
      if (name === undefined) return null;
      return join(from, name === "native" ? "native.js" : file(name));
    },
  };
}

/** As the `imports` map does by default. @param {string} name */
const inlined = (name) => `${name}.inline.js`;

/** @param {{message: string}} warning */
function refuse(warning) {
  throw new Error(`rollup: ${warning.message}`);
}
