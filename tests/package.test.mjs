// The tarball: what is in it, what its manifest says, what it exports, what it must not contain, and what it costs.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { before, test } from "node:test";
import { transform } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { root, run } from "../scripts/lib/run.mjs";
import { sizes } from "../scripts/size.mjs";
import { packed, project } from "./hosts/pack.mjs";

/** Every file that is published. One that is missing here was not meant to be. */
const FILES = [
  "CHANGELOG.md",
  "LICENSE-APACHE",
  "LICENSE-MIT",
  "README.md",
  "core.bytes.js",
  "core.wasm",
  "sdk.bytes.js",
  "sdk.wasm",
  "index.bundle.js",
  "index.cjs",
  "package.json",
  "shared.cjs",
  // Of every entry but index.
  ...[
    "express",
    "fastify",
    "receiver",
    "reducto",
    "scaikey",
    "stores/conformance",
    "stores/deno-kv",
    "stores/durable-object",
    "stores/memory",
    "stores/postgres",
    "stores/redis",
  ].flatMap((name) => [`${name}.cjs`, `node/${name}.js`]),
  // What Node reads: index, and what the entries share.
  ...["client", "index", "receiver.node", "receiver.shared", "shared", "stores/digest"].map(
    (name) => `node/${name}.js`,
  ),
  // Each with its types.
  ...[
    "body",
    "client",
    "client.errors",
    "client.reasons",
    "client.reducto",
    "client.scaikey",
    "client.webhooks",
    "compile",
    "core",
    "errors",
    "express",
    "fastify",
    "headers",
    "index",
    "keyed",
    "native",
    "native.none",
    "payload",
    "random",
    "reasons",
    "receiver",
    "receiver.answers",
    "receiver.body",
    "receiver.errors",
    "receiver.headers",
    "receiver.node",
    "receiver.options",
    "receiver.task",
    "receiver.verdicts",
    "reducto",
    "scaikey",
    "sdk",
    "sdk.edge",
    "sdk.inline",
    "standard",
    "stores/conformance",
    "stores/conformance.cases",
    "stores/conformance.keys",
    "stores/conformance.steps",
    "stores/conformance.transactions",
    "stores/deno-kv",
    "stores/digest",
    "stores/durable-object",
    "stores/memory",
    "stores/postgres",
    "stores/redis",
    "stores/store",
    "wasm.edge",
    "wasm.inline",
  ].flatMap((name) => [`${name}.js`, `${name}.d.ts`, `${name}.d.cts`]),
].sort();

const API_ERRORS = ["ApiConnectionError", "ApiError", "ApiResponseError", "ApiTimeoutError"];

/** What can be imported, by entry. */
const EXPORTS = {
  hookseal: ["Webhook", "WebhookCoreError", "WebhookPayloadError", "WebhookVerificationError", "generateSecret"],
  "hookseal/reducto": [
    ...API_ERRORS,
    "Reducto",
    "ReductoWebhook",
    "directWebhook",
    "directWebhookVerifier",
    "noWebhook",
    "parseJobUpdate",
    "svixWebhook",
    "verifyDirect",
  ],
  "hookseal/scaikey": [...API_ERRORS, "ScaiKeyWebhook", "ScaiKeyWebhooks"],
  "hookseal/receiver": ["DeliveryNotProcessedError", "abortMessage", "createReceiver", "stopEndpoint"],
  "hookseal/express": ["expressReceiver"],
  "hookseal/fastify": ["fastifyReceiver"],
  "hookseal/stores/memory": ["memoryStore"],
  "hookseal/stores/redis": ["redisStore"],
  "hookseal/stores/postgres": ["postgresStore", "postgresTable"],
  "hookseal/stores/durable-object": ["DeliveryStore", "durableObjectStore"],
  "hookseal/stores/deno-kv": ["denoKvStore"],
  "hookseal/stores/conformance": ["storeConformance"],
};

/** In the order in which hosts read them: the first that a host knows wins. */
const CONDITIONS = ["workerd", "edge-light", "bun", "module", "node", "module-sync", "import", "require"];

/** What are-the-types-wrong may find: `kind entrypoint`. */
const ACCEPTED_TYPE_PROBLEMS = /** @type {string[]} */ ([]);

