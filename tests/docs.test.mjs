// Every piece of TypeScript in README.md and in the package's doc comments runs, in a project that has the tarball
// installed, and prints what its comments say.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { transform } from "esbuild";
import { Webhook as Svix } from "svix";
import { root, run } from "../scripts/lib/run.mjs";
import { ensureNodeModules } from "../scripts/setup/npm.mjs";
import { startContract } from "./contract/server.mjs";
import * as binaries from "./hosts/binaries.mjs";
import { project } from "./hosts/pack.mjs";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** @type {string} */
let folder;
before(async () => {
  folder = await project("docs", {}, { tools: true });
  const frameworks = join(root, "tests", "receiver");
  await ensureNodeModules(frameworks);
  for (const name of ["fastify", "hono"]) {
    symlinkSync(join(frameworks, "node_modules", name), join(folder, "node_modules", name), "junction");
  }
});

/** Writes a piece of TypeScript as a module of the project. */
async function moduleOf(name, code) {
  const { code: javascript } = await transform(code, { loader: "ts", format: "esm" });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, javascript);
  return file;
}

/** What the code says that it prints: the comment behind a console.log, or on the line after it. */
function printed(code) {
  const comments = code.matchAll(/console\.log\(.*\);(?:\n\s*)? ?\/\/ (.+)/g);
  return Array.from(comments, ([, comment]) => comment);
}

async function runs(name, code, env = {}) {
  const { stdout } = await run(process.execPath, [await moduleOf(name, code)], { cwd: folder, quiet: true, env });
  const lines = stdout.trimEnd().split("\n");
  const expected = printed(code);
  assert.deepEqual(lines.slice(0, expected.length), expected);
}

describe("the examples in the doc comments", () => {
  const source = join(root, "pkg-template");
  const files = readdirSync(source, { recursive: true }).map(String);
  for (const file of files.filter((name) => name.endsWith(".ts"))) {
    const text = readFileSync(join(source, file), "utf8");
    const examples = Array.from(text.matchAll(/@example\n\s*\* ```ts\n([\s\S]*?)\* ```/g), ([, code]) =>
      code.replaceAll(/^\s*\* ?/gm, ""),
    );
    examples.forEach((code, at) => {
      test(`${file} ${at + 1}`, () => runs(`${file.replaceAll(/[\\/]/g, "-")}-${at}`, code));
    });
  }
});

