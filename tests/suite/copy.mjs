// A copy of the package, as modules of its own; and one in which bodies from another length on are hashed by the host.

import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/lib/run.mjs";

/** The shortest body that the host's own SHA-256 is to hash. @typedef {"0" | "1024" | "Infinity"} NativeFrom */

/**
 * @param {string} to
 * @param {NativeFrom} [nativeFrom] default: as it is
 * @param {string} [pkg]
 */
export async function copyPackage(to, nativeFrom, pkg = join(root, "pkg")) {
  await cp(pkg, to, { recursive: true });
  if (nativeFrom === undefined) return;
  // In node/ it is one of several modules in the file, and exported at its end.
  for (const name of ["native.js", join("node", "shared.js")]) {
    const file = join(to, name);
    const text = await readFile(file, "utf8");
    const changed = text.replace(/^((?:export )?const NATIVE_FROM) = [^;]+;$/m, `$1 = ${nativeFrom};`);
    if (changed === text) throw new Error(`${name} has no NATIVE_FROM to change`);
    await writeFile(file, changed);
  }
}
