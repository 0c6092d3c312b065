/**
 * Mounts a receiver in Express 4 and 5, in Connect, and in plain `node:http`.
 *
 * @module hookseal/express
 */
import type { Receiver } from "./receiver.js";
import { answerNode, checkReceiver, type NodeRequest, type NodeResponse, receiveNode } from "./receiver.node.js";

export type { NodeRequest, NodeResponse } from "./receiver.node.js";

/** What Express, Connect and `http.createServer` call. */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;

/**
 * A handler that answers each request as the receiver decides. It reads the raw body itself, so nothing has to be
 * configured, before or after body parsers: if one has read the body already, what it kept in `req.rawBody` or (as
 * bytes) in `req.body` is used; if it kept nothing, the answer is 500, and the log says what to change.
 *
 * @throws {TypeError} `invalid_option`: not a receiver
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { expressReceiver } from "hookseal/express";
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 *
 * const receiver = createReceiver({
 *   webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
 *   onDelivery: (update) => console.log(update.status),
 * });
 * // In Express: app.use("/webhook", expressReceiver(receiver));
 * const server = createServer(expressReceiver(receiver));
 * console.log(server.listening); // false
 * ```
 */
export function expressReceiver<P, Env>(receiver: Receiver<P, Env>): NodeHandler {
  checkReceiver(receiver);
  return (request, response, next) => {
    receiveNode(receiver, request)
      .then((answer) => answerNode(request, response, answer))
      .catch((error) => next?.(error)); // somebody else's response
  };
}
