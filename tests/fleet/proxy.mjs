// A round-robin proxy, in a process of its own: each connection goes to whichever receiver is next and takes connections,
// and ends with it. Now and then it ends just when an answer is under way, which the sender then does not get.

import { connect, createServer } from "node:net";
import { seeded } from "./random.mjs";

/** How many of 1000 answers do not reach the sender. */
const LOST = 5;

const random = seeded(Number(process.env.FLEET_SEED));
/** @type {number[]} the receivers' ports */
const ports = [];
let turn = 0;

const server = createServer({ noDelay: true }, (near) => {
  near.on("error", () => {});
  forward(near, ports.length);
});

/**
 * @param {import("node:net").Socket} near
 * @param {number} tries
 */
function forward(near, tries) {
  const port = ports[turn++ % ports.length];
  if (port === undefined || tries === 0) return void near.destroy();
  const far = connect({ port, host: "127.0.0.1", noDelay: true });
  let isThere = false;
  far.on("connect", () => {
    isThere = true;
    near.on("data", (bytes) => far.write(bytes));
    near.on("close", () => far.destroy());
    if (near.destroyed) far.destroy();
  });
  far.on("data", (bytes) => {
    if (random() * 1000 < LOST) near.destroy();
    else near.write(bytes);
  });
  far.on("error", () => {});
  far.on("close", () => {
    if (isThere) near.destroySoon();
    else forward(near, tries - 1);
  });
}

server.listen(0, "127.0.0.1", () =>
  process.send?.({ port: /** @type {import("node:net").AddressInfo} */ (server.address()).port }),
);

process.on("message", (/** @type {{slot: number, port: number}} */ { slot, port }) => {
  ports[slot] = port;
});
process.on("disconnect", () => process.exit());
