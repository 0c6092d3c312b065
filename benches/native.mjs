// The Rust side: benches/native, built once.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { log, run } from "../scripts/lib/run.mjs";
import { BENCHES } from "./hosts/project.mjs";

export const NATIVE = join(BENCHES, "native");

/** Neither is a cross build, nor with another's flags. */
const ENV = { CARGO_BUILD_TARGET: undefined, CARGO_TARGET_DIR: undefined };

/** @param {...string} args */
export function cargo(...args) {
  if (!existsSync(join(NATIVE, "target")))
    log("building the peers of the crate (once, some minutes: svix brings its TLS)");
  return run("cargo", args, { cwd: NATIVE, env: ENV, quiet: true });
}
