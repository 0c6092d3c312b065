// The application's own book, as an outsider reads it.

import { createRequire } from "node:module";

/** Installed by the time that it is called. @type {(name: string) => any} */
const load = createRequire(import.meta.url);

/**
 * One row that a handler wrote.
 * @typedef {object} Effect
 * @property {string} delivery
 * @property {string} job
 * @property {string} incarnation of the process that wrote it
 * @property {number} started when its handler began, ms
 * @property {number} at when it was written, ms
 */

const TABLE = `
  DROP TABLE IF EXISTS effects;
  CREATE TABLE effects (
    n bigint GENERATED ALWAYS AS IDENTITY,
    delivery text NOT NULL,
    job text NOT NULL,
    incarnation text NOT NULL,
    started double precision NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
  )`;

/** @param {string} url */
export function emptyLedger(url) {
  return withClient(url, (client) => client.query(TABLE));
}

/**
 * @param {string} url
 * @returns {Promise<Effect[]>} in order
 */
export function readLedger(url) {
  return withClient(url, async (client) => {
    const query =
      "SELECT delivery, job, incarnation, started, extract(epoch FROM at)::float8 * 1000 AS at FROM effects ORDER BY n";
    return (await client.query(query)).rows;
  });
}

/**
 * @template T
 * @param {string} url
 * @param {(client: any) => Promise<T>} work
 */
async function withClient(url, work) {
  const { Client } = load("pg");
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
