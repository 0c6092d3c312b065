// Renders what is generated from Rust into the tree: pkg-template/reasons.ts (see src/table.rs).
import { run } from "./lib/run.mjs";

await run("cargo", ["test", "--quiet", "--lib", "table"], { env: { HOOKSEAL_GENERATE: "1" } });
