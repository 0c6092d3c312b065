// A round-robin proxy, in a process of its own: request by request, to whichever receiver is next, dead or alive. A dead
// one makes a 502; a connection that breaks on one side breaks on the other; now and then an answer is lost on its way.

import { Agent, createServer, request as httpRequest } from "node:http";
import { seeded } from "./random.mjs";

/** How many of 1000 answers do not reach the sender. */
const LOST = 5;

const random = seeded(Number(process.env.FLEET_SEED));
const agent = new Agent({ keepAlive: true });
/** @type {(number | undefined)[]} the receivers' ports */
const ports = [];
let turn = 0;

const server = createServer((request, response) => {
  const port = ports[turn++ % ports.length];
  const fail = () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { "content-length": "0" }).end();
  };
  if (port === undefined) return fail();
  const { method, url, headers } = request;
  const forward = httpRequest({ host: "127.0.0.1", port, method, path: url, headers, agent });
  forward.on("error", fail);
  forward.on("response", (answer) => {
    if (random() * 1000 < LOST) {
      answer.resume();
      response.destroy();
      return;
    }
    answer.on("error", () => response.destroy());
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  response.on("close", () => {
    if (!response.writableFinished || !request.complete) forward.destroy();
  });
  request.pipe(forward);
});

// Longer than the test: what breaks shall break on purpose.
server.keepAliveTimeout = 600_000;
server.listen(0, "127.0.0.1", () =>
  process.send?.({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port }),
);

process.on("message", (/** @type {{slot: number, port: number}} */ { slot, port }) => {
  ports[slot] = port;
});
process.on("disconnect", () => process.exit());
