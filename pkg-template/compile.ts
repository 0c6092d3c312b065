// Compiles a module from the bytes that are in the package's own files.

/**
 * Decodes what scripts/build/encode.mjs wrote: characters from 35 on stand for bytes, and a space or an exclamation mark in
 * front adds 92 or 184.
 */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const decoded = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    decoded[length++] = code < 35 ? text.charCodeAt(++at) + (code - 31) * 92 - 35 : code - 35;
  }
  return decoded.subarray(0, length);
}

/** The module, or why there is none: an import must not throw, the first use does (see core.ts, sdk.ts). */
export function compile(bytes: string): unknown {
  try {
    return new WebAssembly.Module(decode(bytes));
  } catch (error) {
    return error;
  }
}
