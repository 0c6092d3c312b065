// The receiver in each framework of Node: the same paths everywhere.

import { createServer } from "node:http";
import { serve } from "@hono/node-server";
import connect from "connect";
import express5 from "express";
import express4 from "express-4";
import fastify5 from "fastify";
import fastify4 from "fastify-4";
import { Hono } from "hono";
import { expressReceiver } from "hookseal/express";
import { fastifyReceiver } from "hookseal/fastify";

/** Receivers by path. @typedef {Record<string, any>} Receivers */
/** @typedef {{port: number, close: () => Promise<void>}} Running */

/** @param {import("node:http").Server} server @returns {Promise<Running>} */
export function listen(server) {
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      const close = () =>
        new Promise((closed) => {
          server.close(() => closed(undefined));
          server.closeAllConnections?.();
        });
      done({ port, close: /** @type {() => Promise<void>} */ (close) });
    });
  });
}

/** @param {any} express */
const expressMount = (express) => (/** @type {Receivers} */ receivers) => {
  const app = express();
  for (const [path, receiver] of Object.entries(receivers)) app.use(path, expressReceiver(receiver));
  return listen(createServer(app));
};

/** @param {any} fastify */
const fastifyMount = (fastify) => async (/** @type {Receivers} */ receivers) => {
  const app = fastify();
  for (const [path, receiver] of Object.entries(receivers)) app.register(fastifyReceiver, { receiver, path });
  await app.ready();
  return listen(app.server);
};

/** @type {Record<string, (receivers: Receivers) => Promise<Running>>} */
export const MOUNTS = {
  "Express 5": expressMount(express5),
  "Express 4": expressMount(express4),
  Connect: (receivers) => {
    const app = connect();
    for (const [path, receiver] of Object.entries(receivers)) app.use(path, expressReceiver(receiver));
    return listen(createServer(app));
  },
  "node:http": (receivers) => {
    const handlers = Object.fromEntries(
      Object.entries(receivers).map(([path, receiver]) => [path, expressReceiver(receiver)]),
    );
    return listen(
      createServer((request, response) => {
        handlers[request.url ?? ""]?.(request, response);
      }),
    );
  },
  "Fastify 5": fastifyMount(fastify5),
  "Fastify 4": fastifyMount(fastify4),
  "Hono on Node": (receivers) => {
    const app = new Hono();
    for (const [path, receiver] of Object.entries(receivers)) app.all(path, (c) => receiver.fetch(c.req.raw, c.env));
    return new Promise((done) => {
      const server = /** @type {import("node:http").Server} */ (
        serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) => {
          const close = () =>
            new Promise((closed) => {
              server.close(() => closed(undefined));
              server.closeAllConnections();
            });
          done({ port, close: /** @type {() => Promise<void>} */ (close) });
        })
      );
    });
  },
};
