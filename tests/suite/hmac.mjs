// An HMAC that shares no code with hookseal: the host's WebCrypto.
import { bytesOf } from "./cases.mjs";

/** @param {Uint8Array} key @param {Uint8Array} data @returns {Promise<Uint8Array>} */
async function hmac(key, data) {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key.slice(), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data.slice()));
}

/** @param {Uint8Array[]} parts */
function joined(...parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The signature of the Standard Webhooks scheme. @param {Uint8Array} key @param {string} id @param {number | string} seconds @param {any} body */
export async function standardSignature(key, id, seconds, body) {
  const content = joined(bytesOf(`${id}.${seconds}.`), body instanceof Uint8Array ? body : bytesOf(body));
  return `v1,${btoa(String.fromCharCode(...(await hmac(key, content))))}`;
}

/** The header of the ScaiKey scheme. @param {Uint8Array} key @param {number | string} seconds @param {any} body */
export async function scaikeySignature(key, seconds, body) {
  const tag = await hmac(key, joined(bytesOf(`${seconds}.`), body instanceof Uint8Array ? body : bytesOf(body)));
  return `t=${seconds},v1=${Array.from(tag, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
