// The only file that knows WebAssembly: it starts the core, writes bytes into its regions, and calls it with
// numbers. No policy: what a number means is decided in Rust, and named in reasons.ts.
//
// The core keeps nothing between calls. A secret becomes a key of 64 bytes once (`deriveKey`), which lives in an
// ordinary Uint8Array and goes back in with each use. So nothing has to be freed, an object that is forgotten is
// collected like any other, and after a trap a fresh instance goes on as if nothing had happened.
import module from "#wasm";
import { type Body, lengthOf, pieceOf } from "./body.js";
import { failure } from "./errors.js";
import { CORE_TRAPPED, CORE_UNAVAILABLE, SECRET_TOO_LONG } from "./reasons.js";

/** What src/wasm.rs exports. */
interface Exports {
  memory: WebAssembly.Memory;
  region(number: number): number;
  key(form: number, length: number): number;
  check_tolerance(seconds: number): number;
  family(svix: number, webhook: number): number;
  begin_standard(
    webhook: number,
    id: number,
    timestamp: number,
    signature: number,
    now: number,
    tolerance: number,
  ): number;
  begin_scaikey(signature: number, now: number, tolerance: number): number;
  feed(length: number): void;
  finish_standard(length: number): number;
  finish_scaikey(length: number): number;
  sign_standard(id: number, timestamp: number): number;
  sign_scaikey(timestamp: number): number;
  finish_sign_standard(length: number): number;
  finish_sign_scaikey(length: number): number;
  begin_token(): void;
  finish_token(length: number): number;
  match_token(length: number): number;
  check_field(shape: number, field: number, kind: number): number;
  encode_secret(): number;
}

/** A running instance, and its regions. */
interface Core {
  calls: Exports;
  key: Uint8Array;
  id: Uint8Array;
  timestamp: Uint8Array;
  signature: Uint8Array;
  body: Uint8Array;
}

/** A header's value as collected: `undefined` is missing, an array was given more than once. */
export type HeaderValue = string | undefined | string[];

/** The forms of a secret, as src/wasm.rs numbers them. */
export const SECRET_STANDARD = 0;
export const SECRET_BYTES = 1;
export const SECRET_TEXT = 2;

const encoder = /* @__PURE__ */ new TextEncoder();

let running: Core | undefined;

function start(): Core {
  try {
    const instance = new WebAssembly.Instance(module as WebAssembly.Module);
    const calls = instance.exports as unknown as Exports;
    // The memory never grows (the core has no allocator), so views stay valid.
    const region = (number: number) => {
      const at = calls.region(number);
      return new Uint8Array(calls.memory.buffer, at, calls.region(number + 1) - at);
    };
    running = {
      calls,
      key: region(0),
      id: region(1),
      timestamp: region(2),
      signature: region(3),
      body: region(4),
    };
    return running;
  } catch (cause) {
    throw failure(CORE_UNAVAILABLE, "", module instanceof Error ? module : cause);
  }
}

/**
 * Runs one operation. If it throws, the core trapped: it is dropped, and the next call starts a fresh one. Dropped before
 * anything is called, since the stack may be full. What runs for every delivery does the same without the closure.
 */
