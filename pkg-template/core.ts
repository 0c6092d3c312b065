// The only file that knows WebAssembly: it starts the core, writes bytes into its regions, and calls it with
// numbers. No policy: what a number means is decided in Rust, and named in reasons.ts.
//
// The core keeps nothing that would be missed. A secret becomes a key once (`deriveKey`), which lives in an ordinary
// Uint8Array; a copy of the one that was used last stays in the core, for the next call. So nothing has to be freed, an
// object that is forgotten is collected like any other, and after a trap a fresh instance goes on as if nothing had happened.
import module from "#wasm";
import { type Body, lengthOf, pieceOf } from "./body.js";
import { failure } from "./errors.js";
import { NATIVE_FROM, sha256 } from "./native.js";
import { CORE_TRAPPED, CORE_UNAVAILABLE, SECRET_TOO_LONG } from "./reasons.js";

/** What src/wasm.rs exports. */
interface Exports {
  memory: WebAssembly.Memory;
  region(number: number): number;
  key(form: number, length: number, pad: boolean): number;
  check_tolerance(seconds: number): number;
  family(svix: number, webhook: number): number;
  verify(
    form: number,
    signature: number,
    id: number,
    timestamp: number,
    now: number,
    tolerance: number,
    length: number,
  ): number;
  begin(form: number, signature: number, id: number, timestamp: number, now: number, tolerance: number): number;
  prefix(): number;
  feed(length: number): number;
  finish(form: number, signature: number, length: number): number;
  sign(form: number, id: number, timestamp: number, length: number): number;
  begin_sign(form: number, id: number, timestamp: number): number;
  finish_sign(form: number, timestamp: number, length: number): number;
  begin_token(): void;
  finish_token(length: number): number;
  match_token(length: number): number;
  check_field(shape: number, field: number, kind: number): number;
  encode_secret(): number;
}

/** A running instance, its memory, and where in it the regions are. */
interface Core {
  calls: Exports;
  bytes: Uint8Array;
  keyAt: number;
  textAt: number;
  /** The text's region. */
  text: Uint8Array;
  /** The key that its region has. */
  loaded: Uint8Array | undefined;
}

/** A header's value as collected: `undefined` is missing, an array was given more than once. */
export type HeaderValue = string | undefined | string[];

/** The forms of a secret, as src/wasm.rs numbers them. */
export const SECRET_STANDARD = 0;
export const SECRET_BYTES = 1;
export const SECRET_TEXT = 2;

/** The forms of a delivery, as src/wasm.rs numbers them. */
export const FORM_SVIX = 0;
export const FORM_SCAIKEY = 2;

/** Bytes of a key: the state of its two hashes, and behind that, for {@link sha256}, its inner pad. */
const STATE = 64;
const KEY = NATIVE_FROM < Number.POSITIVE_INFINITY ? 2 * STATE : STATE;

/** Bytes that pass at once, of a body or a secret. */
const PIECE = 65_536;

/** In place of the last piece's length: the inner hash is beside the key. */
const HASHED = -1;

/** What the text has between a signature header and what is signed, and in place of ScaiKey's timestamp. */
const GAP = /* @__PURE__ */ " ".repeat(64);
const TIMESTAMP = /* @__PURE__ */ " ".repeat(16);

const encoder = /* @__PURE__ */ new TextEncoder();

let running: Core | undefined;

