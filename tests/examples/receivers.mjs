// How each receiver of examples/ is built and started, as its README says.

import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../scripts/lib/run.mjs";
import { makeSandbox } from "./sandbox.mjs";
import { freePort, startServer } from "./server.mjs";

/** @typedef {import("./server.mjs").Server} Server */

/**
 * @typedef {object} Receiver
 * @property {string} name the folder in examples/
 * @property {(folder: string, secret: string, port: number) => Promise<Server>} start builds and starts a sandbox
 * @property {(folder: string, secret: string, url: string) => Promise<string>} send runs its own test sender
 */

export const PATH = "/webhooks/reducto";

/** Quiet, and without calls to anywhere. */
export const ENV = {
  CI: "1",
  WRANGLER_SEND_METRICS: "false",
  WRANGLER_HIDE_BANNER: "true",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  NEXT_TELEMETRY_DISABLED: "1",
  DENO_NO_UPDATE_CHECK: "1",
};

/** The deno command, if the npm package has one for this system. */
export function deno() {
  const { platform, arch } = process;
  const musl = platform === "linux" ? "-glibc" : "";
  const folder = join(root, "tests", "examples", "node_modules", "@deno", `${platform}-${arch}${musl}`);
  const path = join(folder, platform === "win32" ? "deno.exe" : "deno");
  return existsSync(path) ? path : undefined;
}

/** @type {Record<"express" | "hono" | "worker" | "deno" | "next", Receiver>} */
export const RECEIVERS = {
  express: {
    name: "express",
    async start(folder, secret, port) {
      await node(folder, "typescript/bin/tsc");
      const env = { ...ENV, REDUCTO_WEBHOOK_SECRET: secret, PORT: String(port) };
      return startServer(process.execPath, ["dist/server.js"], { cwd: folder, env, port });
    },
    send: sendWithNode,
  },
  hono: {
    name: "hono",
    async start(folder, secret, port) {
      const env = { ...ENV, REDUCTO_WEBHOOK_SECRET: secret, PORT: String(port) };
      return startServer(process.execPath, ["server.mjs"], { cwd: folder, env, port });
    },
    send: sendWithNode,
  },
  worker: {
    name: "cloudflare-worker",
    async start(folder, secret, port) {
      writeFileSync(join(folder, ".dev.vars"), `REDUCTO_WEBHOOK_SECRET="${secret}"\n`);
      await node(folder, "typescript/bin/tsc");
      const options = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort())];
      const args = [join(folder, "node_modules/wrangler/bin/wrangler.js"), "dev", ...options];
      const env = { ...ENV, WRANGLER_LOG_PATH: join(folder, ".wrangler", "logs") };
      return startServer(process.execPath, args, { cwd: folder, env, port });
    },
    send: sendWithNode,
  },
  deno: {
    name: "deno",
    async start(folder, secret, port) {
      const command = deno() ?? "deno";
      // The installed tarball stands for npm:hookseal.
      const installed = "--node-modules-dir=manual";
      await run(command, ["check", installed, "main.ts", "send.ts"], { cwd: folder, env: ENV, quiet: true });
      const allowed = ["--allow-net", "--allow-env=REDUCTO_WEBHOOK_SECRET,PORT"];
      const env = { ...ENV, REDUCTO_WEBHOOK_SECRET: secret, PORT: String(port) };
      return startServer(command, ["run", installed, ...allowed, "main.ts"], { cwd: folder, env, port });
    },
    async send(folder, secret, url) {
      const args = [
        "run",
        "--node-modules-dir=manual",
        "--allow-net",
        "--allow-env=REDUCTO_WEBHOOK_SECRET",
        "send.ts",
        url,
      ];
      const env = { ...ENV, REDUCTO_WEBHOOK_SECRET: secret };
      return (await run(deno() ?? "deno", args, { cwd: folder, env, quiet: true })).stdout;
    },
  },
  next: {
    name: "next-edge",
    async start(folder, secret, port) {
      const bin = join(folder, "node_modules/next/dist/bin/next");
      // Without the secret: a build machine does not have it.
      await run(process.execPath, [bin, "build"], { cwd: folder, env: ENV, quiet: true, timeoutMs: 240_000 });
      writeFileSync(join(folder, ".env.local"), `REDUCTO_WEBHOOK_SECRET="${secret}"\n`);
      const args = [bin, "start", "--hostname", "127.0.0.1", "--port", String(port)];
      return startServer(process.execPath, args, { cwd: folder, env: ENV, port });
    },
    send: sendWithNode,
  },
};

/**
 * Installs and starts a receiver.
 * @param {Receiver} receiver
 * @param {string} secret
 */
export async function startReceiver(receiver, secret) {
  const folder = await makeSandbox(receiver.name);
  const server = await receiver.start(folder, secret, await freePort());
  return { name: receiver.name, folder, server, url: `http://127.0.0.1:${server.port}${PATH}` };
}

/** @param {string} folder @param {string} secret @param {string} url */
async function sendWithNode(folder, secret, url) {
  const env = { REDUCTO_WEBHOOK_SECRET: secret };
  return (await run(process.execPath, ["send.mjs", url], { cwd: folder, env, quiet: true })).stdout;
}

/** @param {string} folder @param {string} script @param {...string} args */
function node(folder, script, ...args) {
  return run(process.execPath, [join(folder, "node_modules", script), ...args], { cwd: folder, env: ENV, quiet: true });
}
