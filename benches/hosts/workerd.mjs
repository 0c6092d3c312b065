// workerd itself, without the proxy that Miniflare puts before it. Its clock stands still during a request, so what
// happens in it is timed from here.

import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isExecutable } from "../../scripts/lib/run.mjs";
import { tempFolder } from "../../tests/hosts/pack.mjs";
import { startServer } from "../../tests/hosts/process.mjs";
import { benchProject, bundled, HOSTS, hostPackage } from "./project.mjs";

const DATE = "2025-06-01";

/** @returns {{binary: string, version: string} | undefined} */
export function workerd() {
  const binary = join(HOSTS, "node_modules", "@cloudflare", `workerd-${process.platform}-${cpu()}`, "bin", "workerd");
  if (!isExecutable(binary)) return undefined;
  return { binary, version: hostPackage("workerd/package.json").version };
}

function cpu() {
  return process.arch === "x64" ? "64" : process.arch;
}

/**
 * Starts workerd with one Worker, which it compiles as it does a deployed one.
 * @param {string} binary
 * @param {string} program
 * @param {{loader?: boolean}} [options] loader: the Worker may start others
 */
export async function startWorker(binary, program, { loader = false } = {}) {
  const folder = tempFolder("workerd");
  const { script, wasm } = await bundled(program, ["workerd"]);
  writeFileSync(join(folder, "worker.js"), script);
  const modules = ['(name = "worker.js", esModule = embed "worker.js")'];
  for (const file of wasm) {
    copyFileSync(join(await benchProject(), "node_modules", "hookseal", file), join(folder, file));
    modules.push(`(name = "${file}", wasm = embed "${file}")`);
  }
  const bindings = loader ? '\n    bindings = [(name = "LOADER", workerLoader = ())],' : "";
  writeFileSync(
    join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    modules = [${modules.join(", ")}],${bindings}
    compatibilityDate = "${DATE}",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  // It tells its port on standard output.
  const args = ["serve", "config.capnp", "--control-fd=1", ...(loader ? ["--experimental"] : [])];
  const { match, stop } = await startServer(binary, args, {
    cwd: folder,
    env: {},
    ready: /"event":"listen".*?"port":(\d+)/,
    timeoutMs: 60_000,
  });
  return {
    stop,
    /** @param {unknown} message @returns {Promise<{status: number, text: string, ms: number}>} ms: until all of it was here */
    async request(message) {
      const body = JSON.stringify(message);
      const start = performance.now();
      const response = await fetch(`http://127.0.0.1:${match[1]}/`, { method: "POST", body });
      const text = await response.text();
      return { status: response.status, text, ms: performance.now() - start };
    },
  };
}
