// The stores with the real types of their clients.

import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";
import { type ConformanceCase, storeConformance } from "hookseal/stores/conformance";
import { durableObjectStore } from "hookseal/stores/durable-object";
import { memoryStore } from "hookseal/stores/memory";
import { type PostgresClient, postgresStore, postgresTable, type TransactionalStore } from "hookseal/stores/postgres";
import { redisStore, type Store } from "hookseal/stores/redis";
import { Cluster, Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis-5";
import { Pool, type PoolClient } from "pg";
import { createClient, createCluster } from "redis";
import { createClient as createClient4, createCluster as createCluster4 } from "redis-4";
import { createClient as createClient5, createClientPool, createCluster as createCluster5 } from "redis-5";
import { is } from "./equal.js";

const nodes = { rootNodes: [{ url: "redis://127.0.0.1" }] };
is<Store>()(redisStore(createClient(), { prefix: "a" }));
for (const client of [createClient4(), createClient5(), createClientPool()]) is<Store>()(redisStore(client));
is<Store>()(redisStore(createCluster(nodes)));
is<Store>()(redisStore(createCluster4(nodes)));
is<Store>()(redisStore(createCluster5(nodes)));
is<Store>()(redisStore(new Redis()));
is<Store>()(redisStore(new Redis5()));
is<Store>()(redisStore(new Cluster([])));
// @ts-expect-error: no client
redisStore("redis://127.0.0.1");

const pool = new Pool();
is<Store>()(postgresStore(pool));
is<Store>()(postgresStore(pool, { table: "app.deliveries", createTable: false, transactional: false }));
is<TransactionalStore<PoolClient>>()(postgresStore(pool, { transactional: true }));
is<string>()(postgresTable());
// @ts-expect-error: a client is no pool
postgresStore("postgres://127.0.0.1");

// A pool whose connect has one form, as wrappers have.
declare const wrapper: {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
  connect(): Promise<PostgresClient & { extra: number }>;
};
is<TransactionalStore<PostgresClient & { extra: number }>>()(postgresStore(wrapper, { transactional: true }));

const webhook = new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
createReceiver({
  webhook,
  store: postgresStore(pool, { transactional: true }),
  onDelivery: async ({ job_id }, { transaction }) => {
    is<PoolClient>()(transaction);
    await transaction.query("insert into jobs values ($1)", [job_id]);
  },
});
createReceiver({
  webhook,
  store: postgresStore(pool),
  onDelivery: (_, { transaction }) => is<undefined>()(transaction),
});

interface Env {
  DELIVERIES: DurableObjectNamespace;
}
createReceiver({ webhook, store: (env: Env) => durableObjectStore(env.DELIVERIES), onDelivery: () => {} });

is<ConformanceCase[]>()(storeConformance({ connect: () => ({ store: memoryStore() }) }));
storeConformance({
  connect: async () => ({ store: postgresStore(pool, { transactional: true }), close: () => pool.end() }),
  transaction: {
    write: (client, name) => client.query("insert into effects values ($1)", [name]),
    written: async (name) => (await pool.query("select from effects where name = $1", [name])).rowCount ?? 0,
  },
});
