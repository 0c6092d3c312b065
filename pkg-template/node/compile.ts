// As ../compile.ts, from base64: Node decodes that itself, many times faster than a loop that runs for the first time. Where
// the bytes travel, in bundles, they are spared its size.

/** Of Node. */
interface Buffers {
  from(text: string, encoding: "base64"): Uint8Array<ArrayBuffer>;
}

/** Whoever goes by the name of Node need not have its `Buffer`. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const { Buffer } = globalThis as { Buffer?: Buffers };
  return Buffer ? Buffer.from(text, "base64") : Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0));
}

/** The module, or why there is none. */
export function compile(bytes: string): unknown {
  try {
    return new WebAssembly.Module(decode(bytes));
  } catch (error) {
    return error;
  }
}
