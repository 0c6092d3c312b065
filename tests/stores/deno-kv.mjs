// Deno KV in the real Deno, on a local file.

import { join } from "node:path";
import { deno, NO_BINARY } from "../hosts/binaries.mjs";
import { project, tempFolder } from "../hosts/pack.mjs";
import { runOn } from "../hosts/process.mjs";

/** It needs half a minute; a loaded machine is given more. */
const TIMEOUT_MS = 5 * 60_000;

/** Precedes the report in Deno's output. */
const MARK = "hookseal-store-report:";

const MAIN = `import { storeConformance } from "hookseal/stores/conformance";
import { denoKvStore } from "hookseal/stores/deno-kv";

const path = Deno.args[0];
const is = (actual, expected, what) => {
  if (actual !== expected) throw new Error(what + ": expected " + expected + ", got " + actual);
};
async function atClock(offset, call) {
  const now = Date.now;
  Date.now = () => now() + offset;
  try {
    return await call();
  } finally {
    Date.now = now;
  }
}
async function rejects(call, what) {
  try {
    await call();
  } catch {
    return;
  }
  throw new Error(what + " did not reject");
}
const connect = async () => {
  const kv = await Deno.openKv(path);
  return { store: denoKvStore(kv), close: () => kv.close() };
};
const own = [
  {
    name: "a live lease survives a clock that is ahead by less than two thirds of it",
    async run() {
      const kv = await Deno.openKv(path);
      const store = denoKvStore(kv);
      is(await store.claim("skew", 30_000, "a"), "new", "the first claim");
      is(await atClock(10_000, () => store.claim("skew", 30_000, "a")), "new", "a renewal after a third");
      is(await atClock(20_000 + 19_900, () => store.claim("skew", 30_000, "b")), "in-progress", "a claim just before the next one");
      kv.close();
    },
  },
  {
    name: "a closed store rejects; opened again, it knows what it knew",
    async run() {
      const kv = await Deno.openKv(path);
      const store = denoKvStore(kv);
      is(await store.claim("held", 600_000, "a"), "new", "the first claim");
      await store.complete("done", 600_000, "a");
      kv.close();
      await rejects(() => store.claim("held", 600_000, "a"), "claim");
      await rejects(() => store.complete("held", 600_000, "a"), "complete");
      await rejects(() => store.release("held", "a"), "release");
      const again = await connect();
      is(await again.store.claim("held", 60_000, "b"), "in-progress", "a claim of what is held");
      is(await again.store.claim("done", 60_000, "b"), "done", "a claim of what is done");
      again.close();
    },
  },
  {
    name: "anything else than a Deno KV is refused",
    async run() {
      for (const wrong of [undefined, null, {}, "kv"]) {
        try {
          denoKvStore(wrong);
        } catch (error) {
          is(error.code, "invalid_option", "its code");
          continue;
        }
        throw new Error(String(wrong) + " was taken");
      }
    },
  },
];
const report = { passed: 0, failures: [] };
for (const { name, run } of [...storeConformance({ connect, ownClock: true }), ...own]) {
  try {
    await run();
    report.passed++;
  } catch (error) {
    report.failures.push(name + ": " + error.stack);
  }
}
console.log(${JSON.stringify(MARK)} + JSON.stringify(report));
`;

/** @returns {Promise<import("./results.mjs").Result[]>} */
export async function run() {
  const binary = deno();
  if (!binary) return [{ name: "stores: Deno KV", passed: 0, failed: 0, notRun: NO_BINARY }];
  const cwd = await project("deno-kv", { "main.mjs": MAIN });
  const folder = tempFolder("deno-kv-data");
  const options = { cwd, env: { DENO_DIR: tempFolder("deno"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" } };
  const version = /\d+\.\d+\.\d+/.exec((await runOn(binary, ["--version"], options)).stdout)?.[0];
  const flags = ["--unstable-kv", "--no-prompt", "--cached-only", "--node-modules-dir=manual"];
  const { code, stdout, stderr } = await runOn(
    binary,
    ["run", ...flags, `--allow-read=${folder}`, `--allow-write=${folder}`, "main.mjs", join(folder, "kv.sqlite")],
    { ...options, timeoutMs: TIMEOUT_MS },
  );
  const name = `stores: Deno KV, Deno ${version}`;
  const line = stdout.split("\n").findLast((text) => text.startsWith(MARK));
  if (line === undefined || code !== 0) {
    return [{ name, passed: 0, failed: 1, failures: [`exited with ${code}: ${stderr || stdout}`] }];
  }
  const { passed, failures } = JSON.parse(line.slice(MARK.length));
  return [{ name, passed, failed: failures.length, ...(failures.length > 0 && { failures }) }];
}
