// The only file that knows WebAssembly: it starts the core, writes bytes into its regions, and calls it with
// numbers. No policy: what a number means is decided in Rust, and named in reasons.ts.
//
// The core keeps nothing that would be missed. A secret becomes a key once (`deriveKey`), which lives in an ordinary
// Uint8Array; a copy of the one that was used last stays in the core, for the next call. So nothing has to be freed, an
// object that is forgotten is collected like any other, and after a trap a fresh instance goes on as if nothing had happened.

import { hashBeside, NATIVE, NATIVE_FROM } from "#native";
import module from "#wasm";
import { asciiOf, type Body, lengthOf, pieceOf } from "./body.js";
import { failure } from "./errors.js";
import { CORE_TRAPPED, CORE_UNAVAILABLE, SECRET_TOO_LONG } from "./reasons.js";

/** What src/wasm.rs exports. */
interface Exports {
  memory: WebAssembly.Memory;
  region(number: number): number;
  key(form: number, length: number, pad: boolean, tolerance: number): number;
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
  feed(length: number): number;
  finish(form: number, signature: number, length: number): number;
}

/** A header's value as collected: `undefined` is missing, an array was given more than once. */
export type HeaderValue = string | undefined | string[];

// Numbers first: esbuild puts constants in their places as long as nothing else came before them.

/** The forms of a secret, as src/wasm.rs numbers them. */
export const SECRET_STANDARD = 0;
export const SECRET_BYTES = 1;
export const SECRET_TEXT = 2;

/** The forms of a delivery, as src/wasm.rs numbers them: also the bits of the headers that are there, svix in front. */
export const FORM_SVIX = 7;
export const FORM_SCAIKEY = 64;
const SIGN = 128;

/** What {@link verify} adds for a good delivery whose body, of bytes, is ASCII. */
export const ASCII = 0x1_0000;

/** Where a signature is written in the text. */
const SIGNATURE = 62;

/** Bytes of each part of a {@link Key}. */
const STATE = 64;

/** Bytes that pass at once, of a body or a secret. There is room for more, but the host can hash those where they are. */
const PIECE = 16_384;

/** A text shorter than this is written together with what is in front of it: faster, until joining them costs more. */
const TOGETHER = 1024;

/** What the text has between a signature header and what is signed. */
const GAP = /* @__PURE__ */ " ".repeat(64);

/** A key: the state of its two hashes; and, for {@link hashBeside}, its inner pad. Engines allocate so few bytes fast. */
export type Key = readonly Uint8Array[];

const encoder = /* @__PURE__ */ new TextEncoder();

/** The running instance's exports; and its memory, the text's region, where both regions are, and the key in the other one. */
let running: Exports | undefined;
let bytes: Uint8Array;
let text: Uint8Array;
let textAt: number;
let keyAt: number;
let loaded: Key | undefined;

function start(): Exports {
  try {
    const { exports } = new WebAssembly.Instance(module as WebAssembly.Module);
    // A copy: the object itself is slow to read.
    const core = { ...exports } as unknown as Exports;
    // The memory never grows (the core has no allocator), so views stay valid.
    const { buffer } = core.memory;
    bytes = new Uint8Array(buffer);
    keyAt = core.region(0);
    textAt = core.region(1);
    text = new Uint8Array(buffer, textAt, core.region(2) - textAt);
    loaded = undefined;
    running = core;
    return core;
  } catch (cause) {
    throw failure(CORE_UNAVAILABLE, "", module instanceof Error ? module : cause);
  }
}

/** Forgets a key, here and in the core. */
export function wipeKey(key: Key): void {
  for (const part of key) part.fill(0);
  // Whichever is there; and beside it the inner pad of the one derived last, if no hash was put there since.
  bytes.fill(0, keyAt, keyAt + 2 * STATE);
  loaded = undefined;
}

/** A header's text as far as it is written: one character more than it may have shows that it is too long. */
function cut(value: HeaderValue, length: number): string {
  return typeof value === "string" ? value.slice(0, length) : "";
}

/** The length of a header's text, as the core takes it: negative if it was given more than once. */
function sizeOf(value: HeaderValue, cut: string): number {
  return typeof value === "object" ? -1 : cut.length;
}

/**
 * Writes what the text has in front of the body, and behind it the body if it passes in one piece. Gives the body's length in
 * bytes; or -1 for one that {@link pour} must write.
 */