describe("README.md", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const pieces = Array.from(
    readme.matchAll(/(?:<!-- run(?:: (\w+))? -->\n)?```ts\n([\s\S]*?)```/g),
    ([all, how, code]) => ({
      marked: all.startsWith("<!--"),
      how: how ?? "alone",
      code,
    }),
  );

  test("all its TypeScript is marked to be run", () => {
    assert.ok(pieces.length >= 6);
    assert.deepEqual(
      pieces.filter(({ marked }) => !marked).map(({ code }) => code),
      [],
    );
  });

  pieces
    .filter(({ how }) => how === "alone")
    .forEach(({ code }, at) => {
      test(`piece ${at + 1} prints what it says`, () => runs(`readme-${at}`, code));
    });

  test("the calls are made as the contracts ask", async () => {
    const calls = pieces.filter(({ how }) => how === "services");
    assert.equal(calls.length, 4);
    const token = "token";
    const servers = { reducto: await startContract("reducto", token), scaikey: await startContract("scaikey", token) };
    const env = {
      REDUCTO_API_KEY: token,
      REDUCTO_BASE_URL: servers.reducto.url,
      SCAIKEY_TOKEN: token,
      SCAIKEY_BASE_URL: servers.scaikey.url,
    };
    try {
      for (const [at, { code }] of calls.entries()) await runs(`services-${at}`, code, env);
      const made = [...servers.reducto.calls, ...servers.scaikey.calls];
      assert.deepEqual(
        made.flatMap(({ violations }) => violations),
        [],
      );
      assert.equal(made.length, 7);
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    }
  });

  const piece = (how) => pieces.find((one) => one.how === how)?.code ?? assert.fail(`no piece is marked ${how}`);

  /** Answers of a receiver to a good delivery, a forged one, one that is no job update, and none. */
  async function answers(url, call = (request) => fetch(request)) {
    const svix = new Svix(SECRET);
    const send = async (body, sent = body) => {
      const at = new Date();
      const headers = {
        "svix-id": "msg_1",
        "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
        "svix-signature": svix.sign("msg_1", at, body),
      };
      return (await call(new Request(url, { method: "POST", body: sent, headers }))).status;
    };
    const good = '{"status":"Completed","job_id":"1","metadata":{"user_id":"u"}}';
    return [
      await send(good),
      await send(good, `${good} `),
      await send('{"status":1}'),
      (await call(new Request(url, { method: "POST", body: "{}" }))).status,
    ];
  }

  /** Writes a piece that imports ./receiver.js. Says where it listens. */
  async function mounted(how, port) {
    await moduleOf("receiver", piece("receiver"));
    return moduleOf(`mounted-${how}`, piece(how).replace("./receiver.js", "./receiver.mjs").replace("3000", `${port}`));
  }

  const deno = ["run", "--no-prompt", "--cached-only", "--node-modules-dir=manual", "--allow-net", "--allow-env"];
  for (const [how, binary, args] of [
    ["express", process.execPath, []],
    ["http", process.execPath, []],
    ["fastify", process.execPath, []],
    ["deno", binaries.deno(), deno],
    ["bun", binaries.bun(), ["--no-install"]],
  ]) {
    test(`the receiver receives: ${how}`, { skip: binary ? false : binaries.NO_BINARY }, async () => {
      const port = await freePort();
      const file = await mounted(how, port);
      const env = { ...process.env, REDUCTO_WEBHOOK_SECRET: SECRET, DENO_NO_UPDATE_CHECK: "1" };
      const child = spawn(binary, [...args, file], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
      after(() => child.kill());
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (output += bytes));
      const url = `http://127.0.0.1:${port}/webhook`;
      await untilUp(url);
      assert.deepEqual(await answers(url), [200, 401, 400, 401], output);
      assert.match(output, /^msg_1 Completed 1 u$/m);
      child.kill();
    });
  }

  for (const how of ["hono", "next", "hand"]) {
    test(`the receiver receives: ${how}`, async () => {
      process.env.REDUCTO_WEBHOOK_SECRET = SECRET;
      const module = await import(await mounted(how, 0));
      const handler = module.POST ?? module.default.fetch;
      // As Next.js and Hono call it.
      const call = (request) => handler(request, { params: Promise.resolve({}) });
      assert.deepEqual(await answers("http://127.0.0.1/webhook", call), [200, 401, 400, 401]);
    });
  }

  test("the Worker handler receives, in workerd", async () => {
    const { build } = await import("esbuild");
    writeFileSync(join(folder, "worker.ts"), piece("worker"));
    await build({
      absWorkingDir: folder,
      entryPoints: ["worker.ts"],
      outfile: join(folder, "worker.js"),
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      plugins: [keepWasm],
      logLevel: "silent",
    });
    const { Miniflare } = await import(
      new URL("./hosts/node_modules/miniflare/dist/src/index.js", import.meta.url).href
    );
    const worker = new Miniflare({
      modules: [
        { type: "ESModule", path: join(folder, "worker.js") },
        {
          type: "CompiledWasm",
          path: join(folder, "core.wasm"),
          contents: readFileSync(join(folder, "node_modules/hookseal/core.wasm")),
        },
      ],
      modulesRoot: folder,
      compatibilityDate: "2026-01-01",
      bindings: { REDUCTO_WEBHOOK_SECRET: SECRET },
      cf: false,
      host: "127.0.0.1",
    });
    try {
      assert.deepEqual(await answers(await worker.ready), [200, 401, 400, 401]);
    } finally {
      await worker.dispose();
    }
  });
});

/** Leaves the wasm file to the platform, as wrangler does. */
const keepWasm = {
  name: "keep-wasm",
  setup(build) {
    build.onResolve({ filter: /\.wasm(\?module)?$/ }, () => ({ path: "./core.wasm", external: true }));
  },
};

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function untilUp(url) {
  for (let tries = 0; tries < 100; tries++) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  throw new Error("the receiver did not start");
}
