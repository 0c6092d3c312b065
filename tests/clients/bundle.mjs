// The suite as one file, whose only imports are those of the package.

import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** @type {Promise<string> | undefined} */
let text;

export function suiteText() {
  return (text ??= bundle());
}

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("suite.mjs", import.meta.url))],
    format: "esm",
    bundle: true,
    write: false,
    external: ["hookseal", "hookseal/*"],
    platform: "neutral",
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}
