// PostgreSQL, through pg: in steps, and in transactions.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { startPostgres } from "../../scripts/setup/services.mjs";
import { loadConformance, loadPostgres } from "./hookseal.mjs";
import { untilAnswers } from "./redis.mjs";
import { runCases } from "./results.mjs";

const require = createRequire(import.meta.url);
/** @type {typeof import("pg")} */
const pg = require("pg");

/** @typedef {import("../../scripts/setup/services.mjs").Service} Service */

/** @param {Service} server @param {import("pg").PoolConfig} [options] */
function poolOn({ url }, options = {}) {
  const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: 10_000, ...options });
  return pool.on("error", () => {}); // a connection that broke while it was idle
}

export async function run() {
  const { storeConformance } = await loadConformance();
  const { postgresStore, postgresTable } = await loadPostgres();
  const server = await startPostgres({ settings: { max_connections: 200 } });
  const admin = poolOn(server);
  try {
    const version = (await admin.query("show server_version")).rows[0].server_version.split(" ")[0];
    const label = `pg ${require("pg/package.json").version}, PostgreSQL ${version}`;
    await admin.query("create table effects (name text)");
    const connect = async () => {
      const pool = poolOn(server);
      return { store: postgresStore(pool), close: () => pool.end() };
    };
    const connectTransactional = async () => {
      const pool = poolOn(server);
      return { store: postgresStore(pool, { transactional: true, table: "transactional" }), close: () => pool.end() };
    };
    const repeatable = async () => {
      const pool = poolOn(server, { options: "-c default_transaction_isolation=repeatable\\ read" });
      return { store: postgresStore(pool, { transactional: true, table: "Repeatable_1" }), close: () => pool.end() };
    };
    /** @type {import("hookseal/stores/conformance").TransactionProbe<import("pg").PoolClient>} */
    const transaction = {
      write: (client, name) => client.query("insert into effects values ($1)", [name]),
      written: async (name) => {
        const { rows } = await admin.query("select count(*)::int as count from effects where name = $1", [name]);
        return rows[0].count;
      },
      async breakConnection(client) {
        const { rows } = await client.query("select pg_backend_pid() as pid");
        await admin.query("select pg_terminate_backend($1)", [rows[0].pid]);
      },
    };
    const made = { server, admin, postgresStore, postgresTable };
    return [
      await runCases(`${label}, in steps`, [...storeConformance({ connect }), ...ownCases(made)]),
      await runCases(`${label}, in transactions`, [
        ...storeConformance({ connect: connectTransactional, transaction }),
        ...transactionCases(made),
      ]),
      await runCases(`${label}, repeatable read by default`, storeConformance({ connect: repeatable, transaction })),
      // Ends the server, so it comes last.
      await runCases(`${label}, when the server is down`, outageCases(made)),
    ];
  } finally {
    await admin.end();
    await server.stop();
  }
}

/** @typedef {{server: Service, admin: import("pg").Pool, postgresStore: typeof import("hookseal/stores/postgres").postgresStore, postgresTable: typeof import("hookseal/stores/postgres").postgresTable}} Made */

/**
 * With a pool that is ended after it.
 * @param {Service} server
 * @param {import("pg").PoolConfig} options
 * @param {(pool: import("pg").Pool) => Promise<unknown>} use
 */
async function withPool(server, options, use) {
  const pool = poolOn(server, options);
  try {
    await use(pool);
  } finally {
    await pool.end();
  }
}