function start(): Core {
  try {
    const { exports } = new WebAssembly.Instance(module as WebAssembly.Module);
    // A copy: the object itself is slow to read.
    const calls = { ...exports } as unknown as Exports;
    // The memory never grows (the core has no allocator), so views stay valid.
    const { buffer } = calls.memory;
    const [keyAt, textAt, end] = [calls.region(0), calls.region(1), calls.region(2)];
    const text = new Uint8Array(buffer, textAt, end - textAt);
    running = { calls, bytes: new Uint8Array(buffer), keyAt, textAt, text, loaded: undefined };
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

/** Puts a key into its region, unless it is there. */
function load(core: Core, key: Uint8Array): void {
  if (core.loaded === key) return;
  core.loaded = undefined;
  copy(key, 0, core.bytes, core.keyAt);
  core.loaded = key;
}

/** Forgets a key, here and in the core. */
export function wipeKey(key: Uint8Array): void {
  key.fill(0);
  if (running?.loaded !== key) return;
  running.bytes.fill(0, running.keyAt, running.keyAt + STATE);
  running.loaded = undefined;
}

/** A header's text as far as it is written: one character more than it may have shows that it is too long. */
function cut(value: HeaderValue, length: number): string {
  if (typeof value !== "string") return "";
  return value.length > length ? value.slice(0, length) : value;
}

/** The length of a header's text, as the core takes it: negative if it was given more than once. */
function sizeOf(value: HeaderValue, text: string): number {
  return typeof value === "object" ? -1 : text.length;
}

/**
 * Writes what the text has in front of the body, and behind it the body if it can pass in one piece. Gives the body's
 * length in bytes, or -1.
 */
function place({ text, bytes, textAt }: Core, head: string, body: Body): number {
  if (typeof body === "string" && body.length <= PIECE) {
    // Together, since that is faster. If each character became one byte, all of them are ASCII, and lie where they should.
    const all = head + body;
    if (encoder.encodeInto(all, text).written === all.length) return body.length;
  }
  if (encoder.encodeInto(head, text).written !== head.length) {
    // DEL: no rule accepts it in any header.
    encoder.encodeInto(head.replace(/[^\0-\x7f]/g, "\x7f"), text);
  }
  if (typeof body !== "string") {
    const length = lengthOf(body);
    if (length > PIECE) return -1;
    bytes.set(body, textAt + head.length);
    return length;
  }
  if (body.length > PIECE) return -1;
  const { read, written } = encoder.encodeInto(body, text.subarray(head.length));
  return read === body.length ? written : -1;
}

/** Hashes a body that is long; `placed` is what {@link place} gave. Gives the length for the core's `finish`. */
function digest(core: Core, key: Uint8Array, head: number, body: Body, placed: number): number {
  if (key.length === KEY && KEY > STATE) {
    const { bytes, calls, keyAt, textAt } = core;
    // The core may have put a timestamp in front of the body.
    const from = textAt + head - calls.prefix() - STATE;
    copy(key, STATE, bytes, from);
    const hash = sha256(
      bytes.subarray(from, textAt + head + Math.max(placed, 0)),
      placed < 0 ? plain(body) : undefined,
    );
    bytes.fill(0, from, from + STATE);
    if (hash !== undefined) {
      for (let at = 0; at < 32; at++) bytes[keyAt + STATE + at] = hash.charCodeAt(at);
      return HASHED;
    }
  }
  return placed < 0 ? pour(core, head, body) : placed;
}

/** A body that the host reads as we do: what looks for a property `length` would find the caller's. */
function plain(body: Body): Body {
  return typeof body === "string" ? body : pieceOf(body, 0, lengthOf(body));
}

/** Writes a body piece by piece, feeds all pieces but the last, and gives the last one's length. */
function pour({ text, calls }: Core, head: number, body: Body): number {
  const region = text.subarray(head);
  // What the core left of the piece before.
  let filled = 0;
  if (typeof body === "string") {
    for (let rest = body; ; ) {
      const { read, written } = encoder.encodeInto(rest, region.subarray(filled));
      filled += written;
      if (read === rest.length) return filled;
      filled = calls.feed(filled);
      rest = rest.slice(read);
    }
  }
  const length = lengthOf(body);
  for (let at = 0; ; ) {
    const piece = Math.min(length - at, region.length - filled);
    region.set(pieceOf(body, at, piece), filled);
    at += piece;
    filled += piece;
    if (at === length) return filled;
    filled = calls.feed(filled);
  }
}

/** Copies 64 bytes: for so few a loop takes less time than the view that `set` needs. */
function copy(from: Uint8Array, at: number, to: Uint8Array, start: number): void {
  for (let index = 0; index < STATE; index++) to[start + index] = from[at + index] as number;
}

/** The front of the text. */
function read({ text }: Core, length: number): string {
  let out = "";
  for (let at = 0; at < length; at++) out += String.fromCharCode(text[at] as number);
  return out;
}

/** Turns a secret into a key. Throws what is wrong with it. */
export function deriveKey(form: number, secret: Body): Uint8Array {
  const core = running ?? start();
  let failed: number;
  try {
    const { calls, bytes, keyAt, text } = core;
    core.loaded = undefined;
    const length = placeSecret(text, secret);
    failed = length < 0 ? SECRET_TOO_LONG : calls.key(form, length, KEY > STATE);
    if (!failed) {
      const key = bytes.slice(keyAt, keyAt + KEY);
      if (KEY > STATE) bytes.fill(0, keyAt + STATE, keyAt + KEY);
      core.loaded = key;
      return key;
    }
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
  throw failure(failed);
}

/** Writes a secret, and gives its length; negative if it does not pass in one piece, of 16 times the longest secret. */
function placeSecret(text: Uint8Array, secret: Body): number {
  if (typeof secret === "string") {
    const { read, written } = encoder.encodeInto(secret, text);
    return read === secret.length && written <= PIECE ? written : -1;
  }
  if (lengthOf(secret) > PIECE) return -1;
  text.set(secret);
  return lengthOf(secret);
}

/** 0, or the number of the error. */
export function checkTolerance(seconds: number): number {
  return run(({ calls }) => calls.check_tolerance(seconds));
}

/** 0 if the svix headers are complete, 1 if the webhook ones are, else the number of the error. */
export function chooseFamily(svix: number, webhook: number): number {
  return run(({ calls }) => calls.family(svix, webhook));
}

/** What {@link verify} adds for a good delivery whose body, of bytes, is ASCII. */
export const ASCII = 1 << 16;

/**
 * The number of the error; or 0 or {@link ASCII}. `now` in milliseconds, `tolerance` in seconds. A ScaiKey delivery has no
 * id, and its timestamp is in the signature header.
 */
export function verify(
  key: Uint8Array,
  form: number,
  id: HeaderValue,
  timestamp: HeaderValue,
  signature: HeaderValue,
  body: Body,
  now: number,
  tolerance: number,
): number {
  const core = running ?? start();
  try {
    load(core, key);
    const { calls } = core;
    const signatureText = cut(signature, 8193);
    const idText = cut(id, 257);
    const timestampText = cut(timestamp, 16);
    const head =
      form === FORM_SCAIKEY ? signatureText + GAP + TIMESTAMP : `${signatureText + GAP + idText}.${timestampText}.`;
    const signatureSize = sizeOf(signature, signatureText);
    const idSize = sizeOf(id, idText);
    const timestampSize = sizeOf(timestamp, timestampText);
    const length = place(core, head, body);
    if (length >= 0 && length < NATIVE_FROM)
      return calls.verify(form, signatureSize, idSize, timestampSize, now, tolerance, length);
    const failed = calls.begin(form, signatureSize, idSize, timestampSize, now, tolerance);
    return failed || calls.finish(form, signatureSize, digest(core, key, head.length, body, length));
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** A signature's text, or the number of the error. ScaiKey's has no id. */
export function sign(key: Uint8Array, form: number, id: string, timestamp: string, body: Body): string | number {
  const core = running ?? start();
  try {
    load(core, key);
    const { calls } = core;
    const idText = cut(id, 257);
    const timestampText = cut(timestamp, 16);
    const head = form === FORM_SCAIKEY ? `${GAP + timestampText}.` : `${GAP + idText}.${timestampText}.`;
    const length = place(core, head, body);
    if (length >= 0 && length < NATIVE_FROM) {
      const size = calls.sign(form, idText.length, timestampText.length, length);
      return size < 0 ? -size : read(core, size);
    }
    const failed = calls.begin_sign(form, idText.length, timestampText.length);
    if (failed) return failed;
    return read(core, calls.finish_sign(form, timestampText.length, digest(core, key, head.length, body, length)));
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** An expected token's hash, or the number of the error. */
export function hashToken(token: string): Uint8Array | number {
  return run((core) => {
    const { calls, bytes, keyAt } = core;
    core.loaded = undefined;
    calls.begin_token();
    const failed = calls.finish_token(pour(core, 0, token));
    return failed || bytes.slice(keyAt + STATE, keyAt + STATE + 32);
  });
}

/** 0 if the token has that hash, else the number of the error. */
export function matchToken(hash: Uint8Array, token: string): number {
  return run((core) => {
    const { calls, bytes, keyAt } = core;
    core.loaded = undefined;
    calls.begin_token();
    bytes.set(hash, keyAt + STATE);
    return calls.match_token(pour(core, 0, token));
  });
}

/** 0 if a field may be of that kind, else the number of the error. */
export function checkField(shape: number, field: number, kind: number): number {
  const core = running ?? start();
  try {
    return core.calls.check_field(shape, field, kind);
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** The base64 of 32 bytes. */
export function encodeSecret(bytes: Uint8Array): string {
  return run((core) => {
    core.text.set(bytes);
    const secret = read(core, core.calls.encode_secret());
    core.text.fill(0, 0, secret.length);
    return secret;
  });
}
