// The types as users compile against them: the files of types/, in each way in which a project can resolve the package,
// strictly, without the DOM's types, and with the package's own declarations checked.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root, run } from "../scripts/lib/run.mjs";
import { ensureNodeModules } from "../scripts/setup/npm.mjs";
import { project } from "./hosts/pack.mjs";

const SOURCE = join(root, "tests", "types");

const COMMON = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2022",
  types: [],
};
/** The stores, with the clients of stores/, whose own declarations are not this package's to check. */
const CLIENTS = ["@cloudflare", "@types", "ioredis", "ioredis-5", "pg", "redis", "redis-4", "redis-5"];

const DISPOSABLE = ["es2022", "esnext.disposable"];

/** @type {[name: string, type: "module" | "commonjs", options: Record<string, unknown>, files?: string[]][]} */
const PROJECTS = [
  ["nodenext, an ES module", "module", { module: "nodenext", lib: DISPOSABLE }],
  ["nodenext, CommonJS", "commonjs", { module: "nodenext", lib: DISPOSABLE }],
  ["node16, an ES module", "module", { module: "node16", lib: DISPOSABLE }],
  ["node16, CommonJS", "commonjs", { module: "node16", lib: DISPOSABLE }],
  ["bundler", "module", { module: "esnext", moduleResolution: "bundler", lib: DISPOSABLE }],
  [
    "bundler, for workerd",
    "module",
    { module: "esnext", moduleResolution: "bundler", customConditions: ["workerd"], lib: DISPOSABLE },
  ],
  [
    "bundler, with the DOM",
    "module",
    { module: "esnext", moduleResolution: "bundler", lib: [...DISPOSABLE, "dom", "dom.iterable"] },
  ],
  [
    "nodenext, without explicit resource management",
    "module",
    { module: "nodenext", lib: ["es2022"] },
    ["usage.ts", "misuse.ts"],
  ],
];

/** With the frameworks' own types, and with those of Workers. @type {[name: string, file: string, lib: string[]][]} */
const HOSTS = [
  ["the receiver in Node's frameworks", "receiver.ts", ["es2022"]],
  ["the receiver in Node's frameworks, with the DOM", "receiver.ts", ["es2022", "dom", "dom.iterable"]],
  ["the receiver as a Worker", "worker.ts", ["es2022"]],
];

for (const [name, file, lib] of HOSTS) {
  test(name, async () => {
    const frameworks = join(root, "tests", "receiver");
    await ensureNodeModules(frameworks);
    const sources = [file, "equal.ts"].map((one) => [one, readFileSync(join(SOURCE, one), "utf8")]);
    // The frameworks' own declarations are not ours to check.
    const options = { ...COMMON, module: "nodenext", lib, skipLibCheck: true, esModuleInterop: true };
    const types = file === "worker.ts" ? [] : ["node"];
    const paths = { "express-4": ["./node_modules/@types/express-4"] };
    const cwd = await project("types", {
      ...Object.fromEntries(sources),
      "package.json": JSON.stringify({ private: true, type: "module" }),
      "tsconfig.json": JSON.stringify({ compilerOptions: { ...options, types, paths }, files: [file] }),
    });
    for (const entry of readdirSync(join(frameworks, "node_modules")).filter((one) => !one.startsWith("."))) {
      symlinkSync(join(frameworks, "node_modules", entry), join(cwd, "node_modules", entry), "junction");
    }
    await compiles(cwd);
  });
}

for (const [name, type, options, files = ["usage.ts", "misuse.ts", "using.ts"]] of PROJECTS) {
  test(name, async () => {
    const sources = readdirSync(SOURCE).map((file) => [file, readFileSync(join(SOURCE, file), "utf8")]);
    const cwd = await project("types", {
      ...Object.fromEntries(sources),
      "package.json": JSON.stringify({ private: true, type }),
      "tsconfig.json": JSON.stringify({ compilerOptions: { ...COMMON, ...options }, files }),
    });
    await compiles(cwd);
  });
}

test("the stores, with their clients", async () => {
  const clients = join(root, "tests", "stores");
  await ensureNodeModules(clients);
  const options = { module: "nodenext", lib: DISPOSABLE, types: ["node"], skipLibCheck: true };
  const cwd = await project("types-stores", {
    ...Object.fromEntries(["equal.ts", "stores.ts"].map((file) => [file, readFileSync(join(SOURCE, file), "utf8")])),
    "package.json": JSON.stringify({ private: true, type: "module" }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...COMMON, ...options }, files: ["stores.ts"] }),
  });
  for (const name of CLIENTS) symlinkSync(join(clients, "node_modules", name), join(cwd, "node_modules", name));
  await compiles(cwd);
});

/** @param {string} cwd */
async function compiles(cwd) {
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const { code, stdout } = await run(process.execPath, [tsc, "--pretty", "false"], {
    cwd,
    quiet: true,
    allowFail: true,
  });
  assert.equal(stdout, "");
  assert.equal(code, 0);
}
