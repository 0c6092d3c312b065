// The one other file that knows WebAssembly: it calls the sdk artifact with texts (core.ts is the core's). No policy.
//
// Nothing outlives a call there: what went in and out is overwritten before the next line of JavaScript runs, and an
// instance that a large body made large is dropped. After a trap a fresh one goes on.
import module from "#sdk";
import { CLIENT_REASONS } from "./client.reasons.js";
import { failure, usageError } from "./errors.js";
import { CORE_TRAPPED, CORE_UNAVAILABLE, type Reason, type Shape } from "./reasons.js";

/** A text, or an option that was left out. */
export type Text = string | undefined;

/** What src/wasm/sdk.rs exports: texts are an address and a length, both ways. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_malloc: (length: number, align: number) => number;
  readonly [name: `sdk_${string}`]: (...args: number[]) => unknown;
}

/** An instance whose memory is larger than this is not kept. */
const KEPT_BYTES = 1 << 20;

const encoder = /* @__PURE__ */ new TextEncoder();
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

let running: Exports | undefined;

function start(): Exports {
  const found = module();
  try {
    return new WebAssembly.Instance(found as WebAssembly.Module).exports as unknown as Exports;
  } catch (cause) {
    throw failure(CORE_UNAVAILABLE, "", found instanceof Error ? found : cause);
  }
}

/** Calls an export. Texts go in as UTF-8; a number, a flag or a text comes out. */
function call(name: string, args: readonly (Text | number | boolean)[]): unknown {
  const calls = running ?? start();
  running = undefined;
  try {
    const passed: number[] = [];
    for (const arg of args) {
      if (typeof arg === "string") {
        const bytes = encoder.encode(arg);
        // Never 0, which stands for what was left out, and never of no bytes, which has no address.
        const at = calls.__wbindgen_malloc(bytes.length || 1, 1) >>> 0;
        new Uint8Array(calls.memory.buffer, at, bytes.length).set(bytes);
        passed.push(at, bytes.length);
      } else if (arg === undefined) passed.push(0, 0);
      else passed.push(Number(arg));
    }
    let result: unknown = calls[`sdk_${name}`]?.(...passed);
    if (Array.isArray(result)) {
      const [at, length] = result as [number, number];
      result = decoder.decode(new Uint8Array(calls.memory.buffer, at >>> 0, length >>> 0));
    }
    calls["sdk_clear"]?.();
    if (calls.memory.buffer.byteLength <= KEPT_BYTES) running = calls;
    return result;
  } catch {
    throw failure(CORE_TRAPPED);
  }
}

/** The error for a reason of the clients. */
export function refusal(number: number, path = ""): Error {
  const [kind, code, message] = CLIENT_REASONS[number & 255] as Reason;
  return usageError(kind, code, path ? `${message}: ${path}` : message);
}

/** A text, or the refusal in its place. */
function text(name: string, args: readonly (Text | number)[]): string {
  const result = call(name, args) as string;
  if (!result.startsWith("!")) return result;
  const space = result.indexOf(" ");
  throw refusal(Number(result.slice(1, space)), result.slice(space + 1));
}

/** A request to send, complete but for the credential. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

function request(name: string, args: readonly (Text | number)[]): Request {
  const all = text(name, args);
  const end = all.indexOf("\n\n");
  const [first = "", ...lines] = all.slice(0, end).split("\n");
  const space = first.indexOf(" ");
  return {
    method: first.slice(0, space),
    url: first.slice(space + 1),
    headers: lines.map((line) => {
      const colon = line.indexOf(": ");
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
    body: all.slice(end + 2) || undefined,
  };
}

/** A checked base URL. */
export const baseUrlOf = (given: Text): string => text("setting", [0, given]);
/** A checked API key or token. */
export const credentialOf = (given: Text): string => text("setting", [1, given]);
/** The base URL of an environment. */
export const environmentUrl = (name: Text): string => text("setting", [2, name]);

/** A webhook configuration's JSON: of channels (a JSON array), of a URL, or none. */
export const webhookConfig = (channels: Text, url: Text): string => text("webhook", [channels, url]);
/** Throws if a direct webhook's token is empty. */
export const checkToken = (token: Text): string => text("token", [token]);

/** The request that submits a job. */
export const submitRequest = (
  base: string,
  kind: Text,
  body: Text,
  webhook: Text,
  field: Text,
  token: Text,
  metadata: Text,
  priority: Text,
): Request => request("submit", [base, kind, body, webhook, field, token, metadata, priority]);

/** The other requests to Reducto, as src/wasm/sdk.rs numbers them. */
export const reductoRequest = (number: number, base: string, a?: Text, b?: Text, c?: Text): Request =>
  request("reducto", [number, base, a, b, c]);

/** The requests to ScaiKey, as src/wasm/sdk.rs numbers them. */
export const scaiKeyRequest = (number: number, base: string, a?: Text, b?: Text, c?: Text, d?: Text): Request =>
  request("scaikey", [number, base, a, b, c, d]);

/** How long to wait before the next attempt, in milliseconds; negative for none. A status of 0 is a lost connection. */
export const waitBefore = (
  most: number,
  retries: number,
  method: string,
  status: number,
  code: string,
  after: Text,
  afterMs: Text,
): number => call("wait", [most, retries, method, status, code, after, afterMs, Date.now(), Math.random()]) as number;

/** Whether to follow a redirect. */
export const followsRedirect = (method: string, status: number, sameOrigin: boolean): boolean =>
  Boolean(call("follows", [method, status, sameOrigin]));

/** A status's code and message, for where the request went, as src/wasm/sdk.rs numbers it. */
export const statusError = (status: number, body: string, sent: number): string[] =>
  (call("status", [status, body, sent]) as string).split("\n");

/** The front of a text for an error, without secrets. */
export const excerpt = (body: string, credential: string): string => call("excerpt", [body, credential]) as string;

/** A request id that may be shown, or an empty text. */
export const shownRequestId = (value: string): string => call("request_id", [value]) as string;

/** Whether a job of that status has ended. */
export const hasEnded = (status: string): boolean => Boolean(call("has_ended", [status]));

/** 0 if a field of an answer may be of that kind. */
export const checkAnswer = (shape: Shape, field: number, kind: number): number =>
  call("check_field", [shape.number, field, kind]) as number;
