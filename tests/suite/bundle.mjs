// Makes one file of the suite, which any host can load. `hookseal` stays an import: the host resolves it.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * Writes the suite to a file that exports `runSuite`.
 * @param {string} outfile
 * @param {{format?: "esm" | "cjs"}} [options]
 */
export async function bundleSuite(outfile, { format = "esm" } = {}) {
  await build({
    entryPoints: [fileURLToPath(new URL("suite.mjs", import.meta.url))],
    outfile,
    format,
    bundle: true,
    external: ["hookseal", "hookseal/*"],
    // As text, for JSON.parse to read: as an object literal `__proto__` would set the prototype.
    loader: { ".json": "text" },
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
  });
}
