// Who is compared, where every host can run them. Each has the same job: `verify` gives the payload, `check` gives
// undefined, and both throw for a forged delivery; `sign` gives the header.

import { Webhook } from "hookseal";
import { ReductoWebhook } from "hookseal/reducto";
import { Webhook as StandardWebhooks } from "standardwebhooks";
import { SECRET } from "./delivery.mjs";

const CHECK_ONLY = /** @type {const} */ ({ jsonParse: false });

export function hookseal() {
  const webhook = new Webhook(SECRET);
  return {
    name: "hookseal",
    family: "svix",
    verify: (body, headers) => webhook.verify(body, headers),
    check: (body, headers) => webhook.verify(body, headers, CHECK_ONLY),
    sign: (id, date, body) => webhook.sign(id, date, body),
  };
}

export function hooksealReducto() {
  const webhook = new ReductoWebhook(SECRET);
  return { name: "hookseal/reducto", family: "svix", verify: (body, headers) => webhook.verify(body, headers) };
}

export function standardwebhooks() {
  const webhook = new StandardWebhooks(SECRET);
  return {
    name: "standardwebhooks",
    family: "webhook",
    verify: (body, headers) => webhook.verify(body, headers),
    check: (body, headers) => webhook.verify(body, headers, CHECK_ONLY),
    sign: (id, date, body) => webhook.sign(id, date, body),
  };
}

/** By hand, where there is no node:crypto. The key is imported once. */
export function webCrypto() {
  const encoder = new TextEncoder();
  const bytes = Uint8Array.from(atob(SECRET.slice("whsec_".length)), (char) => char.charCodeAt(0));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);

  const signed = (id, timestamp, body) => {
    if (typeof body === "string") return encoder.encode(`${id}.${timestamp}.${body}`);
    const head = encoder.encode(`${id}.${timestamp}.`);
    const content = new Uint8Array(head.length + body.length);
    content.set(head);
    content.set(body, head.length);
    return content;
  };
  const check = async (body, headers) => {
    const { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature } = headers;
    if (!id || !timestamp || !signature) throw new Error("missing");
    const age = Math.floor(Date.now() / 1000) - Number.parseInt(timestamp, 10);
    if (!(Math.abs(age) <= 300)) throw new Error("time");
    const content = signed(id, timestamp, body);
    for (const token of signature.split(" ")) {
      const [version, given] = token.split(",");
      if (version !== "v1") continue;
      const tag = Uint8Array.from(atob(given), (char) => char.charCodeAt(0));
      if (await crypto.subtle.verify("HMAC", await imported, tag, content)) return;
    }
    throw new Error("no match");
  };
  const decoder = new TextDecoder();
  return {
    name: "WebCrypto by hand (async)",
    family: "svix",
    async: true,
    check,
    verify: async (body, headers) => {
      await check(body, headers);
      return JSON.parse(typeof body === "string" ? body : decoder.decode(body));
    },
    sign: async (id, date, body) => {
      const content = signed(id, Math.floor(date.getTime() / 1000), body);
      const tag = new Uint8Array(await crypto.subtle.sign("HMAC", await imported, content));
      return `v1,${btoa(String.fromCharCode(...tag))}`;
    },
  };
}
