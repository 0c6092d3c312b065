// The host's own SHA-256, where it has a synchronous one: for longer bodies it is faster than WebAssembly. This file is
// all there is of it. It computes; the core decides, before (is the claim acceptable?) and after (is it the tag?).
import { type Body, lengthOf, pieceOf } from "./body.js";

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

/** Whether there may be such a body. */
export const NATIVE = NATIVE_FROM < Number.POSITIVE_INFINITY;

let crypto: Crypto | undefined;

/**
 * Hashes what is signed behind an inner pad: what lies in the core's memory from one place to another, and the body, of which
 * so many bytes lie there, too (or, with a length of -1, none). Puts the hash to a third place. `false` if the host cannot, or
 * the body is short: then the core does it. Loads the module at the first use: that takes time, and many programs see no
 * long body.
 */
export function hashBeside(
  pad: Uint8Array | undefined,
  bytes: Uint8Array,
  from: number,
  to: number,
  length: number,
  body: Body,
  at: number,
): boolean {
  const more = length < 0 ? body : "";
  if (pad === undefined || length + lengthOf(more) < NATIVE_FROM) return false;
  // The gap in front of what is signed is as long as the pad.
  const start = from - pad.length;
  bytes.set(pad, start);
  const hash = sha256(bytes.subarray(start, to + Math.max(length, 0)), more);
  bytes.fill(0, start, from);
  for (let n = 0; n < hash.length; n++) bytes[at + n] = hash.charCodeAt(n);
  return hash !== "";
}

/** One character a byte; empty if the host cannot. */
function sha256(text: Uint8Array, more: Body): string {
  try {
    crypto ??= getBuiltinModule?.("node:crypto") as Crypto;
    const digest = more === "" && crypto.hash ? crypto.hash("sha256", text, "latin1") : inTwo(crypto, text, more);
    return typeof digest === "string" && digest.length === 32 ? digest : "";
  } catch {
    return "";
  }
}

function inTwo({ createHash }: Crypto, text: Uint8Array, more: Body): string {
  const hash = createHash("sha256");
  hash.update(text);
  // As we read it: what looks for a property `length` would find the caller's.
  hash.update(typeof more === "string" ? more : pieceOf(more, 0, lengthOf(more)));
  return hash.digest("latin1");
}
