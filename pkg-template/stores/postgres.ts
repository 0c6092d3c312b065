/**
 * A store in PostgreSQL 11 or later, with your own pool of `pg`.
 *
 * @module hookseal/stores/postgres
 */
import { INVALID_STORE_CLIENT } from "../receiver.answers.js";
import { mistake } from "../receiver.errors.js";
import { digest, hex } from "./digest.js";
import type { Claim, Store, Transacted } from "./store.js";

export type { Claim, Store, Transacted } from "./store.js";

/** What a query gives, as far as the store looks at it. */
export interface PostgresResult {
  // biome-ignore lint/suspicious/noExplicitAny: as pg has it
  readonly rows: any[];
  readonly rowCount: number | null;
}

/** What the store needs of a pool's client. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  release(destroy?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
}

/** What the store needs of a `Pool` of `pg`, or of a package that is made like it. */
export interface PostgresPool {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
  connect(): Promise<PostgresClient>;
  // biome-ignore lint/suspicious/noExplicitAny: as pg has it
  on?(event: "connect", listener: (client: any) => void): unknown;
}

/** The clients of a pool: a handler's `delivery.transaction`. */
export type PostgresTransaction<Pool> =
  // With pg, connect takes a callback, too, and inference sees the last form only, unless both are spelled out.
  Pool extends { connect: { (): Promise<infer Client>; (callback: never): void } }
    ? unknown extends Client
      ? Pool extends { connect(): Promise<infer Only> }
        ? Only
        : never
      : Client
    : never;

/** Settings of a PostgreSQL store. */
export interface PostgresStoreOptions {
  /**
   * The table, with or without a schema: `hookseal_deliveries` (default), `app.deliveries`. Letters, digits and `_`, at
   * most 48 a part; upper case stays upper case.
   */
  table?: string;
  /** Whether to create the table when it is found missing. Default true. `false`: run {@link postgresTable} yourself. */
  createTable?: boolean;
  /**
   * `true`: the handler runs in a transaction, with its client as `delivery.transaction`, and what it writes with that
   * is committed together with the record that the delivery is done: exactly once, whatever crashes. Default false.
   */
  transactional?: boolean;
}

/** Of rows that have expired, removed at once. */
const REMOVED = 1000;
/** How many completions there are to one removal, on average. */
const COMPLETIONS = 100;
/** How often a step is tried that PostgreSQL wants repeated. */
const TRIES = 10;

const DEFAULT_TABLE = "hookseal_deliveries";

/**
 * Remembers deliveries in one table of PostgreSQL, which is created on first use. Time is the server's. Keys are stored
 * as SHA-256: `select * from hookseal_deliveries where key = sha256('msg_1')` finds one; it is done if `owner` is null.
 *
 * Every statement is short, so any `statement_timeout` or `lock_timeout` does. None waits for a handler, as long as all who use a
 * table are transactional, or none is. Set the pool's
 * `connectionTimeoutMillis`, so that a server that is down is noticed. With `transactional`, each delivery that is being
 * processed holds one of the pool's connections (`max`), so let handlers use `delivery.transaction` and not the pool, and
 * set `idle_in_transaction_session_timeout` above the time that a handler may take. A handler must neither end the
 * transaction nor release its client: `hookseal` does both. Where transactions are serializable by default, PostgreSQL may
 * reject one for the sake of another (40001): nothing took place then, and the sender's next attempt is processed.
 *
 * @param pool A `Pool` of `pg`, or one that is made like it.
 * @throws {TypeError} `invalid_option`: no pool, or the table's name
 * @example
 * ```ts
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 * import { type PostgresPool, postgresStore } from "hookseal/stores/postgres";
 *
 * // import { Pool } from "pg";
 * // const pool = new Pool({ connectionString: process.env.DATABASE_URL, connectionTimeoutMillis: 5000 });
 * export const receiverOn = (pool: PostgresPool) =>
 *   createReceiver({
 *     webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
 *     store: postgresStore(pool, { transactional: true }),
 *     onDelivery: (update, { transaction }) =>
 *       transaction.query("insert into jobs (id, status) values ($1, $2)", [update.job_id, update.status]),
 *   });
 * console.log(typeof receiverOn); // function
 * ```
 */
