// Sends a request with the host's fetch: credential, time limit, retries, redirects, size limit, errors. What is
// retried, how long to wait and what an error says is decided in Rust.
import { isUnicode } from "./body.js";
import {
  ApiConnectionError,
  ApiError,
  type ApiErrorCode,
  type ApiErrorDetail,
  ApiResponseError,
  ApiTimeoutError,
} from "./client.errors.js";
import { INVALID_CALL_OPTION, INVALID_CLIENT_HEADERS, INVALID_LIMITS, NO_FETCH } from "./client.reasons.js";
import { settings } from "./keyed.js";
import { wrongField } from "./payload.js";
import type { Shape } from "./reasons.js";
import {
  baseUrlOf,
  credentialOf,
  excerpt,
  followsRedirect,
  type Request,
  refusal,
  shownRequestId,
  statusError,
  type Text,
  waitBefore,
} from "./sdk.js";

// The host's own types, where the consumer's declarations have them: not every `lib` does.
type Host = typeof globalThis;
/** An `AbortSignal`. */
export type HostSignal = Host extends { AbortSignal: { prototype: infer Signal } } ? Signal : object;
/** A `Response`. */
export type HostResponse = Host extends { Response: { prototype: infer Answer } } ? Answer : object;
/** What a call needs of `fetch`. */
// biome-ignore lint/suspicious/noExplicitAny: the host decides what it takes
export type HostFetch = (url: string, init: any) => Promise<HostResponse>;

/** What every client can be told. */
export interface ClientOptions {
  /** The `fetch` to use. Default: the host's. */
  fetch?: HostFetch;
  /** How long one attempt may take, body included: **milliseconds**. Default 60 000. */
  timeout?: number;
  /** How often a failed attempt is repeated, where that is safe. Default 2. */
  maxRetries?: number;
  /** Headers to send along, to the service's own origin only. They cannot replace the client's own. */
  headers?: Record<string, string>;
  /** Larger response bodies are refused. Default 64 MiB. */
  maxResponseBytes?: number;
}

/** What every call can be told. */
export interface CallOptions {
  /** Ends the call; it then fails with the signal's own reason. */
  signal?: HostSignal;
}

/** An error's body is read up to here. */
const ERROR_BYTES = 256 * 1024;
const MAX_REDIRECTS = 3;

/** Where a request went that failed, as src/wasm/sdk.rs numbers it. */
const TO_SERVICE = 0;
const AROUND = 1;
const TO_PUBLIC = 2;

/** What came of an attempt: an answer; or a failure, to be retried or thrown. */
type Attempt = Answer | Failed;
interface Answer {
  readonly text: string;
  readonly status: number;
  readonly type: string;
}
interface Failed {
  readonly error: Error;
  readonly status: number;
  readonly code?: string;
  readonly after?: Text;
  readonly afterMs?: Text;
}

/** Sends requests to one service. */
export class Client {
  /** Where the service is. */
  readonly base: string;
  readonly #credential: () => unknown;
  readonly #fetch: HostFetch | undefined;
  readonly #headers: Headers;
  readonly #timeout: number;
  readonly #maxRetries: number;
  readonly #maxBytes: number;

  /** `credential` gives the API key or token, before each attempt. */
  constructor(base: unknown, credential: () => unknown, options: ClientOptions) {
    const { fetch, timeout = 60_000, maxRetries = 2, headers = {}, maxResponseBytes = 64 * 1024 * 1024 } = options;
    this.base = baseUrlOf(textArg(base));
    this.#credential = credential;
    if (fetch !== undefined ? typeof fetch !== "function" : typeof globalThis.fetch !== "function")
      throw refusal(NO_FETCH);
    this.#fetch = fetch;
    if (!Number.isInteger(maxRetries) || maxRetries < 0 || maxRetries > 1000) throw refusal(INVALID_LIMITS);
    this.#timeout = milliseconds(timeout);
    this.#maxRetries = maxRetries;
    this.#maxBytes = positive(maxResponseBytes);
    try {
      this.#headers = new Headers(headers);
    } catch {
      // The host's message quotes the value.
      throw refusal(INVALID_CLIENT_HEADERS);
    }
  }

