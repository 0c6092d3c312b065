// What a caller may pass as a body, and its JSON.

import { failure } from "./errors.js";
import { BODY_NOT_RAW, BODY_NOT_UNICODE, INVALID_JSON } from "./reasons.js";

/**
 * A body just as it was received: text, or bytes of any kind (`Buffer`, `Uint8Array`, `DataView`, `ArrayBuffer`, …).
 * The signature is over its bytes, so an object that a body parser made of it cannot be verified, and is refused
 * by the compiler as well as at run time.
 */
export type RawBody = string | ArrayBufferView | ArrayBuffer;

/** A body in the two forms that the core takes. */
export type Body = string | Uint8Array;

// The engine's own answer to "which typed array is this", which works across realms and cannot be overridden.
const typedArrayName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: unknown) => string | undefined;

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Takes any raw body. Throws a `TypeError` for anything else. */
export function rawBody(payload: unknown): Body {
  if (typeof payload === "string") {
    if (!isUnicode(payload)) throw failure(BODY_NOT_UNICODE);
    return payload;
  }
  return bytesOf(payload) ?? raise(BODY_NOT_RAW);
}

/** The bytes of a view or buffer, not copied unless another thread could change them meanwhile. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  try {
    const name = typedArrayName.call(value);
    if (name === "Uint8Array") return unshared(value as Uint8Array);
    if (ArrayBuffer.isView(value)) {
      return unshared(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
    const tag = Object.prototype.toString.call(value);
    if (tag === "[object ArrayBuffer]" || tag === "[object SharedArrayBuffer]") {
      return unshared(new Uint8Array(value as ArrayBuffer));
    }
  } catch {
    // A detached buffer, or an object that pretends to be one.
  }
  return undefined;
}

function unshared(bytes: Uint8Array): Uint8Array {
  const shared = typeof SharedArrayBuffer === "function" && bytes.buffer instanceof SharedArrayBuffer;
  return shared ? new Uint8Array(bytes) : bytes;
}

/** Whether a string has a UTF-8 form, that is no lone surrogate. */
export function isUnicode(text: string): boolean {
  return text.isWellFormed ? text.isWellFormed() : !/\p{Surrogate}/u.test(text);
}

/** Parses a body whose authenticity is established. An empty one gives `undefined`. */
export function parseJson(body: Body): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(typeof body === "string" ? body : decoder.decode(body));
  } catch {
    // The engine's message quotes the body.
    throw failure(INVALID_JSON);
  }
}

function raise(reason: number): never {
  throw failure(reason);
}
