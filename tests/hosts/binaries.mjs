// The pinned host binaries of this folder's node_modules. They are taken from the packages that npm chose for this
// platform, since install scripts, which would link them elsewhere, do not run.

import { join } from "node:path";
import { isExecutable } from "../../scripts/lib/run.mjs";
import { HERE } from "./pack.mjs";

const PLATFORM = `${process.platform}-${process.arch}`;

/**
 * @param {...string} paths under node_modules; the first one that is there
 * @returns {string | undefined}
 */
function find(...paths) {
  return paths.map((path) => join(HERE, "node_modules", path)).find(isExecutable);
}

/** @param {"22" | "24" | "current"} version */
export const node = (version) => find(`node${version}-${PLATFORM}/bin/node`);

export const deno = () => find(`@deno/${PLATFORM}-glibc/deno`, `@deno/${PLATFORM}/deno`);

export const bun = () => find(`@oven/bun-${PLATFORM.replace("arm64", "aarch64")}/bin/bun`);

/** Why a host is not there. */
export const NO_BINARY = `npm has no binary of it for ${PLATFORM}`;