/** @param {Made} made */
function ownCases({ server, admin, postgresStore, postgresTable }) {
  return [
    {
      name: "the table is made once, however many processes start at once",
      async run() {
        for (const table of ["race_1", "race_2", "race_3"]) {
          const pools = Array.from({ length: 20 }, () => poolOn(server, { max: 2 }));
          try {
            const stores = pools.map((pool) => postgresStore(pool, { table }));
            const claims = await Promise.all(
              [...stores, ...stores].map(async (store, at) => store.claim("a", 60_000, `${at}`)),
            );
            assert.equal(claims.filter((claim) => claim === "new").length, 1);
          } finally {
            await Promise.all(pools.map((pool) => pool.end()));
          }
        }
      },
    },
    {
      name: "a table that was dropped is made again",
      run: () =>
        withPool(server, {}, async (pool) => {
          const store = postgresStore(pool, { table: "dropped" });
          for (let round = 1; round <= 2; round++) {
            assert.equal(await store.claim("a", 60_000, "a"), "new");
            await admin.query("drop table dropped");
          }
        }),
    },
    {
      name: "createTable: false makes none, and a user who may not make one needs none made",
      async run() {
        await withPool(server, {}, async (pool) => {
          const store = postgresStore(pool, { table: "by_hand", createTable: false });
          await assert.rejects(async () => store.claim("a", 60_000, "a"), { code: "42P01" });
          await admin.query("create schema app");
          await admin.query(postgresTable("app.by_hand"));
          await admin.query(postgresTable("app.by_hand"));
          await admin.query("create role receiver login; grant usage on schema app to receiver");
          await admin.query("grant select, insert, update, delete on app.by_hand to receiver");
        });
        await withPool(
          server,
          { user: "receiver", connectionString: server.url.replace("postgres@", "receiver@") },
          async (pool) => {
            const store = postgresStore(pool, { table: "app.by_hand", transactional: true });
            assert.equal(await store.claim("a", 60_000, "a"), "new");
            await store.complete("a", 60_000, "a");
            assert.deepEqual(await store.transact("a", 60_000, async () => 1), { claim: "done" });
            assert.deepEqual(await store.transact("b", 60_000, async () => 1), { claim: "new", result: 1 });
            await assert.rejects(async () => postgresStore(pool, { table: "app.other" }).claim("a", 1000, "a"), {
              code: "42501",
            });
          },
        );
      },
    },
    {
      name: "a row can be found by its key",
      run: () =>
        withPool(server, {}, async (pool) => {
          await postgresStore(pool).complete("msg_1", 60_000, "a");
          const { rows } = await pool.query("select owner from hookseal_deliveries where key = sha256('msg_1')");
          assert.deepEqual(rows, [{ owner: null }]);
        }),
    },
    {
      name: "rows that have expired are removed, 1,000 at once, others not",
      run: () =>
        withPool(server, {}, async (pool) => {
          const store = postgresStore(pool, { table: "expired" });
          await store.claim("held", 60_000, "a");
          await pool.query(
            "insert into expired select sha256(n::text::bytea), null, now() - interval '1 second' from generate_series(1, 1500) as n",
          );
          const random = Math.random;
          const count = async () => (await pool.query("select count(*)::int as count from expired")).rows[0].count;
          try {
            Math.random = () => 0.5;
            await store.complete("done 1", 60_000, "a");
            assert.equal(await count(), 1502);
            Math.random = () => 0;
            await store.complete("done 2", 60_000, "a");
            assert.equal(await count(), 503);
            await store.complete("done 3", 60_000, "a");
            assert.equal(await count(), 4);
          } finally {
            Math.random = random;
          }
          assert.equal(await store.claim("done 1", 60_000, "a"), "done");
          assert.equal(await store.claim("held", 60_000, "b"), "in-progress");
        }),
    },
    {
      name: "names that are none are refused, and so is anything else than a pool",
      async run() {
        const pool = /** @type {any} */ ({ query() {}, connect() {} });
        for (const table of ["", "a b", 'a"b', "a.b.c", ".a", "a;drop", "1a", "é", "a".repeat(49), 1, null]) {
          const make = () => postgresStore(pool, { table: /** @type {any} */ (table) });
          assert.throws(make, { name: "TypeError", code: "invalid_option" }, String(table));
        }
        for (const wrong of [undefined, null, {}, server.url]) {
          assert.throws(() => postgresStore(/** @type {any} */ (wrong)), { code: "invalid_option" });
        }
      },
    },
  ];
}

