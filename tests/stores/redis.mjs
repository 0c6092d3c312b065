// Redis, through each client and version that the store is said to work with.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { startRedis } from "../../scripts/setup/services.mjs";
import { loadConformance, loadRedis } from "./hookseal.mjs";
import { runCases } from "./results.mjs";

const require = createRequire(import.meta.url);

/** @typedef {{client: any, close: () => unknown}} Connected */
/** @typedef {{name: string, connect: (url: string, options?: {failFast?: boolean}) => Promise<Connected>, cluster?: (port: number) => Promise<Connected>}} Client */

/** @param {string} name a package of this folder @returns {Client} */
function nodeRedis(name) {
  const { createClient, createCluster } = require(name);
  const closed = (/** @type {any} */ client) => ({ client, close: () => client.disconnect() });
  return {
    name: `redis ${require(`${name}/package.json`).version}`,
    async connect(url, { failFast = false } = {}) {
      const socket = { reconnectStrategy: () => 50 };
      const client = createClient({ url, socket, disableOfflineQueue: failFast });
      return closed(await client.on("error", () => {}).connect());
    },
    async cluster(port) {
      const cluster = createCluster({ rootNodes: [{ url: `redis://127.0.0.1:${port}` }] });
      cluster.on("error", () => {});
      await cluster.connect();
      return closed(cluster);
    },
  };
}

/** @param {string} name @returns {Client} */
function ioRedis(name) {
  const { Redis, Cluster } = require(name);
  const closed = (/** @type {any} */ client) => ({ client, close: () => client.disconnect() });
  return {
    name: `ioredis ${require(`${name}/package.json`).version}`,
    async connect(url, { failFast = false } = {}) {
      const options = failFast ? { enableOfflineQueue: false, maxRetriesPerRequest: 0 } : {};
      const client = new Redis(url, { retryStrategy: () => 50, lazyConnect: true, ...options });
      await client.on("error", () => {}).connect();
      return closed(client);
    },
    cluster: async (port) => closed(new Cluster([{ host: "127.0.0.1", port }]).on("error", () => {})),
  };
}

export async function run() {
  const { storeConformance } = await loadConformance();
  const { redisStore } = await loadRedis();
  const server = await startRedis({ appendOnly: true });
  const clustered = await startRedis({ args: ["--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1"] });
  const clients = [
    nodeRedis("redis"),
    nodeRedis("redis-5"),
    nodeRedis("redis-4"),
    ioRedis("ioredis"),
    ioRedis("ioredis-5"),
  ];
  try {
    const admin = await clients[0].connect(server.url);
    const version = /redis_version:(\S+)/.exec(await admin.client.info("server"))?.[1];
    admin.close();
    await assignAllSlots(clients[0], clustered.url);
    const results = [];
    for (const client of clients) {
      const connect = async () => {
        const { client: made, close } = await client.connect(server.url);
        return { store: redisStore(made), close };
      };
      const own = ownCases({ client, server, clustered, redisStore });
      results.push(await runCases(`${client.name}, Redis ${version}`, [...storeConformance({ connect }), ...own]));
    }
    return results;
  } finally {
    await server.stop();
    await clustered.stop();
  }
}

/** @param {Client} client @param {string} url */
async function assignAllSlots(client, url) {
  const { client: admin, close } = await client.connect(url);
  await admin.sendCommand(["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
  while (!/cluster_state:ok/.test(await admin.sendCommand(["CLUSTER", "INFO"]))) await pause(50);
  close();
}

/**
 * @param {object} made
 * @param {Client} made.client
 * @param {import("../../scripts/setup/services.mjs").Service} made.server
 * @param {import("../../scripts/setup/services.mjs").Service} made.clustered
 * @param {typeof import("hookseal/stores/redis").redisStore} made.redisStore
 */
function ownCases({ client, server, clustered, redisStore }) {
  return [
    {
      name: "each delivery is one key with the prefix, that Redis removes",
      async run() {
        const { client: made, close } = await client.connect(server.url);
        try {
          const store = redisStore(made, { prefix: `own ${client.name}:` });
          await store.claim("held", 60_000, "a");
          await store.complete("done", 60_000, "a");
          const keys = [`own ${client.name}:held`, `own ${client.name}:done`];
          assert.deepEqual((await made.keys(`own ${client.name}:*`)).sort(), keys.toSorted());
          for (const key of keys) assert.ok((await made.ttl(key)) > 50);
        } finally {
          close();
        }
      },
    },
    {
      name: "a cluster",
      async run() {
        const { client: cluster, close } = (await client.cluster?.(clustered.port)) ?? assert.fail();
        try {
          const store = redisStore(cluster, { prefix: `${client.name}:` });
          for (let at = 0; at < 50; at++) {
            assert.equal(await store.claim(`key ${at}`, 60_000, "a"), "new");
            assert.equal(await store.claim(`key ${at}`, 60_000, "b"), "in-progress");
            await store.complete(`key ${at}`, 60_000, "a");
            assert.equal(await store.claim(`key ${at}`, 60_000, "b"), "done");
          }
        } finally {
          close();
        }
      },
    },
    {
      name: "a server that is down: rejects at once where the client is told to; goes on, with all it knew, when it is back",
      async run() {
        const { client: made, close } = await client.connect(server.url, { failFast: true });
        const store = redisStore(made);
        const [held, done] = ["held", "done"].map((name) => `${name} ${client.name}`);
        try {
          assert.equal(await store.claim(held, 600_000, "a"), "new");
          await store.complete(done, 600_000, "a");
          await server.kill();
          await pause(100);
          const since = performance.now();
          await assert.rejects(async () => store.claim("down", 60_000, "a"));
          await assert.rejects(async () => store.complete("down", 60_000, "a"));
          await assert.rejects(async () => store.release("down", "a"));
          assert.ok(performance.now() - since < 2_000, "it took long to reject");
          await server.restart();
          await untilAnswers(() => store.claim("up", 60_000, "a"));
          assert.equal(await store.claim(held, 60_000, "b"), "in-progress");
          assert.equal(await store.claim(held, 60_000, "a"), "new");
          assert.equal(await store.claim(done, 60_000, "b"), "done");
        } finally {
          close();
          await server.restart();
        }
      },
    },
    {
      name: "a server that is down: by default, calls wait until it is back",
      async run() {
        const { client: made, close } = await client.connect(server.url);
        const store = redisStore(made);
        try {
          await server.kill();
          await pause(100);
          const claim = store.claim(`waits ${client.name}`, 60_000, "a");
          await pause(200);
          await server.restart();
          assert.equal(await claim, "new");
        } finally {
          close();
          await server.restart();
        }
      },
    },
    {
      name: "anything else than a client is refused",
      async run() {
        for (const wrong of [undefined, null, {}, "redis://127.0.0.1", { eval() {} }]) {
          assert.throws(() => redisStore(/** @type {any} */ (wrong)), { name: "TypeError", code: "invalid_option" });
        }
        const { client: made, close } = await client.connect(server.url);
        close();
        assert.throws(() => redisStore(made, { prefix: /** @type {any} */ (1) }), { code: "invalid_option" });
      },
    },
  ];
}

/** @param {() => unknown} call */
export async function untilAnswers(call) {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === 200) throw error;
      await pause(50);
    }
  }
}
