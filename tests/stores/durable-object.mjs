// Durable Objects in Cloudflare's workerd: the suite runs in one Worker, the objects are another's, with a clock of
// their own.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { HERE, project, tempFolder } from "../hosts/pack.mjs";
import { runCases } from "./results.mjs";

/** The oldest date that the package is said to work with. */
const COMPATIBILITY_DATE = "2025-06-01";

const SUITE = `import { storeConformance } from "hookseal/stores/conformance";
import { durableObjectStore } from "hookseal/stores/durable-object";
export default {
  async fetch(request, env) {
    const store = durableObjectStore(env.DELIVERIES);
    const cases = storeConformance({ connect: () => ({ store }) });
    const { call, args } = await request.json();
    if (call === "names") return Response.json(cases.map(({ name }) => name));
    try {
      if (call === "prove") return Response.json({ answer: await cases.find(({ name }) => name === args[0]).run() });
      if (call === "look") {
        const object = env.DELIVERIES.get(env.DELIVERIES.idFromName(args[0]));
        return Response.json({ answer: await (await object.fetch("https://look/")).json() });
      }
      return Response.json({ answer: await store[call](...args) });
    } catch (error) {
      return Response.json({ error: error.stack });
    }
  },
};
`;

// What wrangler's users write, and a way to look into it.
const OBJECTS = `import { DeliveryStore } from "hookseal/stores/durable-object";
export class Deliveries extends DeliveryStore {
  #state;
  constructor(state, env) {
    super(state, env);
    this.#state = state;
  }
  async fetch(request) {
    if (request.method === "POST") return super.fetch(request);
    const { storage } = this.#state;
    const tables = storage.sql.exec("select name from sqlite_master where name = 'delivery'").toArray().length;
    return Response.json({ tables, alarm: await storage.getAlarm() });
  }
}
export default { fetch: () => new Response() };
`;

export async function run() {
  // Of the hosts' own node_modules.
  const require = createRequire(join(HERE, "index.mjs"));
  const cwd = await project("durable-object", { "suite.mjs": SUITE, "objects.mjs": OBJECTS });
  for (const name of ["suite", "objects"]) {
    await build({
      absWorkingDir: cwd,
      entryPoints: [`${name}.mjs`],
      outfile: `${name}.js`,
      bundle: true,
      format: "esm",
      conditions: ["workerd"],
      logLevel: "silent",
    });
  }
  const { Miniflare } = await import(pathToFileURL(require.resolve("miniflare")).href);
  const storage = tempFolder("durable-object");
  const worker = (/** @type {string} */ name) => ({
    name,
    compatibilityDate: COMPATIBILITY_DATE,
    modulesRoot: cwd,
    modules: [{ type: "ESModule", path: join(cwd, `${name}.js`) }],
  });
  const start = () =>
    new Miniflare({
      host: "127.0.0.1",
      cf: false,
      durableObjectsPersist: storage,
      workers: [
        {
          ...worker("suite"),
          durableObjects: { DELIVERIES: { className: "Deliveries", scriptName: "objects", useSQLite: true } },
        },
        { ...worker("objects"), durableObjects: { OWN: { className: "Deliveries", useSQLite: true } } },
      ],
    });
  let miniflare = start();
  const ask = async (/** @type {string} */ call, /** @type {unknown[]} */ ...args) => {
    const response = await miniflare.dispatchFetch("http://worker.test/", {
      method: "POST",
      body: JSON.stringify({ call, args }),
    });
    const answer = await response.json();
    if (answer.error !== undefined) throw new Error(answer.error);
    return call === "names" ? answer : answer.answer;
  };
  try {
    /** @type {string[]} */
    const names = await ask("names");
    const own = [
      {
        name: "an object empties itself once its delivery has expired",
        async run() {
          const since = Date.now();
          await ask("claim", "alarm", 60_000, "a");
          const first = await ask("look", "alarm");
          assert.ok(first.tables === 1 && Math.abs(first.alarm - since - 60_000) < 5_000);
          await ask("complete", "alarm", 500, "a");
          await ask("claim", "released", 500, "a");
          await ask("release", "released", "a");
          await pause(1_500);
          for (const key of ["alarm", "released"]) {
            assert.deepEqual(await ask("look", key), { tables: 0, alarm: null });
            assert.equal(await ask("claim", key, 60_000, "b"), "new");
          }
        },
      },
      {
        name: "what was known is known after a restart",
        async run() {
          assert.equal(await ask("claim", "held", 600_000, "a"), "new");
          await ask("complete", "done", 600_000, "a");
          await miniflare.dispose();
          miniflare = start();
          assert.equal(await ask("claim", "held", 60_000, "b"), "in-progress");
          assert.equal(await ask("claim", "held", 60_000, "a"), "new");
          assert.equal(await ask("claim", "done", 60_000, "b"), "done");
        },
      },
      { name: "an object that fails, or cannot be reached, rejects", run: () => failing(cwd) },
    ];
    const label = `Durable Object, workerd ${require("workerd/package.json").version}`;
    const cases = names.map((name) => ({ name, run: () => ask("prove", name) }));
    return [await runCases(label, [...cases, ...own])];
  } finally {
    await miniflare.dispose();
  }
}

/** @param {string} cwd */
async function failing(cwd) {
  const file = join(cwd, "node_modules", "hookseal", "stores", "durable-object.js");
  /** @type {typeof import("hookseal/stores/durable-object")} */
  const { durableObjectStore } = await import(pathToFileURL(file).href);
  const namespace = (/** @type {() => Promise<Response>} */ fetch) => ({
    idFromName: (/** @type {string} */ name) => name,
    get: () => ({ fetch }),
  });
  const answers = durableObjectStore(namespace(async () => new Response("overloaded", { status: 500 })));
  await assert.rejects(async () => answers.claim("a", 1000, "a"), /500: overloaded/);
  await assert.rejects(async () => answers.complete("a", 1000, "a"), /500: overloaded/);
  await assert.rejects(async () => answers.release("a", "a"), /500: overloaded/);
  const broken = durableObjectStore(namespace(() => Promise.reject(new Error("Network connection lost"))));
  await assert.rejects(async () => broken.claim("a", 1000, "a"), /Network connection lost/);
  for (const wrong of [undefined, null, {}, "DELIVERIES"]) {
    assert.throws(() => durableObjectStore(/** @type {any} */ (wrong)), { name: "TypeError", code: "invalid_option" });
  }
}