/** @param {Made} made */
function transactionCases({ server, admin, postgresStore }) {
  const table = "transactional";
  /** @param {(store: import("hookseal/stores/postgres").TransactionalStore<import("pg").PoolClient>, pool: import("pg").Pool) => Promise<unknown>} use */
  const withStore = (use, options = {}) =>
    withPool(server, options, (pool) => use(postgresStore(pool, { transactional: true, table }), pool));
  const effects = async (/** @type {string} */ name) =>
    (await admin.query("select from effects where name = $1", [name])).rowCount;
  return [
    {
      name: "work that hides an error of the transaction is not done",
      run: () =>
        withStore(async (store) => {
          const key = crypto.randomUUID();
          const hides = async (/** @type {import("pg").PoolClient} */ client) => {
            await client.query("insert into effects values ($1)", [key]);
            await client.query("select from nothing").catch(() => {});
          };
          await assert.rejects(store.transact(key, 60_000, hides), { code: "25P02" });
          assert.equal(await effects(key), 0);
          assert.equal(await store.claim(key, 60_000, "a"), "new");
        }),
    },
    {
      name: "work that ends the transaction itself is an error",
      run: () =>
        withStore(async (store) => {
          for (const end of ["rollback", "commit", "rollback; begin"]) {
            const work = (/** @type {import("pg").PoolClient} */ client) => client.query(end);
            await assert.rejects(store.transact(crypto.randomUUID(), 60_000, work), /ended the transaction/);
          }
        }),
    },
    {
      name: "work may use savepoints, and a handler's own missing table is its own error",
      run: () =>
        withStore(async (store) => {
          const key = crypto.randomUUID();
          const { claim } = await store.transact(key, 60_000, async (client) => {
            await client.query("savepoint s");
            await client.query("select from nothing").catch(() => {});
            await client.query("rollback to s");
            await client.query("insert into effects values ($1)", [key]);
          });
          assert.deepEqual([claim, await effects(key)], ["new", 1]);
          let runs = 0;
          const missing = store.transact(crypto.randomUUID(), 60_000, async (client) => {
            runs++;
            await client.query("select from nothing");
          });
          await assert.rejects(missing, { code: "42P01" });
          assert.equal(runs, 1);
        }),
    },
    {
      name: "a constraint that is checked at commit rolls back",
      async run() {
        await admin.query("create table checked (a int unique deferrable initially deferred)");
        await withStore(async (store, pool) => {
          const key = crypto.randomUUID();
          const twice = (/** @type {import("pg").PoolClient} */ client) =>
            client.query("insert into checked values (1), (1)");
          await assert.rejects(store.transact(key, 60_000, twice), { code: "23505" });
          assert.equal((await store.transact(key, 60_000, async () => 1)).claim, "new");
          assert.equal(pool.totalCount, 1);
        });
      },
    },
    {
      name: "a broken connection leaves the pool, all others go back",
      run: () =>
        withStore(
          async (store, pool) => {
            const first = await store.transact(crypto.randomUUID(), 60_000, async (client) => client);
            assert.deepEqual([pool.totalCount, pool.idleCount], [1, 1]);
            await store
              .transact(crypto.randomUUID(), 60_000, async () => Promise.reject(new Error("x")))
              .catch(() => {});
            assert.deepEqual([pool.totalCount, pool.idleCount], [1, 1]);
            const { rows } = await pool.query("select pg_backend_pid() as pid");
            await assert.rejects(
              store.transact(crypto.randomUUID(), 60_000, async () => {
                await admin.query("select pg_terminate_backend($1)", [rows[0].pid]);
                await pause(100); // no query is running when it breaks
              }),
            );
            assert.equal(pool.totalCount, 0);
            const second = await store.transact(crypto.randomUUID(), 60_000, async (client) => client);
            assert.notEqual(first, second);
            const listeners = /** @type {any} */ (second).result.listenerCount("error");
            await store.transact(crypto.randomUUID(), 60_000, async () => {});
            const after = /** @type {any} */ (second).result.listenerCount("error");
            assert.deepEqual([listeners, after], [2, 2], "the pool's own listener, and one of the store's for good");
          },
          { max: 1 },
        ),
    },
  ];
}

/** What PostgreSQL sends when it is stopped just as a client connects: it takes luck to see the real one do it. */
const ENDED_AT_ONCE = Buffer.from("R\0\0\0\x08\0\0\0\0Z\0\0\0\x05IE\0\0\0\x18SFATAL\0C57P01\0Mbye\0\0", "latin1");

/**
 * @param {Buffer} answer to whatever comes first
 * @param {(port: number) => Promise<unknown>} use
 */
async function withServer(answer, use) {
  const listener = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end(answer));
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  try {
    await use(/** @type {import("node:net").AddressInfo} */ (listener.address()).port);
  } finally {
    listener.close();
  }
}

/** @param {Made} made */
function outageCases({ server, postgresStore }) {
  return [
    {
      name: "a connection that ends in the packet that makes it ends the call, not the process",
      run: () =>
        withServer(ENDED_AT_ONCE, (port) =>
          withPool({ ...server, url: `postgres://postgres@127.0.0.1:${port}/postgres` }, {}, async (pool) => {
            const store = postgresStore(pool, { transactional: true, table: "at_once" });
            await assert.rejects(store.transact("key", 60_000, async () => {}));
          }),
        ),
    },
    {
      name: "calls reject, and go on with all that was known when it is back",
      run: () =>
        withPool(server, {}, async (pool) => {
          const store = postgresStore(pool, { transactional: true, table: "outage" });
          assert.equal(await store.claim("held", 600_000, "a"), "new");
          await store.complete("done", 600_000, "a");
          await store.transact("done too", 600_000, async () => {});
          const working = store.transact("working", 600_000, () => pause(300));
          const broken = assert.rejects(working);
          await pause(100);
          await server.kill();
          await broken;
          const since = performance.now();
          await assert.rejects(async () => store.claim("down", 60_000, "a"));
          await assert.rejects(async () => store.complete("down", 60_000, "a"));
          await assert.rejects(async () => store.release("down", "a"));
          await assert.rejects(store.transact("down", 60_000, async () => {}));
          assert.ok(performance.now() - since < 2_000, "it took long to reject");
          await server.restart();
          await untilAnswers(() => store.claim("up", 60_000, "a"));
          assert.equal(await store.claim("held", 60_000, "b"), "in-progress");
          assert.equal(await store.claim("held", 60_000, "a"), "new");
          assert.equal(await store.claim("done", 60_000, "b"), "done");
          assert.deepEqual(await store.transact("done too", 60_000, async () => {}), { claim: "done" });
          assert.equal((await store.transact("working", 60_000, async () => {})).claim, "new");
        }),
    },
  ];
}
