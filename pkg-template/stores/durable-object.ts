/**
 * A store in Cloudflare's Durable Objects: one object for each delivery, with SQLite storage.
 *
 * @module hookseal/stores/durable-object
 */
import { INVALID_STORE_CLIENT } from "../receiver.answers.js";
import { mistake } from "../receiver.errors.js";
import type { Claim, Store } from "./store.js";

export type { Claim, Store, Transacted } from "./store.js";

/** What the store needs of a `DurableObjectNamespace`. */
export interface DeliveryNamespace {
  // biome-ignore lint/suspicious/noExplicitAny: an id has a type of the platform's
  idFromName(name: string): any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  get(id: any): { fetch(url: string, init: { method: string; body: string }): Promise<DeliveryAnswer> };
}

/** What the store reads of a response. */
export interface DeliveryAnswer {
  readonly ok: boolean;
  readonly status: number;
  text(): Promise<string>;
}

/** What {@link DeliveryStore} needs of a `DurableObjectState`. */
export interface DeliveryState {
  readonly storage: {
    readonly sql: {
      // biome-ignore lint/suspicious/noExplicitAny: rows are the statement's
      exec(query: string, ...bindings: any[]): { toArray(): any[] };
    };
    setAlarm(time: number): Promise<void>;
    deleteAll(): Promise<void>;
  };
}

/** Settings of a Durable Object store. */
export interface DurableObjectStoreOptions {
  /** What the names of its objects begin with. Default none: the namespace is the store's own. */
  prefix?: string;
}

/** Milliseconds. */
const YEAR = 365 * 24 * 3_600_000;

/** What the store asks its object. */
type Question =
  | { readonly call: "claim"; readonly time: number; readonly owner: string }
  | { readonly call: "complete"; readonly time: number }
  | { readonly call: "release"; readonly owner: string };

/**
 * Remembers deliveries in Durable Objects of the class {@link DeliveryStore}, which your Worker has to export. In
 * `wrangler.jsonc`:
 *
 * ```jsonc
 * "durable_objects": { "bindings": [{ "name": "DELIVERIES", "class_name": "DeliveryStore" }] },
 * "migrations": [{ "tag": "v1", "new_sqlite_classes": ["DeliveryStore"] }]
 * ```
 *
 * A delivery's object lives near where it first came in, judges time by its own clock, and empties itself when it has
 * expired. A delivery makes two requests to its object, and an alarm.
 *
 * @param namespace The binding: `env.DELIVERIES`.
 * @throws {TypeError} `invalid_option`: no namespace, or the prefix is not text
 * @example
 * ```ts
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 * import { type DeliveryNamespace, durableObjectStore } from "hookseal/stores/durable-object";
 *
 * export { DeliveryStore } from "hookseal/stores/durable-object";
 *
 * interface Env {
 *   REDUCTO_WEBHOOK_SECRET: string;
 *   DELIVERIES: DeliveryNamespace; // DurableObjectNamespace
 * }
 *
 * const receiver = createReceiver({
 *   webhook: (env: Env) => new ReductoWebhook(env.REDUCTO_WEBHOOK_SECRET),
 *   store: (env) => durableObjectStore(env.DELIVERIES),
 *   onDelivery: (update) => console.log(update.status),
 * });
 * export default { fetch: receiver.fetch };
 * console.log(typeof receiver.fetch); // function
 * ```
 */
export function durableObjectStore(namespace: DeliveryNamespace, options: DurableObjectStoreOptions = {}): Store {
  const { prefix = "" } = Object(options) as DurableObjectStoreOptions;
  if (typeof prefix !== "string") throw mistake(INVALID_STORE_CLIENT, "prefix must be a string");
  if (typeof Object(namespace).idFromName !== "function") {
    throw mistake(INVALID_STORE_CLIENT, "pass the binding of a Durable Object namespace, such as env.DELIVERIES");
  }
  const ask = async (key: string, question: Question): Promise<string> => {
    const object = namespace.get(namespace.idFromName(prefix + key));
    const answer = await object.fetch("https://delivery.store/", { method: "POST", body: JSON.stringify(question) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The Durable Object answered ${answer.status}: ${text}`);
    return text;
  };
  return {
    claim: async (key, lease, owner) => (await ask(key, { call: "claim", time: lease, owner })) as Claim,
    async complete(key, ttl) {
      await ask(key, { call: "complete", time: ttl });
    },
    async release(key, owner) {
      await ask(key, { call: "release", owner });
    },
  };
}

interface Row {
  /** `null` once it is done. */
  readonly owner: string | null;
  /** When the lease, or the memory of it, ends: milliseconds since 1970. */
  readonly until: number;
}

/**
 * The class of the objects that {@link durableObjectStore} asks; the platform makes them. It extends nothing, so that it
 * can be loaded on every host.
 *
 * @example
 * ```ts
 * // In the Worker's main module:
 * export { DeliveryStore } from "hookseal/stores/durable-object";
 * ```
 */
export class DeliveryStore {
  readonly #storage: DeliveryState["storage"];

  constructor(state: DeliveryState, _env?: unknown) {
    this.#storage = state.storage;
  }

  /** Answers a store. Nobody else can reach an object. */
  async fetch(request: { json(): Promise<unknown> }): Promise<Response> {
    const question = (await request.json()) as Question;
    // From here on nothing is waited for before everything is written: no other request comes between.
    return new Response(this.#answer(question));
  }

  /** Empties the object once its delivery has expired. */
  async alarm(): Promise<void> {
    const found = this.#find();
    if (found !== undefined && found.until > Date.now()) await this.#wake(found.until);
    else await this.#storage.deleteAll();
  }

  #answer(question: Question): Claim | "" {
    const now = Date.now();
    const row = this.#find();
    const found = row !== undefined && row.until > now ? row : undefined;
    switch (question.call) {
      case "claim": {
        if (found?.owner === null) return "done";
        if (found !== undefined && found.owner !== question.owner) return "in-progress";
        this.#write(question.owner, now + question.time);
        return "new";
      }
      case "complete":
        this.#write(null, now + question.time);
        return "";
      case "release":
        // The alarm, which is set, removes the rest.
        if (found?.owner === question.owner) this.#storage.sql.exec("delete from delivery");
        return "";
    }
  }

  #find(): Row | undefined {
    // Each time: deleteAll takes the table, too, and the object may go on.
    this.#storage.sql.exec(
      "create table if not exists delivery (id integer primary key check (id = 1), owner text, until real not null)",
    );
    return this.#storage.sql.exec("select owner, until from delivery").toArray()[0] as Row | undefined;
  }

  /** What fails here resets the object, and with it the answer: the platform holds that back until all is stored. */
  #write(owner: string | null, until: number): void {
    this.#storage.sql.exec("insert or replace into delivery (id, owner, until) values (1, ?, ?)", owner, until);
    void this.#wake(until);
  }

  /** Not later than the platform can count; it is asked for again then. */
  #wake(until: number): Promise<void> {
    return this.#storage.setAlarm(Math.min(Math.ceil(until), Date.now() + YEAR));
  }
}