  /**
   * Sends a request and gives the JSON of the answer, of that shape. Without a shape it may be anything, or nothing,
   * and what is no JSON is given as text. `open` is for another host: without credential, and without the caller's
   * headers.
   */
  async send(request: Request, shape: Shape | undefined, signal?: HostSignal, open = false): Promise<unknown> {
    if (signal !== undefined && typeof signal?.addEventListener !== "function")
      throw refusal(INVALID_CALL_OPTION, "signal");
    const name = `${request.method} ${pathOf(request.url, open ? "" : this.base)}`;
    for (let retries = 0; ; retries++) {
      signal?.throwIfAborted();
      const credential = open ? "" : credentialOf(textArg(await until(signal, this.#credential())));
      const attempt = await this.#attempt(request, name, credential, signal, open);
      if (!("error" in attempt)) return this.#read(attempt, name, credential, shape);
      const { status, code = "", after, afterMs } = attempt;
      // A body that is too large stays so.
      const wait =
        attempt.error instanceof ApiResponseError
          ? -1
          : waitBefore(this.#maxRetries, retries, request.method, status, code, after, afterMs);
      if (wait < 0) throw attempt.error;
      await sleep(wait, signal);
    }
  }

  /** One attempt, within the time limit. Throws the caller's reason if it was the caller who ended it. */
  async #attempt(
    request: Request,
    name: string,
    credential: string,
    signal: HostSignal | undefined,
    open: boolean,
  ): Promise<Attempt> {
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      controller.abort();
    }, this.#timeout);
    try {
      const [response, sent] = await this.#follow(request, credential, controller.signal, open);
      return await this.#judge(response, sent, name, credential, controller.signal);
    } catch (error) {
      signal?.throwIfAborted();
      // Not every host names it, and a base URL may come from the environment.
      const origin = originOf(request.url);
      if (late) {
        const message = `${name}: no whole answer from ${origin} within ${this.#timeout} ms`;
        return { error: new ApiTimeoutError(message), status: 0 };
      }
      const said = wordsOf(error);
      return {
        error: new ApiConnectionError(`${name}: no connection to ${origin}: ${excerpt(said, credential)}`),
        status: 0,
        code: said,
      };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      // Whatever of the body is not read yet is not wanted any more.
      if (!controller.signal.aborted) controller.abort();
    }
  }

  /** Sends the request, and again where it is redirected within the origin. Tells where it went, too. */
  async #follow(
    request: Request,
    credential: string,
    signal: HostSignal,
    open: boolean,
  ): Promise<[response: Response, sent: number]> {
    const headers = new Headers(open ? undefined : this.#headers);
    for (const [name, value] of request.headers) headers.set(name, value);
    if (!open) headers.set("authorization", `Bearer ${credential}`);
    const { method, body } = request;
    // Not a method call: hosts insist on their fetch being called without `this`.
    const fetch = this.#fetch ?? globalThis.fetch;
    let { url } = request;
    for (let redirects = 0; ; redirects++) {
      const redirect = open ? "follow" : "manual";
      const response = await until(
        signal,
        fetch(url, { method, headers, redirect, signal, ...(body !== undefined && { body }) }),
      );
      if (open) return [response, TO_PUBLIC];
      const location = response.headers.get("location");
      const target = location !== null && URL.canParse(location, url) ? new URL(location, url) : undefined;
      const same = target?.origin === new URL(url).origin;
      if (!target || !followsRedirect(method, response.status, same)) return [response, TO_SERVICE];
      if (redirects === MAX_REDIRECTS) return [response, AROUND];
      discard(response);
      url = target.href;
    }
  }

  async #judge(
    response: Response,
    sent: number,
    name: string,
    credential: string,
    signal: HostSignal,
  ): Promise<Attempt> {
    const { status, headers } = response;
    if (response.ok) {
      const text = await this.#text(response, this.#maxBytes, signal);
      if (text === undefined) {
        const message = `${name}: the response body is larger than ${this.#maxBytes} bytes (maxResponseBytes)`;
        return { error: new ApiResponseError(message, "body_too_large", status), status };
      }
      return { text, status, type: headers.get("content-type") ?? "without content type" };
    }
    // The status counts, whatever becomes of the body.
    const body = await this.#text(response, Math.min(ERROR_BYTES, this.#maxBytes), signal).catch(() => undefined);
    const said = withoutSecret(body ?? "", credential);
    // A browser shows nothing of a redirect but that there was one.
    const [code, message = ""] = statusError(status || 302, said, sent);
    const id = shownRequestId(headers.get("x-request-id") ?? headers.get("request-id") ?? "");
    const text = `${name} failed with ${message}`;
    return {
      error: new ApiError(
        text,
        status,
        code as ApiErrorCode,
        withoutSecret(id, credential) || undefined,
        detailOf(said),
      ),
      status: status || 302,
      after: headers.get("retry-after") ?? undefined,
      afterMs: headers.get("retry-after-ms") ?? undefined,
    };
  }

  /** A body's text; `undefined`, and the rest left unread, if it is larger than that. */
  async #text(response: Response, most: number, signal: HostSignal): Promise<string | undefined> {
    if (!response.body) return "";
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let text = "";
    let size = 0;
    try {
      for (;;) {
        const { done, value } = await until(signal, reader.read());
        if (done) return text + decoder.decode();
        size += value.byteLength;
        if (size > most) return undefined;
        text += decoder.decode(value, { stream: true });
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  #read({ text, status, type }: Answer, name: string, credential: string, shape: Shape | undefined): unknown {
    let value: unknown;
    try {
      value = JSON.parse(text);
      if (shape === undefined || wrongField(shape, value) === undefined) return value;
    } catch {
      // The engine's message quotes the body.
      if (shape === undefined) return text || undefined;
    }
    const message = `${name}: ${status} ${type} is not the promised JSON: ${excerpt(text.slice(0, 16_384), credential)}`;
    throw new ApiResponseError(message, "unexpected_body", status);
  }
}

/** An argument that must be a text. Rust refuses the empty one that stands for anything else. */
export function textArg(value: unknown): string {
  return typeof value === "string" && isUnicode(value) ? value : "";
}

/** As {@link textArg}, for one that may be left out. */
export function optionalText(name: string, value: unknown): Text {
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !isUnicode(value)) throw refusal(INVALID_CALL_OPTION, name);
  return value;
}

/** A number's text, which Rust judges. */
export function numberText(value: unknown): Text {
  if (value === undefined) return undefined;
  return typeof value === "number" || typeof value === "bigint" ? `${value}` : "";
}

/** A flag's text. */
export function flagText(name: string, value: unknown): Text {
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") throw refusal(INVALID_CALL_OPTION, name);
  return `${value}`;
}

/** A value's JSON; empty, which Rust refuses, for what has none. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    // A cycle, or a getter of the caller's that failed.
    return "";
  }
}

/** A call's options, read once. */
export function callOptions<T extends object>(options: T | undefined): Partial<T> {
  return settings(options);
}

/** A variable of the host's environment, where it has one and lets us read it. */
export function environment(name: string): string | undefined {
  try {
    const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
    return process?.env?.[name] || undefined;
  } catch {
    return undefined;
  }
}

/** A number above 0. */
function positive(value: unknown): number {
  if (typeof value !== "number" || !(value > 0)) throw refusal(INVALID_LIMITS);
  return value;
}

/** A time that the host's timers can keep. */
export function milliseconds(value: unknown): number {
  return Math.min(positive(value), 2 ** 31 - 1);
}

/** Waits for a promise, but no longer than until the signal: not every fetch heeds it. */
function until<T>(signal: HostSignal | undefined, promise: T | Promise<T>): Promise<T> {
  if (!signal) return Promise.resolve(promise);
  return new Promise<T>((done, fail) => {
    const abort = () => fail(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    Promise.resolve(promise)
      .then(done, fail)
      .finally(() => signal.removeEventListener("abort", abort));
  });
}

/** Waits. Fails with the caller's reason. */
export async function sleep(time: number, signal: HostSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await until(signal, new Promise<void>((done) => (timer = setTimeout(done, time))));
  } finally {
    clearTimeout(timer);
  }
}

function discard(response: Response): void {
  response.body?.cancel().catch(() => {});
}

/** A URL's scheme, host and port, of one that Rust let pass: without user. The host may yet refuse to parse it. */
function originOf(url: string): string {
  return url.replace(/(:\/\/[^/\\?#]*).*$/s, "$1");
}

/** A call's name in errors: its path, without what a query or fragment may hold. */
function pathOf(url: string, base: string): string {
  const rest = base ? url.slice(base.length) : originOf(url);
  return rest.replace(/[?#].*$/s, "");
}

/** Takes a credential out of a text, plain and as JSON writes it. */
function withoutSecret(text: string, credential: string): string {
  if (!credential) return text;
  const escaped = JSON.stringify(credential).slice(1, -1);
  return text.replaceAll(credential, "[redacted]").replaceAll(escaped, "[redacted]");
}

/** The `detail` of a 422. */
function detailOf(body: string): ApiErrorDetail[] {
  try {
    const { detail } = JSON.parse(body) as { detail?: unknown };
    return Array.isArray(detail) ? detail.filter((one) => typeof one === "object" && one !== null) : [];
  } catch {
    return [];
  }
}

/** What a host says of a connection that failed: its messages and codes, down to the first cause. */
function wordsOf(error: unknown): string {
  const words: string[] = [];
  let one = error as { message?: unknown; code?: unknown; cause?: unknown } | null | undefined;
  for (let depth = 0; depth < 4 && typeof one === "object" && one !== null; depth++) {
    for (const word of [one.code, one.message]) {
      if (typeof word === "string" && word !== "" && !words.includes(word)) words.push(word);
    }
    one = one.cause as typeof one;
  }
  // A host may quote the URL, and what is signed or asked is nobody's business.
  return words.join(": ").replace(/(:\/\/[^\s?#]*)[?#][^\s"'`)>]*/g, "$1") || "unknown";
}