function run<T>(operation: (core: Core) => T): T {
  const core = running ?? start();
  try {
    return operation(core);
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** Writes a header's text and gives its length. A character outside ASCII becomes a byte that no rule accepts. */
function write(region: Uint8Array, text: string): number {
  const length = Math.min(text.length, region.length);
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    region[at] = code < 128 ? code : 255;
  }
  return length;
}

/** As {@link write}; negative for a header that was given more than once. */
function writeHeader(region: Uint8Array, value: HeaderValue): number {
  if (value === undefined) return 0;
  return typeof value === "string" ? write(region, value) : -1;
}

/** Writes a body piece by piece, feeds all pieces but the last, and gives the last one's length. */
function pour({ body: region, calls }: Core, body: Body): number {
  if (typeof body === "string") {
    let rest = body;
    for (;;) {
      const { read, written } = encoder.encodeInto(rest, region);
      if (read === rest.length) return written;
      calls.feed(written);
      rest = rest.slice(read);
    }
  }
  const length = lengthOf(body);
  let at = 0;
  for (; length - at > region.length; at += region.length) {
    region.set(pieceOf(body, at, region.length));
    calls.feed(region.length);
  }
  region.set(at === 0 ? body : pieceOf(body, at, length - at));
  return length - at;
}

function read(region: Uint8Array, length: number): string {
  return String.fromCharCode(...region.subarray(0, length));
}

/** Turns a secret into a key. Throws what is wrong with it. */
export function deriveKey(form: number, secret: Body): Uint8Array {
  const key = run(({ calls, body, key }) => {
    const length = place(body, secret);
    if (length < 0) return SECRET_TOO_LONG;
    const failed = calls.key(form, length);
    return failed || takeKey(key, 64);
  });
  if (typeof key === "number") throw failure(key);
  return key;
}

/** Writes a secret, and gives its length; negative if the region, 16 times the longest secret, cannot hold it. */
function place(region: Uint8Array, secret: Body): number {
  if (typeof secret === "string") {
    const { read, written } = encoder.encodeInto(secret, region);
    return read === secret.length ? written : -1;
  }
  if (lengthOf(secret) > region.length) return -1;
  region.set(secret);
  return lengthOf(secret);
}

/** Copies a result out of the key region, and clears it there. */
function takeKey(region: Uint8Array, length: number): Uint8Array {
  const taken = region.slice(0, length);
  region.fill(0);
  return taken;
}

/** 0, or the number of the error. */
export function checkTolerance(seconds: number): number {
  return run(({ calls }) => calls.check_tolerance(seconds));
}

/** 0 if the svix headers are complete, 1 if the webhook ones are, else the number of the error. */
export function chooseFamily(svix: number, webhook: number): number {
  return run(({ calls }) => calls.family(svix, webhook));
}

/** 0, or the number of the error. `now` in milliseconds, `tolerance` in seconds. */
export function verifyStandard(
  key: Uint8Array,
  webhook: number,
  id: HeaderValue,
  timestamp: HeaderValue,
  signature: HeaderValue,
  body: Body,
  now: number,
  tolerance: number,
): number {
  const core = running ?? start();
  try {
    const { calls } = core;
    core.key.set(key);
    const failed = calls.begin_standard(
      webhook,
      writeHeader(core.id, id),
      writeHeader(core.timestamp, timestamp),
      writeHeader(core.signature, signature),
      now,
      tolerance,
    );
    return failed || calls.finish_standard(pour(core, body));
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** 0, or the number of the error. `now` in milliseconds, `tolerance` in seconds. */
export function verifyScaiKey(
  key: Uint8Array,
  signature: HeaderValue,
  body: Body,
  now: number,
  tolerance: number,
): number {
  const core = running ?? start();
  try {
    core.key.set(key);
    const failed = core.calls.begin_scaikey(writeHeader(core.signature, signature), now, tolerance);
    return failed || core.calls.finish_scaikey(pour(core, body));
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** The signature's text, or the number of the error. */
export function signStandard(key: Uint8Array, id: string, timestamp: string, body: Body): string | number {
  const core = running ?? start();
  try {
    const { calls } = core;
    core.key.set(key);
    const failed = calls.sign_standard(write(core.id, id), write(core.timestamp, timestamp));
    return failed || read(core.signature, calls.finish_sign_standard(pour(core, body)));
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** The signature header's text, or the number of the error. */
export function signScaiKey(key: Uint8Array, timestamp: string, body: Body): string | number {
  const core = running ?? start();
  try {
    core.key.set(key);
    const failed = core.calls.sign_scaikey(write(core.timestamp, timestamp));
    return failed || read(core.signature, core.calls.finish_sign_scaikey(pour(core, body)));
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** An expected token's hash, or the number of the error. */
export function hashToken(token: string): Uint8Array | number {
  return run((core) => {
    core.calls.begin_token();
    const failed = core.calls.finish_token(pour(core, token));
    return failed || takeKey(core.key, 32);
  });
}

/** 0 if the token has that hash, else the number of the error. */
export function matchToken(hash: Uint8Array, token: string): number {
  return run((core) => {
    core.calls.begin_token();
    core.key.set(hash);
    return core.calls.match_token(pour(core, token));
  });
}

/** 0 if a field may be of that kind, else the number of the error. */
export function checkField(shape: number, field: number, kind: number): number {
  return run(({ calls }) => calls.check_field(shape, field, kind));
}

/** The base64 of 32 bytes. */
export function encodeSecret(bytes: Uint8Array): string {
  return run(({ calls, body, signature }) => {
    body.set(bytes);
    return read(signature, calls.encode_secret());
  });
}
