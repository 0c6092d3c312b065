// Node's requests and responses, for `hookseal/express` and `hookseal/fastify`. Their types are spelled out as far as
// they matter, so that the package depends on nobody's.
import { INVALID_RECEIVER } from "./receiver.answers.js";
import { Pieces, type ReceivedBody } from "./receiver.body.js";
import { mistake } from "./receiver.errors.js";
import type { Answer, Receiver } from "./receiver.js";

/** A request of `node:http`, and what body parsers leave on it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  /** Whether anybody has read from it. */
  readonly readableDidRead: boolean;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: as Node has it
  on(event: string, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as Node has it
  removeListener(event: string, listener: (...args: any[]) => void): unknown;
  pause(): unknown;
  /** Where body parsers and platforms leave the bytes, by convention. */
  readonly rawBody?: unknown;
  /** `express.raw()` leaves bytes here. */
  readonly body?: unknown;
}

/** A response of `node:http`. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  end(): unknown;
}

/** From Node's request to the answer. */
export function receiveNode<Env>(
  receiver: Receiver<never, Env>,
  request: NodeRequest,
  env: Env | undefined,
): Promise<Answer> {
  return receiver.handle({
    method: request.method ?? "",
    headers: request.headers,
    readBody: (limit, timeout) => readNode(request, limit, timeout),
    env,
  });
}

/** Refuses anything else while the program starts, not when the first delivery comes. */
export function checkReceiver(receiver: unknown): void {
  if (typeof (receiver as Partial<Receiver> | undefined)?.handle !== "function") throw mistake(INVALID_RECEIVER);
}

/** The bytes that somebody kept, or what the stream still has. Never rejects. */
async function readNode(request: NodeRequest, limit: number, timeout: number): Promise<ReceivedBody> {
  const kept = bytesOf(request.rawBody) ?? (wasRead(request) ? bytesOf(request.body) : undefined);
  if (kept !== undefined) return kept.byteLength > limit ? "body_too_large" : kept;
  if (wasRead(request)) return "body_consumed";
  return readStream(request, limit, timeout);
}

function wasRead(request: NodeRequest): boolean {
  return request.readableDidRead || request.readableEnded;
}

function bytesOf(body: unknown): Uint8Array | undefined {
  if (typeof body === "string") return new TextEncoder().encode(body);
  return body instanceof Uint8Array ? body : undefined;
}

function readStream(request: NodeRequest, limit: number, timeout: number): Promise<ReceivedBody> {
  return new Promise((resolve) => {
    const pieces = new Pieces(limit);
    const settle = (body: ReceivedBody) => {
      clearTimeout(timer);
      request.removeListener("data", onData);
      request.removeListener("end", onEnd);
      request.removeListener("close", onBroken);
      if (typeof body === "string") request.pause();
      resolve(body);
    };
    const onData = (piece: Uint8Array) => {
      if (!pieces.add(piece)) settle("body_too_large");
    };
    const onEnd = () => settle(pieces.join());
    const onBroken = () => settle("broken_body");
    const timer = setTimeout(settle, timeout, "slow_body");
    if (request.destroyed) return onBroken();
    request.on("data", onData);
    request.on("end", onEnd);
    request.on("close", onBroken);
    // Stays: without a listener, an error that comes after the answer would end the process.
    request.on("error", onBroken);
  });
}
