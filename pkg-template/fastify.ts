/**
 * Mounts a receiver in Fastify 4 and 5.
 *
 * @module hookseal/fastify
 */
import type { Receiver } from "./receiver.js";
import { answerNode, checkReceiver, isLast, type NodeRequest, receiveNode } from "./receiver.node.js";

/** What the plugin is registered with. */
export interface FastifyReceiverOptions {
  /** What `createReceiver` gave. */
  receiver: Pick<Receiver<never, never>, "handle">;
  /** Where deliveries come in, below the plugin's prefix. Default `"/webhook"`. */
  path?: string;
}

/** Fastify's instance, as far as it matters here. */
export interface FastifyLike {
  removeAllContentTypeParsers(): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: Fastify's own types are its users'
  addContentTypeParser(type: string, parser: (request: any, payload: any, done: any) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  all(path: string, options: object, handler: (request: any, reply: any) => unknown): unknown;
}

/**
 * A plugin with one route. It reads the raw body itself: its content-type parser, which is its own and nobody else's,
 * leaves the body where it is.
 *
 * @throws {TypeError} `invalid_option`: not a receiver
 * @example
 * ```ts
 * import type { FastifyInstance } from "fastify";
 * import { fastifyReceiver } from "hookseal/fastify";
 * import { createReceiver } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 *
 * const receiver = createReceiver({
 *   webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
 *   onDelivery: (update) => console.log(update.status),
 * });
 * export const mount = (app: FastifyInstance) => app.register(fastifyReceiver, { receiver, path: "/webhook" });
 * ```
 */
export async function fastifyReceiver(fastify: FastifyLike, options: FastifyReceiverOptions): Promise<void> {
  const { receiver, path = "/webhook" } = options;
  checkReceiver(receiver);
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser("*", (_request, _payload, done) => done(null));
  // biome-ignore lint/suspicious/noExplicitAny: Fastify's own types are its users'
  const receive = async (request: any, reply: any): Promise<unknown> => {
    const answer = await receiveNode(receiver, request.raw as NodeRequest);
    // Fastify does not know how to stop a sender.
    if (!isLast(answer, request.raw)) return reply.code(answer.status).headers(answer.headers).send();
    reply.hijack();
    answerNode(request.raw, reply.raw, answer);
    return reply;
  };
  const route = {
    // The receiver has its own limit, and counts while it reads.
    bodyLimit: Number.MAX_SAFE_INTEGER,
    // What Fastify would answer to a content type that is none (415), the receiver has a better answer to.
    // biome-ignore lint/suspicious/noExplicitAny: as above
    errorHandler: async (error: any, request: unknown, reply: unknown) => {
      if (/^FST_ERR_(CTP|ROUTE)_/.test(error.code)) return receive(request, reply);
      throw error;
    },
  };
  fastify.all(path, route, receive);
}
