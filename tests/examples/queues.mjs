// The examples with a queue: nothing is lost, and nothing is processed twice.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { run } from "../../scripts/lib/run.mjs";
import { ensureServices, startRedis } from "../../scripts/setup/services.mjs";
import { tempFolder } from "../hosts/pack.mjs";
import { logged, tally } from "./checks.mjs";
import { CURRENT, deliveries } from "./deliveries.mjs";
import { ENV, PATH } from "./receivers.mjs";
import { makeSandbox } from "./sandbox.mjs";
import { send } from "./send.mjs";
import { freePort, startProgram, startServer } from "./server.mjs";

/** @param {string} log */
const processed = (log) => Array.from(log.matchAll(/processed (\w+):/g), ([, id]) => id);

/** Express, Redis and BullMQ: Redis goes down, a worker is killed. @returns {Promise<import("./checks.mjs").Outcome>} */
export async function checkBullmq() {
  const { outcome, check } = tally("express-bullmq");
  const services = await ensureServices();
  if (services.missing !== undefined) return { ...outcome, notRun: services.missing };
  const folder = await makeSandbox("express-bullmq");
  await run(process.execPath, [join(folder, "node_modules/typescript/bin/tsc")], { cwd: folder, quiet: true });

  const disk = tempFolder("redis");
  const redisPort = await freePort();
  const start = () => startRedis({ folder: disk, port: redisPort, appendOnly: true });
  let redis = await start();
  const port = await freePort();
  const env = {
    ...ENV,
    REDUCTO_WEBHOOK_SECRET: CURRENT,
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
    LEASE_MS: "1500",
    WORK_MS: "600",
    PORT: String(port),
  };
  const server = await startServer(process.execPath, ["dist/server.js"], { cwd: folder, env, port });
  const work = () => startProgram(process.execPath, ["dist/worker.js"], { cwd: folder, env });
  const workers = [work()];
  const log = () => workers.map((worker) => worker.log()).join("");
  const all = { log };
  const url = `http://127.0.0.1:${port}${PATH}`;
  const { svix, standard, plain, unsigned } = deliveries();
  try {
    check("unsigned", (await send(url, unsigned)).status, 401);
    check("enqueued", (await send(url, svix)).status, 202);
    check("enqueued again", (await send(url, svix)).status, 202);
    check("processed", await logged(all, 0, new RegExp(`processed ${svix.id}`)), true);

    await redis.stop();
    check("Redis is down", (await send(url, standard)).status, 503);
    redis = await start();
    let again = 503;
    for (let tries = 0; tries < 50 && again === 503; tries++) {
      await pause(100);
      again = (await send(url, standard)).status;
    }
    check("the sender's next attempt", again, 202);
    check("it is processed", await logged(all, 0, new RegExp(`processed ${standard.id}`)), true);

    check("a job for a worker that is killed", (await send(url, plain)).status, 202);
    check("it is at work", await logged(all, 0, new RegExp(`working on ${plain.id}`)), true);
    workers[0]?.kill();
    check("not processed yet", processed(log()).includes(plain.id), false);
    workers.push(work());
    const until = Date.now() + 30_000;
    while (!processed(log()).includes(plain.id) && Date.now() < until) await pause(100);
    await pause(1500);
    check("each is processed once", processed(log()).sort().join(), [svix.id, standard.id, plain.id].sort().join());
  } catch (error) {
    outcome.failed++;
    outcome.failures?.push(`express-bullmq: ${error}\n${server.log().slice(-1500)}\n${log().slice(-1500)}`);
  } finally {
    for (const worker of workers) worker.kill();
    await server.stop();
    await redis.stop();
  }
  return outcome;
}

/** A Worker and a queue, under wrangler. @returns {Promise<import("./checks.mjs").Outcome>} */
export async function checkCloudflareQueues() {
  const { outcome, check } = tally("cloudflare-queues");
  const folder = await makeSandbox("cloudflare-queues");
  writeFileSync(join(folder, ".dev.vars"), `REDUCTO_WEBHOOK_SECRET="${CURRENT}"\n`);
  await run(process.execPath, [join(folder, "node_modules/typescript/bin/tsc")], { cwd: folder, quiet: true });
  const port = await freePort();
  const options = ["--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort())];
  const args = [join(folder, "node_modules/wrangler/bin/wrangler.js"), "dev", ...options];
  const env = { ...ENV, WRANGLER_LOG_PATH: join(folder, ".wrangler", "logs") };
  const server = await startServer(process.execPath, args, { cwd: folder, env, port });
  const url = `http://127.0.0.1:${port}${PATH}`;
  const { svix, standard, unsigned } = deliveries();
  try {
    check("unsigned", (await send(url, unsigned)).status, 401);
    for (const delivery of [svix, svix, standard]) check("enqueued", (await send(url, delivery)).status, 202);
    for (const { id } of [svix, standard])
      check(`processed ${id}`, await logged(server, 0, new RegExp(`processed ${id}`)), true);
    check("the queue has delivered the second", (await send(url, svix)).status, 202);
    await pause(2500);
    check("each is processed once", processed(server.log()).sort().join(), [svix.id, standard.id].sort().join());
  } catch (error) {
    outcome.failed++;
    outcome.failures?.push(`cloudflare-queues: ${error}\n${server.log().slice(-2000)}`);
  } finally {
    await server.stop();
  }
  return outcome;
}
