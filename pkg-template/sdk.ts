// The one other file that knows WebAssembly: it calls the sdk artifact with texts (core.ts is the core's). No policy.
//
// Nothing outlives a call there: what went in and out is overwritten before the next line of JavaScript runs, and an
// instance that a large body made large is dropped. After a trap a fresh one goes on.
import module from "#sdk";
import { CLIENT_REASONS } from "./client.reasons.js";
import { failure, usageError } from "./errors.js";
import { CORE_TRAPPED, CORE_UNAVAILABLE, type Reason } from "./reasons.js";

/** A text, or an option that was left out. */
export type Text = string | undefined;

/** What src/wasm/sdk.rs exports. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  sdk_put(slot: number, length: number): number;
  sdk_call(call: number, ...numbers: (number | boolean)[]): number;
  sdk_given(part: number): number;
  sdk_clear(): void;
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

/** Runs a call, by its number in src/wasm/sdk.rs, on texts and numbers; a number and a text come out. */
function call(
  number: number,
  texts: readonly Text[],
  ...numbers: (number | boolean)[]
): [answer: number, given: string] {
  const calls = running ?? start();
  running = undefined;
  try {
    texts.forEach((text, slot) => {
      if (text === undefined) return;
      const bytes = encoder.encode(text);
      const at = calls.sdk_put(slot, bytes.length) >>> 0;
      new Uint8Array(calls.memory.buffer, at).set(bytes);
    });
    const answer = calls.sdk_call(number, ...numbers);
    const [at = 0, length] = [0, 1].map((part) => calls.sdk_given(part) >>> 0);
    const given = decoder.decode(new Uint8Array(calls.memory.buffer, at, length));
    calls.sdk_clear();
    if (calls.memory.buffer.byteLength <= KEPT_BYTES) running = calls;
    return [answer, given];
  } catch {
    throw failure(CORE_TRAPPED);
  }
}

/** The error for a reason of the clients. */
export function refusal(number: number, path = ""): Error {
  const [kind, code, message] = CLIENT_REASONS[number & 255] as Reason;
  return usageError(kind, code, path ? `${message}: ${path}` : message);
}

/** The text of a call that may refuse. */
function text(number: number, ...texts: Text[]): string {
  const [refused, given] = call(number, texts);
  if (refused) throw refusal(refused, given);
  return given;
}

/** A request to send, complete but for the credential. */
export interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

function request(number: number, ...texts: Text[]): Request {
  const all = text(number, ...texts);
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
export const baseUrlOf = (given: Text): string => text(0, given);
/** A checked API key or token. */
export const credentialOf = (given: Text): string => text(1, given);
/** The base URL of an environment. */
export const environmentUrl = (name: Text): string => text(2, name);

/** A webhook configuration's JSON: of channels (a JSON array), of a URL, or none. */
export const webhookConfig = (channels: Text, url: Text): string => text(3, channels, url);
/** Throws if a direct webhook's token is empty. */
export const checkToken = (token: Text): string => text(4, token);

/** The front of a text for an error, without secrets. */
export const excerpt = (body: string, credential: string): string => text(5, body, credential);

/** A request id that may be shown, or an empty text. */
export const shownRequestId = (value: string): string => text(6, value);

/** A status's code and message, for where the request went, as src/wasm/sdk.rs numbers it. */
export const statusError = (status: number, body: string, sent: number): string[] =>
  call(7, [body], status, sent)[1].split("\n");

/** Whether a job of that status has ended. */
export const hasEnded = (status: string): boolean => call(8, [status])[0] > 0;

/** How long to wait before the next attempt, in milliseconds; negative for none. A status of 0 is a lost connection. */
export const waitBefore = (
  most: number,
  retries: number,
  method: string,
  status: number,
  code: string,
  after: Text,
  afterMs: Text,
): number => call(9, [method, code, after, afterMs], most, retries, status, Date.now(), Math.random())[0];

/** Whether to follow a redirect. */
export const followsRedirect = (method: string, status: number, sameOrigin: boolean): boolean =>
  call(10, [method], status, sameOrigin)[0] > 0;

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
): Request => request(20, base, kind, body, webhook, field, token, metadata, priority);

/** The other requests to Reducto, as src/wasm/sdk.rs numbers them from 21 up. */
export const reductoRequest = (number: number, base: string, a?: Text, b?: Text, c?: Text): Request =>
  request(21 + number, base, a, b, c);

/** The requests to ScaiKey, as src/wasm/sdk.rs numbers them from 30 up. */
export const scaiKeyRequest = (number: number, base: string, a?: Text, b?: Text, c?: Text, d?: Text): Request =>
  request(30 + number, base, a, b, c, d);
