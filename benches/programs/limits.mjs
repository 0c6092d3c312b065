// What verifying and signing cannot do without, each step alone: what is left of a call when all else takes no time.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Webhook } from "hookseal";
import { Webhook as Svix } from "svix";
import { bytesOf, caseOf } from "./cases.mjs";
import { hookseal, standardwebhooks } from "./contenders.mjs";
import { byHand } from "./contenders.node.mjs";
import { headersOf, SECRET, textOf } from "./delivery.mjs";
import { measure } from "./measure.mjs";
import { spec, tell } from "./program.mjs";

const text = textOf(spec.size);
const body = bytesOf(text);
const date = new Date();
const ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";

const cases = [];
for (const one of [standardwebhooks(), byHand(), hookseal()]) {
  cases.push(await caseOf(one, "check", text, { bytes: true, name: `${one.name}, check only` }));
  cases.push({ name: `${one.name}, sign`, right: () => one.sign(ID, date, body), gives: one.sign(ID, date, body) });
}
const fresh = (name, Class) => ({
  name,
  family: "svix",
  verify: (given, headers) => new Class(SECRET).verify(given, headers),
});
cases.push(await caseOf(fresh("svix 1.99, new each call", Svix), "verify", text, { bytes: true }));
cases.push(await caseOf(fresh("hookseal, new each call", Webhook), "verify", text, { bytes: true }));

// The core's own functions, on a text that is written once: as pkg-template/core.ts calls them.
const wasm = new WebAssembly.Module(
  readFileSync(fileURLToPath(import.meta.resolve("hookseal/package.json").replace("package.json", "core.wasm"))),
);
const encoder = new TextEncoder();
function core(head) {
  const exports = { ...new WebAssembly.Instance(wasm).exports };
  const at = exports.region(1);
  const view = new Uint8Array(exports.memory.buffer, at, exports.region(2) - at);
  encoder.encodeInto(SECRET, view);
  exports.key(0, SECRET.length, true, 300);
  const write = () => {
    encoder.encodeInto(head, view);
    view.set(body, head.length);
  };
  write();
  return { exports, view, write };
}
const headers = headersOf(text, "svix");
const { "svix-id": id, "svix-timestamp": timestamp, "svix-signature": signature } = headers;
const gap = " ".repeat(64);
const now = Date.now();
const good = core(`${signature}${gap}${id}.${timestamp}.`);
const verify = (length) => good.exports.verify(7, signature.length, id.length, timestamp.length, now, 300, length);
const ASCII = 65_536;
cases.push({ name: "its WebAssembly, verify", right: () => verify(body.length), gives: ASCII });
// So many more blocks: the difference is SHA-256 alone. What is read behind the body is as good as any.
const MORE = 10;
cases.push({ name: `its WebAssembly, ${MORE} blocks more`, right: () => verify(body.length + 64 * MORE), gives: 9 });
const signed = core(`${gap}${id}.${timestamp}.`);
cases.push({
  name: "its WebAssembly, sign, and the text",
  right: () => {
    // The signature was written over it.
    signed.write();
    return signed.exports.verify(7 | 128, 0, id.length, timestamp.length, 0, 0, body.length);
  },
  gives: -47,
});
const keyed = core("");
cases.push({
  name: "its WebAssembly, key",
  right: () => {
    encoder.encodeInto(SECRET, keyed.view);
    return keyed.exports.key(0, SECRET.length, true, 300);
  },
  gives: 0,
});
const written = core(`${signature}${gap}${id}.${timestamp}.`);
cases.push({
  name: "its WebAssembly, verify, and the text",
  right: () => {
    written.write();
    return written.exports.verify(7, signature.length, id.length, timestamp.length, Date.now(), 300, body.length);
  },
  gives: ASCII,
});
cases.push({ name: "writing the text", right: written.write, gives: undefined });

// SHA-256 decides about long bodies where the host has none.
const long = textOf(spec.long);
cases.push(
  await caseOf(standardwebhooks(), "check", long, { bytes: true, name: "standardwebhooks, check only, long" }),
);
const longer = core(`${signature}${gap}${id}.${timestamp}.`);
cases.push({
  name: "its WebAssembly, long",
  right: () => longer.exports.verify(7, signature.length, id.length, timestamp.length, now, 300, spec.long),
  gives: 9,
});

tell({ series: await measure(cases, spec), more: MORE });