/** What no shipped script may name: hosts lack it, or forbid it. (`process?.env` asks first; a Redis client's `eval` is another.) */
const FORBIDDEN =
  /\bnode:|\brequire\(\s*["'](?!\.\.?\/)|\bfrom\s*["'](?!\.\.?\/|#wasm|#native|#sdk)|\bimport\(|(?<!edis\.)\beval\b|\bFunction\s*\(|\bprocess\.|\bfs\b|\b__dirname\b|\bimport\.meta\b/;

/** @type {string} */
let folder;
/** @type {any} */
let manifest;

before(async () => {
  folder = join(await project("package", {}), "node_modules", "hookseal");
  manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
});

test("the files are exactly these, and none is empty", () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/"))
    .sort();
  assert.deepEqual(files, FILES);
  const empty = files.filter((file) => readFileSync(join(folder, file)).length === 0);
  assert.deepEqual(empty, []);
});

test("the version is the crate's", () => {
  assert.equal(manifest.version, /^version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))?.[1]);
});

test("the manifest has no dependencies, no install scripts and no side effects", () => {
  const { dependencies, optionalDependencies, peerDependencies, scripts, sideEffects, type } = manifest;
  assert.deepEqual(
    { dependencies, optionalDependencies, peerDependencies, scripts },
    {
      dependencies: undefined,
      optionalDependencies: undefined,
      peerDependencies: undefined,
      scripts: undefined,
    },
  );
  assert.equal(sideEffects, false);
  assert.equal(type, "module");
});

test("the imports map gives the edge platforms the compiled module, and all others the inlined one", () => {
  const files = (/** @type {string} */ name) => [
    ["workerd", `./${name}.edge.js`],
    ["edge-light", `./${name}.edge.js`],
    ["default", `./${name}.inline.js`],
  ];
  assert.deepEqual(Object.keys(manifest.imports), ["#wasm", "#native", "#sdk"]);
  for (const name of ["wasm", "sdk"]) assert.deepEqual(Object.entries(manifest.imports[`#${name}`]), files(name));
});

test("the imports map leaves the native hash out where there is none", () => {
  assert.deepEqual(Object.entries(manifest.imports["#native"]), [
    ["workerd", "./native.none.js"],
    ["edge-light", "./native.none.js"],
    ["browser", "./native.none.js"],
    ["default", "./native.js"],
  ]);
});

test("the exports map has every entry, each condition in its order with its types first", () => {
  const { "./package.json": own, ...entries } = manifest.exports;
  assert.equal(own, "./package.json");
  assert.deepEqual(
    Object.keys(entries),
    Object.keys(EXPORTS).map((name) => name.replace("hookseal", ".")),
  );
  for (const [path, conditions] of Object.entries(entries)) {
    const name = path === "." ? "index" : path.slice(2);
    assert.deepEqual(Object.keys(conditions), CONDITIONS, path);
    const { node, ...others } = conditions;
    assert.deepEqual(Object.keys(node), ["module-sync", "import", "require"], path);
    const targets = [
      ...Object.entries(others).map(([condition, target]) => ({ condition, target, own: "" })),
      ...Object.entries(node).map(([condition, target]) => ({ condition, target, own: "node/" })),
    ];
    for (const { condition, target, own } of targets) {
      const [types, script] = condition === "require" ? ["d.cts", `${name}.cjs`] : ["d.ts", `${own}${name}.js`];
      assert.deepEqual(
        Object.entries(target),
        [
          ["types", `./${name}.${types}`],
          ["default", `./${script}`],
        ],
        `${path} ${own}${condition}`,
      );
    }
  }
  const { main, module, types, unpkg, jsdelivr } = manifest;
  assert.deepEqual(
    { main, module, types, unpkg, jsdelivr },
    {
      main: "./index.cjs",
      module: "./index.js",
      types: "./index.d.ts",
      unpkg: "./index.bundle.js",
      jsdelivr: "./index.bundle.js",
    },
  );
});

