/**
 * A store in Redis 6 or later (or Valkey), with your own client: `redis` or `ioredis`.
 *
 * @module hookseal/stores/redis
 */
import { INVALID_STORE_CLIENT } from "../receiver.answers.js";
import { mistake } from "../receiver.errors.js";
import type { Claim, Store } from "./store.js";

export type { Claim, Store, Transacted } from "./store.js";

/** What the store needs of a client, cluster or pool of `redis` (node-redis), version 4 or later. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Tells it from {@link IoRedisClient}. */
  readonly evalSha: unknown;
}

/** What the store needs of a `Redis` or `Cluster` of `ioredis`, version 5 or later. */
export interface IoRedisClient {
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>;
  /** Tells it from {@link NodeRedisClient}. */
  readonly evalsha: unknown;
}

/** Settings of a Redis store. */
export interface RedisStoreOptions {
  /** What the names of its keys begin with. Default `hookseal:`. */
  prefix?: string;
}

// A key is `done`, or `held:` and the owner; Redis forgets it by its own clock. Every script is atomic, has one key (so
// that a cluster can run it) and can be sent twice, as clients do after a broken connection. Sent whole each time, which
// costs no more than a hash that the server may not know.
const CLAIM = `local found = redis.call('GET', KEYS[1])
if found == 'done' then return 2 end
if found and found ~= ARGV[1] then return 1 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 0`;
const COMPLETE = "redis.call('SET', KEYS[1], 'done', 'PX', ARGV[1]) return 0";
const RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end return 0";

const CLAIMS: readonly Claim[] = ["new", "in-progress", "done"];

/**
 * Remembers deliveries in Redis: one key each, that Redis removes by itself. Each call is one script and one round trip.
 *
 * What a server forgets, because it is restarted without `appendonly`, fails over to a replica that lags behind, or
 * evicts keys, may be processed again. While it is down, calls wait or reject as the client is set up to.
 *
 * @param client A client of `redis` that is connected, or one of `ioredis`; a cluster of either.
 * @throws {TypeError} `invalid_option`: the client is neither, or the prefix is not text
 * @example
 * ```ts
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 * import { redisStore, type NodeRedisClient } from "hookseal/stores/redis";
 *
 * // import { createClient } from "redis";
 * // const client = await createClient({ url: process.env.REDIS_URL }).on("error", console.error).connect();
 * export const receiverOn = (client: NodeRedisClient) =>
 *   createReceiver({
 *     webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
 *     store: redisStore(client, { prefix: "webhooks:" }),
 *     onDelivery: (update) => console.log(update.status),
 *   });
 * console.log(typeof receiverOn); // function
 * ```
 */
export function redisStore(client: NodeRedisClient | IoRedisClient, options: RedisStoreOptions = {}): Store {
  const { prefix = "hookseal:" } = Object(options) as RedisStoreOptions;
  if (typeof prefix !== "string") throw mistake(INVALID_STORE_CLIENT, "prefix must be a string");
  const run = runner(client);
  return {
    async claim(key, lease, owner) {
      const answer = await run(CLAIM, prefix + key, [held(owner), milliseconds(lease)]);
      const claim = CLAIMS[Number(answer)];
      // Such as the `QUEUED` of a client that is inside of MULTI.
      if (claim === undefined) throw new Error(`Redis answered ${String(answer)} to a claim`);
      return claim;
    },
    async complete(key, ttl) {
      await run(COMPLETE, prefix + key, [milliseconds(ttl)]);
    },
    async release(key, owner) {
      await run(RELEASE, prefix + key, [held(owner)]);
    },
  };
}

function held(owner: string): string {
  return `held:${owner}`;
}

/** Redis takes whole ones, above 0. */
function milliseconds(time: number): string {
  return String(Math.max(1, Math.ceil(time)));
}

function runner(client: unknown): (script: string, key: string, args: string[]) => Promise<unknown> {
  const { evalSha, evalsha } = Object(client) as Partial<NodeRedisClient & IoRedisClient>;
  if (typeof evalSha === "function") {
    const nodeRedis = client as NodeRedisClient;
    return (script, key, args) => nodeRedis.eval(script, { keys: [key], arguments: args });
  }
  if (typeof evalsha === "function") {
    const ioRedis = client as IoRedisClient;
    return (script, key, args) => ioRedis.eval(script, 1, key, ...args);
  }
  throw mistake(INVALID_STORE_CLIENT, "pass a client of the package redis, such as createClient(), or of ioredis");
}
