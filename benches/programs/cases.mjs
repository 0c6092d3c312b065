// A contender's operation on one delivery, ready to be measured.

import { forgedText, headersOf } from "./delivery.mjs";

/**
 * @param {any} contender
 * @param {"verify" | "check"} operation
 * @param {string} text
 * @param {{bytes?: boolean, fetchHeaders?: boolean, name?: string}} [options] bytes: the body is a Buffer, or a
 *   Uint8Array where there is none
 * @returns {Promise<import("./measure.mjs").Case>}
 */
export async function caseOf(contender, operation, text, { bytes, fetchHeaders, name = contender.name } = {}) {
  const plain = await (contender.headersOf?.(text) ?? headersOf(text, contender.family));
  const headers = fetchHeaders ? new Headers(plain) : plain;
  const form = (/** @type {string} */ body) => (bytes ? bytesOf(body) : body);
  const [body, forged] = [form(text), form(forgedText(text))];
  const call = contender[operation];
  return {
    name,
    async: contender.async,
    right: () => call(body, headers),
    forged: () => call(forged, headers),
    gives: operation === "verify" ? JSON.parse(text) : undefined,
  };
}

/** @param {string} text */
export function bytesOf(text) {
  return globalThis.Buffer ? Buffer.from(text) : new TextEncoder().encode(text);
}