export function postgresStore<Pool extends PostgresPool>(
  pool: Pool,
  options: PostgresStoreOptions & { transactional: true },
): TransactionalStore<PostgresTransaction<Pool>>;
export function postgresStore(pool: PostgresPool, options?: PostgresStoreOptions & { transactional?: false }): Store;
export function postgresStore(pool: PostgresPool, options: PostgresStoreOptions = {}): Steps {
  const { table = DEFAULT_TABLE, createTable = true, transactional = false } = Object(options) as PostgresStoreOptions;
  const { query, connect } = Object(pool) as Partial<PostgresPool>;
  if (typeof query !== "function" || typeof connect !== "function") {
    throw mistake(INVALID_STORE_CLIENT, "pass a Pool of the package pg");
  }
  const store = new PostgresStore(pool, table, createTable);
  const steps: Steps = {
    claim: (key, lease, owner) => store.claim(key, lease, owner),
    complete: (key, ttl) => store.complete(key, ttl),
    release: (key, owner) => store.release(key, owner),
  };
  if (!transactional) return steps;
  listenFromTheStart(pool);
  const whole: TransactionalStore<never> = { ...steps, transact: (key, ttl, work) => store.transact(key, ttl, work) };
  return whole;
}

const listening = new WeakSet<PostgresPool>();

/**
 * A server that is stopped just then can end a connection in the same packet that makes it. The pool has taken its own listener
 * off by then, and whoever awaits `connect()` has not come to put theirs on: that error would end the process.
 */
function listenFromTheStart(pool: PostgresPool): void {
  if (typeof pool.on !== "function" || listening.has(pool)) return;
  listening.add(pool);
  pool.on("connect", (client: PostgresClient) => client.on("error", () => {}));
}

type Steps = Pick<Store, "claim" | "complete" | "release">;

/** A {@link Store} that works in transactions. */
export type TransactionalStore<Tx> = Store<Tx> & Required<Pick<Store<Tx>, "transact">>;

/**
 * What creates the table, for those who keep their schema in migrations. It can be run again.
 *
 * @param table As in {@link PostgresStoreOptions}.
 * @throws {TypeError} `invalid_option`: the name
 * @example
 * ```ts
 * import { postgresTable } from "hookseal/stores/postgres";
 *
 * console.log(postgresTable("app.deliveries").split("\n")[0]); // create table if not exists "app"."deliveries" (
 * ```
 */
export function postgresTable(table: string = DEFAULT_TABLE): string {
  const parts = partsOf(table);
  return `create table if not exists ${quoted(parts)} (
  key bytea primary key,
  owner text,
  expires_at timestamptz not null
);
create index if not exists "${parts.at(-1)}_expires_at" on ${quoted(parts)} (expires_at);`;
}

class PostgresStore {
  readonly #pool: PostgresPool;
  readonly #table: string;
  readonly #statements: Record<"claim" | "complete" | "release" | "begin" | "end" | "look" | "remove", string>;
  readonly #ddl: string | undefined;
  #creating: Promise<unknown> | undefined;

  constructor(pool: PostgresPool, table: string, createTable: boolean) {
    this.#pool = pool;
    this.#ddl = createTable ? postgresTable(table) : undefined;
    this.#table = quoted(partsOf(table));
    this.#statements = statements(this.#table);
  }

  async claim(key: string, lease: number, owner: string): Promise<Claim> {
    const { rows } = await this.#run(this.#statements.claim, [bytea(await digest(key)), owner, lease]);
    return rows[0].claim;
  }

  async complete(key: string, ttl: number): Promise<void> {
    await this.#run(this.#statements.complete, [bytea(await digest(key)), ttl]);
    await this.#removeExpired();
  }

  async release(key: string, owner: string): Promise<void> {
    await this.#run(this.#statements.release, [bytea(await digest(key)), owner]);
  }

