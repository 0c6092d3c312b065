// Node's requests and responses, for `hookseal/express` and `hookseal/fastify`. Their types are spelled out as far as
// they matter, so that the package depends on nobody's.
import { INVALID_RECEIVER } from "./receiver.answers.js";
import { LINGER_BYTES, LINGER_MS, Pieces, type ReceivedBody } from "./receiver.body.js";
import { mistake } from "./receiver.errors.js";
import type { Answer, Receiver } from "./receiver.js";

/** A request of `node:http` or `node:http2`, and what body parsers leave on it. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly httpVersionMajor: number;
  /** Whether all of it has arrived. */
  readonly complete: boolean;
  /** Whether anybody has read from it. */
  readonly readableDidRead: boolean;
  readonly readableEnded: boolean;
  readonly destroyed: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: as Node has it
  on(event: string, listener: (...args: any[]) => void): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: as Node has it
  removeListener(event: string, listener: (...args: any[]) => void): unknown;
  pause(): unknown;
  resume(): unknown;
  /** Where body parsers and platforms leave the bytes, by convention. */
  readonly rawBody?: unknown;
  /** `express.raw()` leaves bytes here, `express.text()` text. */
  readonly body?: unknown;
}

/** A response of `node:http` or `node:http2`. */
export interface NodeResponse {
  statusCode: number;
  readonly headersSent: boolean;
  setHeader(name: string, value: string): unknown;
  flushHeaders(): unknown;
  end(): unknown;
  /** Of HTTP/2. */
  readonly stream?: { close(): unknown } | undefined;
}

/** From Node's request to the answer. */
export function receiveNode<Env>(
  receiver: Pick<Receiver<never, Env>, "handle">,
  request: NodeRequest,
): Promise<Answer> {
  return receiver.handle({
    method: request.method ?? "",
    headers: request.headers,
    readBody: (limit, timeout) => readNode(request, limit, timeout),
  });
}

/** Refuses anything else while the program starts, not when the first delivery comes. */
export function checkReceiver(receiver: unknown): void {
  if (typeof (receiver as Partial<Receiver> | undefined)?.handle !== "function") throw mistake(INVALID_RECEIVER);
}

/** Whether the answer comes before the request has ended, or says itself that the connection ends with it. */
export function isLast({ headers }: Answer, request: NodeRequest): boolean {
  return "connection" in headers || !request.complete;
}

/** Answers. A sender that has more to send is cut off: left to itself, Node would read all of it. */
export function answerNode(request: NodeRequest, response: NodeResponse, answer: Answer): void {
  if (response.headersSent) return; // somebody else has answered meanwhile
  const { connection: _, ...headers } = answer.headers;
  response.statusCode = answer.status;
  for (const name in headers) response.setHeader(name, headers[name] as string);
  if (isLast(answer, request) && request.httpVersionMajor === 1) {
    endConnection(request, response);
  } else {
    response.end();
    // In HTTP/2 only this stream ends, once the answer is out: what nobody reads is not sent.
    if (!request.complete) setTimeout(() => response.stream?.close(), LINGER_MS);
  }
}

function endConnection(request: NodeRequest, response: NodeResponse): void {
  response.setHeader("connection", "close");
  response.setHeader("content-length", "0");
  response.flushHeaders(); // that is all of the answer
  let left = LINGER_BYTES;
  const end = () => {
    clearTimeout(timer);
    for (const event of ["data", "end", "close"]) request.removeListener(event, event === "data" ? onData : end);
    response.end();
  };
  const onData = (piece: Uint8Array) => {
    left -= piece.byteLength;
    if (left < 0) end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.on("error", end);
  request.on("close", end);
  request.on("end", end);
  request.on("data", onData);
  request.resume();
  if (request.destroyed || request.readableEnded) end();
}

/** The bytes that somebody kept, or what the stream still has. Never rejects. */
async function readNode(request: NodeRequest, limit: number, timeout: number): Promise<ReceivedBody> {
  const kept = bytesOf(request.rawBody) ?? (wasRead(request) ? bytesOf(request.body) : undefined);
  if (kept !== undefined) return kept.byteLength > limit ? "body_too_large" : kept;
  if (!wasRead(request)) return readStream(request, limit, timeout);
  // Nothing was lost where there was nothing.
  return request.headers["content-length"] === "0" ? new Uint8Array() : "body_consumed";
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
