// `npm run bench`: builds, then measures.

import { join } from "node:path";
import { build } from "./build.mjs";
import { root, run } from "./lib/run.mjs";

await build();
await run(process.execPath, [join(root, "benches", "verify.mjs")]);
