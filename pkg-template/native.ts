// The host's own SHA-256, where it has a synchronous one: for longer bodies it is faster than WebAssembly. This file is
// all there is of it. It computes; the core decides, before (is the claim acceptable?) and after (is it the tag?).

/** Of node:crypto. */
interface Crypto {
  hash?(name: "sha256", text: Uint8Array, encoding: "latin1"): string;
  createHash(name: "sha256"): { update(text: string | Uint8Array): void; digest(encoding: "latin1"): string };
}

/** Loads one of the host's modules without an import, which bundlers and other hosts would have to resolve. */
const getBuiltinModule = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process
  ?.getBuiltinModule;

/** Bodies of so many bytes and more are hashed by the host. The switch: `Infinity` is never. */
export const NATIVE_FROM = typeof getBuiltinModule === "function" ? 512 : Number.POSITIVE_INFINITY;

let crypto: Crypto | undefined;

/**
 * The hash of a text, and of more behind it, as one character a byte. `undefined` if the host cannot: then the core does
 * it. Loads the module at the first use: that takes time, and many programs see no long body.
 */
export function sha256(text: Uint8Array, more?: string | Uint8Array): string | undefined {
  try {
    crypto ??= getBuiltinModule?.("node:crypto") as Crypto;
    const digest =
      more === undefined && crypto.hash ? crypto.hash("sha256", text, "latin1") : inTwo(crypto, text, more);
    return typeof digest === "string" && digest.length === 32 ? digest : undefined;
  } catch {
    return undefined;
  }
}

function inTwo({ createHash }: Crypto, text: Uint8Array, more: string | Uint8Array = ""): string {
  const hash = createHash("sha256");
  hash.update(text);
  hash.update(more);
  return hash.digest("latin1");
}
