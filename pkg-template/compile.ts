// Compiles a module from the bytes that are in the package's own files.

/** Decodes standard base64. `atob` is everywhere; a loop, since `Uint8Array.from` with a function is much slower. */
function decode(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const decoded = new Uint8Array(binary.length);
  for (let at = 0; at < decoded.length; at++) decoded[at] = binary.charCodeAt(at);
  return decoded;
}

/** The module, or why there is none: an import must not throw, the first use does (see core.ts, sdk.ts). */
export function compile(bytes: string): unknown {
  try {
    return new WebAssembly.Module(decode(bytes));
  } catch (error) {
    return error;
  }
}