  async transact<T>(key: string, ttl: number, work: (client: never) => Promise<T>): Promise<Transacted<T>> {
    const id = bytea(await digest(key));
    // Of the table, too: the database's advisory locks are one space.
    const lock = new DataView((await digest(`${this.#table} ${key}`)).buffer).getBigInt64(0).toString();
    let started = false;
    const attempt = () =>
      this.#inTransaction<Transacted<T>>(async (client) => {
        const claim = await this.#begin(client, id, lock, ttl);
        if (claim !== "new") return { claim };
        started = true;
        const result = await work(client as never);
        // Also finds out if the work has ended the transaction, or has gone on after an error that spoilt it.
        const { rowCount } = await client.query(this.#statements.end, [id, ttl]);
        if (rowCount !== 1) throw new Error("The handler has ended the transaction of its delivery");
        return { claim, result };
      });
    const done = await this.#repeated(attempt, () => !started);
    if (done.claim === "new") await this.#removeExpired();
    return done;
  }

  /** Claims within a transaction, for as long as that lasts. */
  async #begin(client: PostgresClient, id: string, lock: string, ttl: number): Promise<Claim> {
    // A row that is not committed would make others wait for it; the lock tells them at once. In a statement of its own:
    // the next one has to see what was committed before the lock was free.
    const { rows } = await client.query("select pg_try_advisory_xact_lock($1) as locked", [lock]);
    if (!rows[0].locked) return "in-progress";
    const begun = await client.query(this.#statements.begin, [id, ttl]);
    if (begun.rowCount === 1) return "new";
    const found = await client.query(this.#statements.look, [id]);
    return found.rows[0]?.claim ?? "in-progress";
  }

  /** Commits if the steps resolve with a claim that is `new`, else rolls back. The client is back in the pool then. */
  async #inTransaction<T extends { claim: Claim }>(steps: (client: PostgresClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken = false;
    // Without a listener, a connection that breaks between two queries would end the process.
    const onError = () => {
      broken = true;
    };
    client.on("error", onError);
    try {
      await client.query("begin");
      const done = await steps(client);
      await client.query(done.claim === "new" ? "commit" : "rollback");
      return done;
    } catch (error) {
      await client.query("rollback").catch(onError);
      throw error;
    } finally {
      client.removeListener("error", onError);
      client.release(broken);
    }
  }

  #run(text: string, values: unknown[]): Promise<PostgresResult> {
    return this.#repeated(
      () => this.#pool.query(text, values),
      () => true,
    );
  }

  /** Again, where the table was missing, or PostgreSQL gave up for the sake of another transaction. */
  async #repeated<T>(step: () => Promise<T>, mayRepeat: () => boolean): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await step();
      } catch (error) {
        const code = (error as { code?: unknown } | undefined)?.code;
        if (tries === TRIES || !mayRepeat()) throw error;
        if (code === "42P01" && this.#ddl !== undefined && tries === 1) await this.#create(this.#ddl);
        else if (code !== "40001" && code !== "40P01") throw error;
      }
    }
  }

  /** At once for all who miss it: here by the promise, in other processes by the lock. */
  async #create(ddl: string): Promise<void> {
    this.#creating ??= this.#pool
      .query(`select pg_advisory_xact_lock(7526769902334342000);\n${ddl}`)
      .finally(() => (this.#creating = undefined));
    await this.#creating;
  }

  async #removeExpired(): Promise<void> {
    if (Math.random() * COMPLETIONS >= 1) return;
    // The delivery is done in any case.
    await this.#pool.query(this.#statements.remove).catch(() => {});
  }
}

/** `$1` is always the key; times come in milliseconds. A row without an owner is done. */
function statements(table: string) {
  const time = (parameter: string) => `clock_timestamp() + ${parameter}::float8 * interval '1 millisecond'`;
  const look = (key: string) =>
    `select case when owner is null then 'done' else 'in-progress' end as claim
from ${table} where key = ${key} and expires_at > clock_timestamp()`;
  return {
    // The row that is looked at was there when the statement began. One that came since is somebody else's.
    claim: `with claimed as (
  insert into ${table} as held (key, owner, expires_at) values ($1::bytea, $2::text, ${time("$3")})
  on conflict (key) do update set owner = excluded.owner, expires_at = excluded.expires_at
  where held.owner = excluded.owner or held.expires_at <= clock_timestamp()
  returning 'new'
)
select coalesce((select 'new' from claimed), (${look("$1::bytea")}), 'in-progress') as claim`,
    complete: `insert into ${table} (key, owner, expires_at) values ($1::bytea, null, ${time("$2")})
on conflict (key) do update set owner = null, expires_at = excluded.expires_at`,
    release: `delete from ${table} where key = $1::bytea and owner = $2::text`,
    begin: `insert into ${table} as held (key, owner, expires_at) values ($1::bytea, null, ${time("$2")})
on conflict (key) do update set owner = null, expires_at = excluded.expires_at
where held.expires_at <= clock_timestamp()`,
    // Only the row that this same transaction has written.
    end: `update ${table} set expires_at = ${time("$2")}
where key = $1::bytea and xmin = (txid_current() & 4294967295)::text::xid`,
    look: look("$1::bytea"),
    remove: `delete from ${table} where key in (
  select key from ${table} where expires_at <= clock_timestamp() limit ${REMOVED} for update skip locked
)`,
  };
}

function bytea(bytes: Uint8Array): string {
  return `\\x${hex(bytes)}`;
}

function partsOf(table: unknown): string[] {
  const parts = typeof table === "string" ? table.split(".") : [];
  if (parts.length < 1 || parts.length > 2 || !parts.every((part) => /^[A-Za-z_]\w{0,47}$/.test(part))) {
    throw mistake(
      INVALID_STORE_CLIENT,
      "table must be a name such as deliveries or app.deliveries: letters, digits and _",
    );
  }
  return parts;
}

function quoted(parts: readonly string[]): string {
  return parts.map((part) => `"${part}"`).join(".");
}
