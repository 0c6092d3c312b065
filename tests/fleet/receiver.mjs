// The application: Express and hookseal, as a user would write it. Runs in a project of its own, with the packed tarball.
// What its handler does for every delivery is a row in PostgreSQL: the effect that must take place once.

import { setTimeout as sleep } from "node:timers/promises";
import express from "express";
import { expressReceiver } from "hookseal/express";
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";
import pg from "pg";

const { FLEET_MODE, FLEET_INCARNATION, FLEET_REDIS, FLEET_POSTGRES, FLEET_LEASE } = process.env;

/** Work around the effect, up to so long before and after it: what a kill can hit. */
const WORK_MS = 10;
/** How many of 1000 handlers fail before their effect. */
const FAILING = 5;
/** How late the effect comes that nobody waits for. */
const LATE_MS = 500;

const pool = new pg.Pool({ connectionString: FLEET_POSTGRES, max: 20 });
pool.on("error", () => {}); // PostgreSQL restarts: the pool makes new connections

/** Imported only where it is used: a process that is killed every few seconds shall start fast. */
async function redis() {
  const [{ createClient }, { redisStore }] = await Promise.all([import("redis"), import("hookseal/stores/redis")]);
  const client = createClient({ url: FLEET_REDIS, socket: { reconnectStrategy: 100 } });
  client.on("error", () => {}); // Redis restarts: the client connects again
  await client.connect();
  return redisStore(client);
}

const stores = {
  redis,
  postgres: async () => (await import("hookseal/stores/postgres")).postgresStore(pool, { transactional: true }),
  // The two below have to fail the test.
  "every claim is new": () => ({ claim: () => "new", complete() {}, release() {} }),
  "the effect comes after the answer": () => undefined,
};

function record(client, { job_id }, id, started) {
  return client.query({
    name: "effect",
    text: "INSERT INTO effects (delivery, job, incarnation, started) VALUES ($1, $2, $3, $4)",
    values: [id, job_id, FLEET_INCARNATION, started],
  });
}

async function onDelivery(update, { id, transaction = pool }) {
  const started = Date.now();
  if (FLEET_MODE === "the effect comes after the answer") {
    sleep(LATE_MS).then(() => record(pool, update, id, started));
    return;
  }
  await sleep(Math.random() * WORK_MS);
  if (Math.random() * 1000 < FAILING) throw new Error("the handler failed, as it should now and then");
  await record(transaction, update, id, started);
  await sleep(Math.random() * WORK_MS);
}

const say = (message) => process.send?.({ log: message });
const receiver = createReceiver({
  webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
  store: await stores[FLEET_MODE](),
  onDelivery,
  lease: Number(FLEET_LEASE),
  bodyTimeout: 2_000,
  logger: { warn: say, error: say },
});

const app = express();
app.use((_, response, next) => {
  response.setHeader("x-incarnation", FLEET_INCARNATION);
  next();
});
app.use("/webhook", expressReceiver(receiver));
const server = app.listen(0, "127.0.0.1", () => process.send?.({ port: server.address().port }));
server.keepAliveTimeout = 600_000; // longer than the test: what breaks shall break on purpose
process.on("disconnect", () => process.exit());