test("each entry exports exactly these, in each of its forms", async () => {
  const forms = Object.entries(EXPORTS).flatMap(([entry, names]) => {
    const name = entry === "hookseal" ? "index" : entry.slice("hookseal/".length);
    const files = [`${name}.js`, `node/${name}.js`, `${name}.cjs`, ...(name === "index" ? ["index.bundle.js"] : [])];
    return [entry, ...files.map((file) => `./node_modules/hookseal/${file}`)].map((specifier) => ({
      specifier,
      names,
    }));
  });
  // Node adds these two to a CommonJS module that is imported.
  const main = `const found = {};
for (const specifier of ${JSON.stringify(forms.map(({ specifier }) => specifier))}) {
  found[specifier] = Object.keys(await import(specifier)).filter((key) => !/^(default|module\\.exports|__esModule)$/.test(key)).sort();
}
console.log(JSON.stringify(found));
`;
  const cwd = await project("exports", { "main.mjs": main });
  const { stdout } = await run(process.execPath, ["main.mjs"], { cwd, quiet: true });
  assert.deepEqual(JSON.parse(stdout), Object.fromEntries(forms.map(({ specifier, names }) => [specifier, names])));
});

test("no script names what some hosts lack or forbid", async (t) => {
  for (const file of FILES.filter((name) => /\.c?js$/.test(name))) {
    await t.test(file, async () => {
      // Without comments, which explain what is not done. Refuses top-level await, too.
      const { code } = await transform(readFileSync(join(folder, file), "utf8"), {
        minifyWhitespace: true,
        supported: { "top-level-await": false },
        logLevel: "silent",
      });
      assert.doesNotMatch(withoutMessages(code), FORBIDDEN);
    });
  }
});

/**
 * The errors' messages speak to people. And nothing resolves the name that native.ts gives to `process.getBuiltinModule`,
 * where there is such a function.
 * @param {string} code
 */
function withoutMessages(code) {
  return code.replaceAll('?.("node:crypto")', "").replaceAll(/"(?:[^"\\]|\\.)* (?:[^"\\]|\\.)*"/g, '""');
}

test("publint has nothing to say", async () => {
  const tarball = readFileSync(await packed());
  const buffer = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, manifest)),
    [],
  );
});

test("are-the-types-wrong finds only what is accepted", async () => {
  const cli = join(root, "node_modules", "@arethetypeswrong", "cli", "dist", "index.js");
  const { stdout } = await run(process.execPath, [cli, await packed(), "--format", "json"], {
    quiet: true,
    allowFail: true,
  });
  const { analysis } = JSON.parse(stdout);
  assert.equal(analysis.types.kind, "included");
  assert.deepEqual(Object.keys(analysis.entrypoints), Object.keys(manifest.exports));
  const problems = analysis.problems.map((/** @type {any} */ { kind, entrypoint }) => `${kind} ${entrypoint}`);
  assert.deepEqual(
    problems.filter((/** @type {string} */ problem) => !ACCEPTED_TYPE_PROBLEMS.includes(problem)),
    [],
  );
});

/** What the apps of scripts/size.mjs must have got, and what they must not. */
const NEEDED = {
  hookseal: { has: ["standard.js"], lacks: /reducto|scaikey|payload|client|sdk/ },
  "hookseal/reducto": { has: ["standard.js", "reducto.js", "client.reducto.js"], lacks: /scaikey/ },
};

test("each import stays within its byte budget, and brings only what it needs", async (t) => {
  for (const { entry, form, js, wasm, gzip, limit, modules } of await sizes()) {
    const name = `${entry}, ${form}`;
    t.diagnostic(`${name}: ${js} bytes of JavaScript, ${wasm} of wasm, ${gzip} gzipped of ${limit}`);
    assert.ok(gzip <= limit, `${name}: ${gzip} bytes gzipped, the budget is ${limit}`);
    assert.equal(wasm > 0, form === "workerd", name);
    const { has, lacks } = NEEDED[entry];
    const core = form === "workerd" ? "wasm.edge.js" : "core.bytes.js";
    for (const module of [...has, core]) assert.ok(modules.includes(module), `${name} lacks ${module}: ${modules}`);
    assert.deepEqual(
      modules.filter((module) => lacks.test(module)),
      [],
      name,
    );
    assert.equal(modules.includes("wasm.edge.js"), form === "workerd", name);
    assert.equal(modules.includes("core.bytes.js"), form === "inlined", name);
  }
});