function place(head: string, body: Body): number {
  const length = lengthOf(body);
  if (typeof body === "string" && length < TOGETHER) {
    // If each character became one byte, all of them are ASCII, and lie where they should.
    const all = head + body;
    if (encoder.encodeInto(all, text).written === all.length) return length;
  }
  if (encoder.encodeInto(head, text).written !== head.length) {
    // DEL: no rule accepts it in any header.
    encoder.encodeInto(head.replace(/[^\0-\x7f]/g, "\x7f"), text);
  }
  if (length > PIECE) return -1;
  if (typeof body === "string") {
    const { read, written } = encoder.encodeInto(body, text.subarray(head.length));
    return read === length ? written : -1;
  }
  bytes.set(body, textAt + head.length);
  return length;
}

/** Writes a body piece by piece, feeds all pieces but the last, and gives the last one's length. */
function pour(core: Exports, head: number, body: Body): number {
  const region = text.subarray(head);
  const length = lengthOf(body);
  // `filled`: what the core left of the piece before.
  for (let at = 0, filled = 0; ; filled = core.feed(filled)) {
    if (typeof body === "string") {
      const { read, written } = encoder.encodeInto(body.slice(at), region.subarray(filled));
      at += read;
      filled += written;
    } else {
      const piece = Math.min(length - at, region.length - filled);
      region.set(pieceOf(body, at, piece), filled);
      at += piece;
      filled += piece;
    }
    if (at === length) return filled;
  }
}

// Each operation drops an instance that traps (it throws), and the next call starts a fresh one. Dropped before anything is
// called, since the stack may be full.

/** Turns a secret into a key. Throws what is wrong with it, or with the tolerance that it is to be used with, in seconds. */
export function deriveKey(form: number, secret: Body, tolerance = 0): Key {
  const core = running ?? start();
  let failed: number;
  try {
    loaded = undefined;
    // What does not pass in one piece is four times the longest secret.
    const length = place("", secret);
    failed = length < 0 ? SECRET_TOO_LONG : core.key(form, length, NATIVE, tolerance);
    if (!failed) {
      const pad = keyAt + STATE;
      const key = [bytes.slice(keyAt, pad)];
      if (NATIVE) key.push(bytes.slice(pad, pad + STATE));
      loaded = key;
      return key;
    }
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
  throw failure(failed);
}

/**
 * The number of the error; or 0 or {@link ASCII}. `now` in milliseconds, `tolerance` in seconds. A ScaiKey delivery has no
 * id, its timestamp is in the signature header, and in the place of both are 15 characters.
 */
export function verify(
  key: Key,
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
    if (loaded !== key) {
      loaded = undefined;
      // For so few bytes a loop takes less time than the view that `set` needs.
      for (let at = 0; at < STATE; at++) bytes[keyAt + at] = (key[0] as Uint8Array)[at] as number;
      loaded = key;
    }
    const signatureText = cut(signature, 8193);
    const idText = cut(id, 257);
    const timestampText = cut(timestamp, 16);
    const head =
      form & FORM_SCAIKEY
        ? `${signatureText + GAP + timestampText}.`
        : `${signatureText + GAP + idText}.${timestampText}.`;
    const signatureSize = sizeOf(signature, signatureText);
    const idSize = sizeOf(id, idText);
    const timestampSize = sizeOf(timestamp, timestampText);
    const length = place(head, body);
    if (length >= 0 && (!NATIVE || length < NATIVE_FROM))
      return core.verify(form, signatureSize, idSize, timestampSize, now, tolerance, length);
    const signed = core.begin(form, signatureSize, idSize, timestampSize, now, tolerance);
    if (signed > 0) return signed;
    const end = textAt + head.length;
    // With a length of -1 the inner hash is beside the key.
    const hashed = hashBeside(key[1], bytes, end + signed, end, length, body, keyAt + STATE);
    return core.finish(form, signatureSize, hashed ? -1 : length < 0 ? pour(core, head.length, body) : length);
  } catch {
    running = undefined;
    throw failure(CORE_TRAPPED);
  }
}

/** A signature's text. Throws what is wrong with what is to be signed. ScaiKey's has no id. */
export function sign(key: Key, form: number, id: string, timestamp: string, body: Body): string {
  const length = -verify(key, form | SIGN, id, timestamp, "", body, 0, 0);
  if (length < 0) throw failure(-length);
  return asciiOf(text, SIGNATURE, SIGNATURE + length);
}

/** Clears what the last operation left of a body that must not stay. */
export function wipeText(): void {
  if (running !== undefined) text.fill(0);
}
