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

// The engine's own answers about a value, which work across realms and cannot be overridden by it.
const typedArray = Object.getPrototypeOf(Uint8Array.prototype);
const typedArrayName = getter<string | undefined>(typedArray, Symbol.toStringTag);
const typedArrayLength = getter<number>(typedArray, "length");
const typedArrayOffset = getter<number>(typedArray, "byteOffset");
const typedArrayBuffer = getter<ArrayBuffer>(typedArray, "buffer");
const bufferLength = getter<number>(ArrayBuffer.prototype, "byteLength");

function getter<T>(prototype: object, name: PropertyKey): (this: unknown) => T {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as () => T;
}

const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Takes any raw body. Throws a `TypeError` for anything else. */
export function rawBody(payload: unknown): Body {
  if (typeof payload === "string") {
    if (!isUnicode(payload)) throw failure(BODY_NOT_UNICODE);
    return payload;
  }
  const bytes = bytesOf(payload);
  if (bytes === undefined) throw failure(BODY_NOT_RAW);
  return bytes;
}

/** The bytes of a view or buffer, not copied unless another thread could change them meanwhile. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  try {
    const name = typedArrayName.call(value);
    if (name === "Uint8Array") return isShared(typedArrayBuffer.call(value)) ? copyOf(value) : (value as Uint8Array);
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      return isShared(value.buffer) ? copyOf(bytes) : bytes;
    }
    if (isShared(value)) return copyOf(new Uint8Array(value as ArrayBuffer));
    bufferLength.call(value); // throws for what is no ArrayBuffer
    return new Uint8Array(value as ArrayBuffer);
  } catch {
    return undefined;
  }
}

function isShared(value: unknown): boolean {
  return typeof SharedArrayBuffer === "function" && value instanceof SharedArrayBuffer;
}

function copyOf(bytes: unknown): Uint8Array {
  return new Uint8Array(bytes as Uint8Array);
}

/** The length of a text, or of bytes, whatever a property of that name says. */
export function lengthOf(body: Body): number {
  return typeof body === "string" ? body.length : typedArrayLength.call(body);
}

/** A piece of bytes, not copied. */
export function pieceOf(bytes: Uint8Array, start: number, length: number): Uint8Array {
  return new Uint8Array(typedArrayBuffer.call(bytes), typedArrayOffset.call(bytes) + start, length);
}

/** Whether a string has a UTF-8 form, that is no lone surrogate. */
export function isUnicode(text: string): boolean {
  return text.isWellFormed ? text.isWellFormed() : !/\p{Surrogate}/u.test(text);
}

/** Whether there is nothing in a body. */
export function isEmpty(body: Body): boolean {
  return lengthOf(body) === 0;
}

/** Of Node's `Buffer`, for any `Uint8Array`: the fastest way to a text, where the bytes are known to be ASCII. */
const latin1Slice = (
  globalThis as { Buffer?: { prototype?: { latin1Slice?: (this: Uint8Array, start: number, end: number) => string } } }
).Buffer?.prototype?.latin1Slice;

/** The text of a part of bytes that are ASCII. */
export function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  return latin1Slice ? latin1Slice.call(bytes, start, end) : decoder.decode(bytes.subarray(start, end));
}

/** Parses a body whose authenticity is established, given whether it is known to be ASCII bytes. An empty one gives `undefined`. */
export function parseJson(body: Body, ascii = false): unknown {
  if (isEmpty(body)) return undefined;
  try {
    if (typeof body === "string") return JSON.parse(body);
    return JSON.parse(ascii && latin1Slice ? asciiOf(body, 0, lengthOf(body)) : decoder.decode(body));
  } catch {
    // The engine's message quotes the body.
    throw failure(INVALID_JSON);
  }
}
