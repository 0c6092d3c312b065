// Writes the vectors beside this file. `--check` compares instead, and exits 1 on a difference.
//
// Signatures come from node:crypto, which shares no code with hookseal; the published vectors are literal.
// Expectations are written by hand, case by case: this file must not decide what docs/verification.md decides.

import { createHmac } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const policyPage = new URL("../../docs/verification.md", here);

// ---------------------------------------------------------------- values

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const SECRET_B = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const SECRET_C = "whsec_plJ3nmyCDGBKInavdOK15jsl";
const PRIVATE_KEY = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
const ED25519_TOKEN = "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
const ID = "msg_1";
const NOW = 1614265330;
const BODY = '{"test": 2432232314}';

const MESSAGES = {
  missing_header: "Missing required headers",
  invalid_header: "Invalid Signature Headers",
  timestamp_too_old: "Message timestamp too old",
  timestamp_too_new: "Message timestamp too new",
  no_matching_signature: "No matching signature found",
};

/** The key that a Standard Webhooks secret stands for; only for secrets that are accepted. */
function keyOf(secret, format) {
  if (typeof secret !== "string") return Buffer.from(secret.hex, "hex");
  if (format === "raw") return Buffer.from(secret, "utf8");
  return Buffer.from(secret.replace(/^[ \t\n\f\r]+/, "").replace(/^whsec_/, ""), "base64");
}

function bytesOf(body) {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body.hex !== undefined) return Buffer.from(body.hex, "hex");
  return Buffer.from(body.repeat.repeat(body.times), "utf8");
}

const hmac = (key, ...parts) => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return mac.digest();
};

/** A Standard Webhooks token over these values. */
const token = ({ secret = SECRET, format, id = ID, ts = String(NOW), body = BODY } = {}) =>
  `v1,${hmac(keyOf(secret, format), `${id}.${ts}.`, bytesOf(body)).toString("base64")}`;

const tokenOfBytes = (bytes) => `v1,${Buffer.from(bytes).toString("base64")}`;
const bytesOfToken = (text) => Buffer.from(text.slice(3), "base64");

/** Well formed, and signed by nobody. */
const stranger = (n) => tokenOfBytes(hmac("a key of nobody", String(n)));

/** The last digit of canonical base64 changed so that a lenient decoder reads the same bytes. */
function withTrailingBits(base64) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const at = base64.replace(/=+$/, "").length - 1;
  return base64.slice(0, at) + digits[digits.indexOf(base64[at]) + 1] + base64.slice(at + 1);
}

const refused = (code, more) => ({
  error: code,
  class: "verification",
  message: MESSAGES[code],
  ...more,
});
const payload = (code, path) => ({ error: code, class: "payload", ...(path && { path }) });
const typeError = (code) => ({ error: code, class: "TypeError" });
const rangeError = (code) => ({ error: code, class: "RangeError" });
const INVALID_HEADER = refused("invalid_header");
const NO_MATCH = refused("no_matching_signature");
const TOO_OLD = refused("timestamp_too_old");
const TOO_NEW = refused("timestamp_too_new");
const NOTHING = { ok: { undefined: true } };

// ---------------------------------------------------------------- standard.json

const standard = [];

/**
 * One delivery. What a case does not say is right: the secret, the three svix headers, a signature over what is sent.
 * `sig` and `headers` replace; `expect` defaults to verified, with the parsed body.
 */
function deliver(row, name, options = {}) {
  const {
    secret = SECRET,
    format,
    id = ID,
    ts = String(NOW),
    body = BODY,
    family = "svix",
    now = NOW,
    expect,
    sig,
    headers,
    container,
    bodyAs,
    bodyJs,
    only,
  } = options;
  const first = Array.isArray(secret) ? secret[0] : secret;
  const signature = sig ?? token({ secret: first, format, id, ts, body });
  standard.push({
    name,
    row,
    secret,
    ...(format && { format }),
    headers: headers ?? triple(family, id, ts, signature),
    ...(options.headersJs && { headersJs: options.headersJs }),
    ...(container && { container }),
    ...(bodyJs ? { bodyJs } : { body }),
    ...(bodyAs && { bodyAs }),
    now,
    ...("tolerance" in options && { tolerance: options.tolerance }),
    ...("jsonParse" in options && { jsonParse: options.jsonParse }),
    expect: expect ?? { ok: { json: JSON.parse(bytesOf(body).toString("utf8")) } },
    ...(only && { only }),
  });
}

const triple = (family, id, ts, signature) => [
  [`${family}-id`, id],
  [`${family}-timestamp`, ts],
  [`${family}-signature`, signature],
];

// Published vectors: nothing here is computed.
for (const [row, secret, id, ts, body, sig] of [
  [
    "published-1",
    SECRET,
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1614265330,
    '{"test": 2432232314}',
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  ],
  [
    "published-2",
    SECRET_B,
    "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
    1649367553,
    '{"email":"test@example.com","username":"test_user"}',
    "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
  ],
  [
    "published-3",
    SECRET_C,
    "msg_loFOjxBNrRLzqYUf",
    1731705121,
    '{"event_type":"ping","data":{"success":true}}',
    "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
  ],
]) {
  const published = { secret, id, ts: String(ts), now: ts, body, sig };
  deliver(row, `${row}: as published`, published);
  deliver(row, `${row}: with webhook- names`, { ...published, family: "webhook" });
  deliver(row, `${row}: as bytes`, { ...published, bodyAs: "uint8array" });
  deliver(row, `${row}: with a space more in the body`, {
    ...published,
    body: `${body} `,
    expect: NO_MATCH,
  });
}
const ed25519 = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' };
deliver("published-ed25519", "published-ed25519: the v1a token alone, with a symmetric secret", {
  ...ed25519,
  sig: ED25519_TOKEN,
  expect: NO_MATCH,
});
deliver("published-ed25519", "published-ed25519: its signature under v1, with a symmetric secret", {
  ...ed25519,
  sig: ED25519_TOKEN.replace("v1a,", "v1,"),
  expect: NO_MATCH,
});

// Secrets. What a secret text stands for is secrets.json's subject; here, that the key is used.
deliver("secret-string", "secret without its prefix", { secret: SECRET.slice(6) });
deliver("secret-string", "secret with a line feed from an env file", { secret: `${SECRET}\n` });
deliver("secret-string", "another secret", { sig: token({ secret: SECRET_B }), expect: NO_MATCH });
for (const size of [1, 24, 63, 64, 65, 100]) {
  deliver("secret-bytes", `secret of ${size} raw bytes`, { secret: { hex: "a7".repeat(size) } });
}
deliver("secret-bytes", "raw string secret", { secret: "geheim-é-😀", format: "raw" });
deliver("secret-bytes", "raw string secret that looks like base64 is not decoded", {
  secret: SECRET,
  format: "raw",
});
deliver("secret-bytes", "raw string secret against a signature of the decoded one", {
  secret: SECRET,
  format: "raw",
  sig: token(),
  expect: NO_MATCH,
});
deliver("secret-several", "two secrets, the first signed", { secret: [SECRET, SECRET_B] });
deliver("secret-several", "two secrets, the second signed", {
  secret: [SECRET_B, SECRET],
  sig: token(),
});
deliver("secret-several", "three secrets, the last signed", {
  secret: [SECRET_B, SECRET_C, SECRET],
  sig: token(),
});
deliver("secret-several", "three secrets, none signed", {
  secret: [SECRET_B, SECRET_C, { hex: "00" }],
  sig: token(),
  expect: NO_MATCH,
});
deliver("secret-several", "a list of one secret", { secret: [SECRET] });
deliver("secret-several", "a text and bytes in one list", {
  secret: [SECRET_B, { hex: "0102030405060708" }],
  sig: token({ secret: { hex: "0102030405060708" } }),
});

// Rotation: several tokens.
const tokenA = token();
const tokenB = token({ secret: SECRET_B });
const tokenC = token({ secret: SECRET_C });
for (const [name, secret, sig, ok] of [
  ["new and old token, receiver has the new secret", SECRET, [tokenA, tokenB], true],
  ["new and old token, receiver has the old secret", SECRET_B, [tokenA, tokenB], true],
  ["three tokens (newest, oldest, middle), the middle secret", SECRET_B, [tokenA, tokenC, tokenB], true],
  ["three tokens, the first one's secret", SECRET_C, [tokenC, tokenA, tokenB], true],
  ["three tokens, three secrets in another order", [SECRET_B, SECRET_C, SECRET], [tokenA, tokenC, tokenB], true],
  ["two secrets, one token of the second", [SECRET, SECRET_B], [tokenB], true],
  ["two secrets, two tokens, one pair fits", [SECRET, SECRET_B], [tokenC, tokenB], true],
  ["the same token twice", SECRET, [tokenA, tokenA], true],
  ["two tokens of other secrets", SECRET, [tokenB, tokenC], false],
  ["v1a before v1", SECRET, [ED25519_TOKEN, tokenA], true],
  ["v1 before v1a", SECRET, [tokenA, ED25519_TOKEN], true],
  ["v1a between two v1", SECRET_B, [tokenA, ED25519_TOKEN, tokenB], true],
  ["two v1a and a v1 of another secret", SECRET, [ED25519_TOKEN, ED25519_TOKEN, tokenB], false],
]) {
  const options = { secret, sig: sig.join(" ") };
  deliver("signature-rotation", `rotation: ${name}`, ok ? options : { ...options, expect: NO_MATCH });
}

// Which family.
const wrong = token({ secret: SECRET_B });
const svix = triple("svix", ID, String(NOW), token());
const webhook = triple("webhook", "msg_2", String(NOW), token({ id: "msg_2" }));
const svixWrong = triple("svix", ID, String(NOW), wrong);
const webhookWrong = triple("webhook", "msg_2", String(NOW), wrong);
const VERIFIED = { ok: { json: JSON.parse(BODY) } };
const missing = (...names) => refused("missing_header", { missing: names });
for (const [row, name, headers, expect] of [
  ["header-family", "svix triple alone", svix, VERIFIED],
  ["header-family", "webhook triple alone", webhook, VERIFIED],
  ["header-family", "both triples right", [...svix, ...webhook], VERIFIED],
  ["header-family", "both triples, webhook first, webhook's signature wrong", [...webhookWrong, ...svix], VERIFIED],
  ["header-family", "both triples, svix's signature wrong", [...svixWrong, ...webhook], NO_MATCH],
  [
    "header-family",
    "both triples, svix's id malformed",
    [...triple("svix", "msg.1", String(NOW), token()), ...webhook],
    INVALID_HEADER,
  ],
  [
    "header-family",
    "both triples, svix's timestamp old",
    [...triple("svix", ID, "1614200000", token({ ts: "1614200000" })), ...webhook],
    TOO_OLD,
  ],
  [
    "header-family",
    "both triples, svix's id given twice",
    [["svix-id", [ID, ID]], ...svix.slice(1), ...webhook],
    INVALID_HEADER,
  ],
  ["header-family", "incomplete svix, complete webhook", [...svix.slice(0, 2), ...webhook], VERIFIED],
  ["header-family", "only svix-signature, complete webhook", [svixWrong[2], ...webhook], VERIFIED],
  ["header-family", "svix-id empty, complete webhook", [["svix-id", ""], ...svix.slice(1), ...webhook], VERIFIED],
  ["header-family", "complete svix, incomplete webhook", [...webhook.slice(0, 2), ...svix], VERIFIED],
  [
    "header-family",
    "mixed: svix-id with webhook-timestamp and webhook-signature",
    [["svix-id", "msg_2"], ...webhook.slice(1)],
    missing("webhook-id"),
  ],
  [
    "header-family",
    "mixed: webhook-signature with svix-id and svix-timestamp",
    [...svix.slice(0, 2), ["webhook-signature", token()]],
    missing("svix-signature"),
  ],
  [
    "header-family",
    "mixed: webhook-timestamp with svix-id and svix-signature",
    [svix[0], ["webhook-timestamp", String(NOW)], svix[2]],
    missing("svix-timestamp"),
  ],
  ["header-missing", "no headers", [], missing("svix-id", "svix-timestamp", "svix-signature")],
  [
    "header-missing",
    "other headers only",
    [
      ["content-type", "application/json"],
      ["x-svix-id", ID],
    ],
    missing("svix-id", "svix-timestamp", "svix-signature"),
  ],
  ["header-missing", "svix-id missing", svix.slice(1), missing("svix-id")],
  ["header-missing", "svix-timestamp missing", [svix[0], svix[2]], missing("svix-timestamp")],
  ["header-missing", "svix-signature missing", svix.slice(0, 2), missing("svix-signature")],
  ["header-missing", "only svix-signature", [svix[2]], missing("svix-id", "svix-timestamp")],
  ["header-missing", "webhook-id missing", webhook.slice(1), missing("webhook-id")],
  ["header-missing", "webhook-timestamp missing", [webhook[0], webhook[2]], missing("webhook-timestamp")],
  ["header-missing", "webhook-signature missing", webhook.slice(0, 2), missing("webhook-signature")],
  ["header-missing", "only webhook-id", [webhook[0]], missing("webhook-timestamp", "webhook-signature")],
  [
    "header-missing",
    "a tie of one and one names svix",
    [svix[0], webhook[2]],
    missing("svix-timestamp", "svix-signature"),
  ],
  [
    "header-missing",
    "a tie of two and two names svix",
    [...svix.slice(0, 2), ...webhook.slice(1)],
    missing("svix-signature"),
  ],
  [
    "header-missing",
    "two of webhook against one of svix",
    [svix[0], ...webhook.slice(0, 2)],
    missing("webhook-signature"),
  ],
  ["header-missing", "two of svix against one of webhook", [webhook[0], ...svix.slice(1)], missing("svix-id")],
  ["header-missing", "svix-id empty", [["svix-id", ""], ...svix.slice(1)], missing("svix-id")],
  ["header-missing", "svix-timestamp empty", [svix[0], ["svix-timestamp", ""], svix[2]], missing("svix-timestamp")],
  ["header-missing", "svix-signature empty", [...svix.slice(0, 2), ["svix-signature", ""]], missing("svix-signature")],
  [
    "header-missing",
    "all three empty",
    triple("svix", "", "", ""),
    missing("svix-id", "svix-timestamp", "svix-signature"),
  ],
  [
    "header-missing",
    "webhook-signature empty",
    [...webhook.slice(0, 2), ["webhook-signature", ""]],
    missing("webhook-signature"),
  ],
  ["header-missing", "svix-id an empty list", [["svix-id", []], ...svix.slice(1)], missing("svix-id")],
  [
    "header-missing",
    "svix-signature an empty list",
    [...svix.slice(0, 2), ["svix-signature", []]],
    missing("svix-signature"),
  ],
  [
    "header-names",
    "title-case names",
    [
      ["Svix-Id", ID],
      ["Svix-Timestamp", String(NOW)],
      ["Svix-Signature", token()],
    ],
    VERIFIED,
  ],
  [
    "header-names",
    "upper-case names",
    [
      ["WEBHOOK-ID", ID],
      ["WEBHOOK-TIMESTAMP", String(NOW)],
      ["WEBHOOK-SIGNATURE", token()],
    ],
    VERIFIED,
  ],
  [
    "header-names",
    "names in mixed case",
    [
      ["sViX-iD", ID],
      ["svix-TIMESTAMP", String(NOW)],
      ["SVIX-signature", token()],
    ],
    VERIFIED,
  ],
  [
    "header-names",
    "a Kelvin sign or long s is not a letter of a name",
    [["\u017fvix-id", ID], ...triple("webhoo\u212a", ID, String(NOW), token()).slice(1)],
    missing("svix-id", "svix-timestamp", "svix-signature"),
  ],
  [
    "header-names",
    "underscores are not dashes",
    [
      ["svix_id", ID],
      ["svix_timestamp", String(NOW)],
      ["svix_signature", token()],
    ],
    missing("svix-id", "svix-timestamp", "svix-signature"),
  ],
  [
    "header-names",
    "names with a space around are other names",
    [
      ["svix-id ", ID],
      [" svix-timestamp", String(NOW)],
      ["svix-signature", token()],
    ],
    missing("svix-id", "svix-timestamp"),
  ],
]) {
  deliver(row, name, { headers, expect });
}

// Containers. Rust reads the pairs whatever the container.
const surrounding = [
  ["Host", "example.com"],
  ["Content-Type", "application/json"],
  ["User-Agent", "Svix-Webhooks/1.96 (sender-9YMgn; +https://www.svix.com/http-sender/)"],
];
for (const container of ["object", "map", "pairs", "fetch", "node", "get"]) {
  const others = container === "node" ? surrounding.map(([name, value]) => [name.toLowerCase(), value]) : surrounding;
  deliver("header-containers", `${container}: svix triple among others`, {
    container,
    headers: [...others, ...svix],
    expect: VERIFIED,
  });
  deliver("header-containers", `${container}: webhook triple`, { container, headers: webhook, expect: VERIFIED });
  deliver("header-containers", `${container}: another order, a wrong signature`, {
    container,
    headers: [svixWrong[2], ...others, svixWrong[1], svixWrong[0]],
    expect: NO_MATCH,
  });
  deliver("header-containers", `${container}: a header missing`, {
    container,
    headers: [...others, svix[0], svix[2]],
    expect: missing("svix-timestamp"),
  });
  if (container !== "node") {
    deliver("header-containers", `${container}: names in odd case`, {
      container,
      headers: [
        ["SVIX-Id", ID],
        ["Svix-timestamp", String(NOW)],
        ["svix-SIGNATURE", token()],
      ],
      expect: VERIFIED,
    });
  }
}
deliver("header-containers", "node: lists of one value", {
  container: "node",
  headers: triple("svix", [ID], [String(NOW)], [token()]),
  expect: VERIFIED,
});
deliver("header-containers", "node: another header with several values", {
  container: "node",
  headers: [["set-cookie", ["a=1", "b=2"]], ...svix],
  expect: VERIFIED,
});
for (const headersJs of ["undefined", "null", "number", "string"]) {
  deliver("header-containers", `headers are ${headersJs}`, {
    headers: [],
    headersJs,
    expect: typeError("invalid_headers"),
    only: "js",
  });
}
deliver("header-containers", "headers that an object inherits are not its own", {
  headers: svix,
  headersJs: "inherited",
  expect: missing("svix-id", "svix-timestamp", "svix-signature"),
  only: "js",
});

// The same header twice.
for (const [name, headers, expect] of [
  ["id twice", [["svix-id", [ID, "msg_2"]], ...svix.slice(1)], INVALID_HEADER],
  ["id twice, equal", [["svix-id", [ID, ID]], ...svix.slice(1)], INVALID_HEADER],
  ["timestamp twice", [svix[0], ["svix-timestamp", [String(NOW), String(NOW + 1)]], svix[2]], INVALID_HEADER],
  ["timestamp twice, equal", [svix[0], ["svix-timestamp", [String(NOW), String(NOW)]], svix[2]], INVALID_HEADER],
  ["webhook-id twice", [["webhook-id", ["msg_2", "msg_2"]], ...webhook.slice(1)], INVALID_HEADER],
  ["id under two names that differ in case", [["svix-id", ID], ["Svix-Id", ID], ...svix.slice(1)], INVALID_HEADER],
  ["timestamp under two names that differ in case", [["SVIX-TIMESTAMP", String(NOW)], ...svix], INVALID_HEADER],
  ["signature twice, the first right", [...svix.slice(0, 2), ["svix-signature", [token(), wrong]]], VERIFIED],
  ["signature twice, the second right", [...svix.slice(0, 2), ["svix-signature", [wrong, token()]]], VERIFIED],
  [
    "signature three times, lists",
    [...svix.slice(0, 2), ["svix-signature", [`${wrong} ${tokenC}`, ED25519_TOKEN, `${wrong} ${token()}`]]],
    VERIFIED,
  ],
  ["signature twice, none right", [...svix.slice(0, 2), ["svix-signature", [wrong, tokenC]]], NO_MATCH],
  ["signature under two names that differ in case, the first right", [...svix, ["Svix-Signature", wrong]], VERIFIED],
  [
    "signature under two names that differ in case, the second right",
    [...svixWrong, ["Svix-Signature", token()]],
    VERIFIED,
  ],
  [
    "a token cut in two by a repeated header is no token",
    [...svix.slice(0, 2), ["svix-signature", [token().slice(0, 20), token().slice(20)]]],
    NO_MATCH,
  ],
]) {
  deliver("header-repeated", name, { headers, expect });
}
deliver("header-repeated", "map: id under two names that differ in case", {
  container: "map",
  headers: [["svix-id", ID], ["SVIX-ID", ID], ...svix.slice(1)],
  expect: INVALID_HEADER,
});
deliver("header-repeated", "pairs: id twice", {
  container: "pairs",
  headers: [svix[0], ...svix],
  expect: INVALID_HEADER,
});
deliver("header-repeated", "pairs: signature twice, the second right", {
  container: "pairs",
  headers: [...svixWrong, svix[2]],
  expect: VERIFIED,
});
deliver("header-repeated", "node: id as a list of two", {
  container: "node",
  headers: [["svix-id", [ID, ID]], ...svix.slice(1)],
  expect: INVALID_HEADER,
});
deliver("header-repeated", "node: signature as a list of two, the first right", {
  container: "node",
  headers: [...svix.slice(0, 2), ["svix-signature", [token(), wrong]]],
  expect: VERIFIED,
});
deliver("header-repeated", "fetch: id twice", {
  container: "fetch",
  headers: [["svix-id", [ID, ID]], ...svix.slice(1)],
  expect: INVALID_HEADER,
});
deliver("header-repeated", "fetch: timestamp twice", {
  container: "fetch",
  headers: [svix[0], ["svix-timestamp", [String(NOW), String(NOW)]], svix[2]],
  expect: INVALID_HEADER,
});
deliver("header-repeated", "fetch: signature twice, the last right", {
  container: "fetch",
  headers: [...svix.slice(0, 2), ["svix-signature", [wrong, token()]]],
  expect: VERIFIED,
});
deliver("header-repeated", "fetch: signature twice, the first right but followed by the joining comma", {
  container: "fetch",
  headers: [...svix.slice(0, 2), ["svix-signature", [token(), wrong]]],
  expect: NO_MATCH,
  only: "js",
});

// The id. A refused id is signed as it is, so that only the rule can refuse it.
for (const [name, id] of [
  ["one character", "m"],
  ["a UUID", "5c2b8a6e-1f0d-4d0f-9b5e-0f6f4f1f7e11"],
  ["every visible ASCII character but the dot", "!\"#$%&'()*+,-/0123456789:;<=>?@ABCXYZ[\\]^_`abcxyz{|}~"],
  ["the first and the last visible character", "!~"],
  ["256 bytes", "i".repeat(256)],
  ["digits only", "0"],
]) {
  deliver("id", `id: ${name}`, { id });
}
for (const [name, id] of [
  ["a dot inside", "msg.1"],
  ["a dot alone", "."],
  ["a dot at its end", "msg_1."],
  ["a dot before it", ".msg_1"],
  ["a space inside", "msg 1"],
  ["a space before it", " msg_1"],
  ["a space at its end", "msg_1 "],
  ["a tab", "msg\t1"],
  ["a line feed", "msg_1\n"],
  ["a NUL", "msg_\u00001"],
  ["DEL", "msg_\u007f"],
  ["a control character", "msg_\u001f"],
  ["non-ASCII (é)", "msg_é"],
  ["non-ASCII (emoji)", "msg_😀"],
  ["a full-width digit", "msg_１"],
  ["257 bytes", "i".repeat(257)],
  ["1000 bytes", "i".repeat(1000)],
]) {
  deliver("id", `id refused: ${name}`, { id, expect: INVALID_HEADER });
}
deliver("id", "splice: id msg and body <ts>.B, as it was sent", {
  id: "msg",
  ts: "1614265330",
  body: "1614265330.{}",
  jsonParse: false,
  expect: NOTHING,
});
deliver("id", "splice: the same signature as id msg.<ts> and body B", {
  id: "msg.1614265330",
  ts: "1614265330",
  body: "{}",
  sig: token({ id: "msg", ts: "1614265330", body: "1614265330.{}" }),
  expect: INVALID_HEADER,
});

// The timestamp.
for (const [name, ts, now, tolerance] of [
  ["one digit", "5", 5],
  ["zero", "0", 0],
  ["a leading zero", "01614265330", NOW],
  ["15 digits with leading zeros", "000001614265330", NOW],
  ["15 digits", "999999999999999", 999999999999999],
  ["zero, the widest tolerance", "0", NOW, Number.MAX_SAFE_INTEGER],
]) {
  deliver("timestamp-form", `timestamp: ${name}`, { ts, now, ...(tolerance && { tolerance }) });
}
deliver("timestamp-form", "timestamp: leading zero, signed as the number printed again", {
  ts: "01614265330",
  sig: token(),
  expect: NO_MATCH,
});
deliver("timestamp-form", "timestamp: without the zero that was signed", {
  sig: token({ ts: "01614265330" }),
  expect: NO_MATCH,
});
deliver("timestamp-form", "timestamp: 15 digits are a form, and too new", { ts: "999999999999999", expect: TOO_NEW });
for (const [name, ts] of [
  ["16 digits", "1614265330000000"],
  ["16 digits with leading zeros", "0000001614265330"],
  ["a plus sign", "+1614265330"],
  ["a minus sign", "-1"],
  ["minus zero", "-0"],
  ["an exponent", "1e9"],
  ["a fraction", "1614265330.0"],
  ["a dot at its end", "1614265330."],
  ["a space before it", " 1614265330"],
  ["a space after it", "1614265330 "],
  ["a space alone", " "],
  ["a tab after it", "1614265330\t"],
  ["a line feed after it", "1614265330\n"],
  ["a NUL after it", "1614265330\u0000"],
  ["a suffix", "1614265330s"],
  ["hexadecimal", "0x6037bc72"],
  ["an underscore", "1_614_265_330"],
  ["a comma", "1,614,265,330"],
  ["Arabic-Indic digits", "١٦١٤٢٦٥٣٣٠"],
  ["full-width digits", "１６１４２６５３３０"],
  ["a date", "2021-02-25T15:02:10Z"],
  ["NaN", "NaN"],
  ["Infinity", "Infinity"],
  ["1000 digits", "1".repeat(1000)],
]) {
  deliver("timestamp-form", `timestamp refused: ${name}`, { ts, expect: INVALID_HEADER });
}

// Tolerance and clock.
for (const [name, now, tolerance, expect] of [
  ["300 s old", NOW + 300, undefined, undefined],
  ["301 s old", NOW + 301, undefined, TOO_OLD],
  ["300 s ahead", NOW - 300, undefined, undefined],
  ["301 s ahead", NOW - 301, undefined, TOO_NEW],
  ["a year old", NOW + 31536000, undefined, TOO_OLD],
  ["a year ahead", NOW - 31536000, undefined, TOO_NEW],
  ["tolerance 0, the same second", NOW, 0, undefined],
  ["tolerance 0, one second old", NOW + 1, 0, TOO_OLD],
  ["tolerance 0, one second ahead", NOW - 1, 0, TOO_NEW],
  ["tolerance 1, one second old", NOW + 1, 1, undefined],
  ["tolerance 1, two seconds old", NOW + 2, 1, TOO_OLD],
  ["tolerance 600, 600 s old", NOW + 600, 600, undefined],
  ["tolerance 600, 601 s old", NOW + 601, 600, TOO_OLD],
  ["tolerance 600, 600 s ahead", NOW - 600, 600, undefined],
  ["tolerance 600, 601 s ahead", NOW - 601, 600, TOO_NEW],
  ["tolerance 300 given, 300 s old", NOW + 300, 300, undefined],
  ["tolerance 5000000000 (more than 32 bits), 4294967296 s old", NOW + 4294967296, 5000000000, undefined],
]) {
  deliver("tolerance", `tolerance: ${name}`, {
    now,
    ...(tolerance !== undefined && { tolerance }),
    ...(expect && { expect }),
  });
}
for (const [name, now, tolerance, expect] of [
  ["300.999 s old is 300 whole seconds", NOW + 300.999, undefined, undefined],
  ["301.001 s old", NOW + 301.001, undefined, TOO_OLD],
  ["299.001 s ahead is 300 whole seconds", NOW - 299.001, undefined, undefined],
  ["300.001 s ahead is 301 whole seconds", NOW - 300.001, undefined, TOO_NEW],
  ["tolerance 0, within the second", NOW + 0.999, 0, undefined],
  ["tolerance 0, a millisecond ahead", NOW - 0.001, 0, TOO_NEW],
]) {
  deliver("tolerance", `tolerance, a clock with a fraction: ${name}`, {
    now,
    ...(tolerance !== undefined && { tolerance }),
    ...(expect && { expect }),
  });
}
for (const [name, tolerance] of [
  ["negative", -1],
  ["a fraction", 1.5],
  ["a string", "300"],
  ["null", null],
  ["2^53", 9007199254740992],
]) {
  deliver("tolerance-option", `tolerance refused: ${name}`, {
    tolerance,
    expect: rangeError("invalid_option"),
    only: "js",
  });
}
deliver("tolerance-option", "tolerance: the largest", { now: 4102444800, tolerance: Number.MAX_SAFE_INTEGER });
deliver("tolerance-option", "tolerance: the largest, timestamp ahead", {
  ts: "999999999999999",
  tolerance: Number.MAX_SAFE_INTEGER,
});
deliver("clock", "an old delivery, replayed with the clock of its day", { ts: "1000000000", now: 1000000000 });
deliver("clock", "the same old delivery at a later clock", { ts: "1000000000", expect: TOO_OLD });
deliver("clock", "clock at zero, 300 s ahead", { ts: "300", now: 0 });
deliver("clock", "clock at zero, 301 s ahead", { ts: "301", now: 0, expect: TOO_NEW });
deliver("clock", "clock beyond 32 bits", { ts: "4294967596", now: 4294967296 });

// Tokens. `rich` is a delivery whose signature has a '+', a '/' and lower-case letters, so that every variation varies.
const rich = (() => {
  for (let n = 1; ; n += 1) {
    const id = `msg_${n}`;
    const text = token({ id }).slice(3);
    if (/\+/.test(text) && /\//.test(text)) return { id, token: `v1,${text}`, base64: text };
  }
})();
const raw = bytesOfToken(rich.token);
const flipped = (at, bit) => {
  const bytes = Buffer.from(raw);
  bytes[at] ^= bit;
  return tokenOfBytes(bytes);
};
const ignored = [
  ["upper-case version", `V1,${rich.base64}`],
  ["lower-case base64", `v1,${rich.base64.toLowerCase()}`],
  ["without padding", rich.token.replace("=", "")],
  ["too much padding", `${rich.token}=`],
  ["url-safe alphabet", rich.token.replaceAll("+", "-").replaceAll("/", "_")],
  ["non-zero trailing bits", `v1,${withTrailingBits(rich.base64)}`],
  ["31 bytes", tokenOfBytes(raw.subarray(0, 31))],
  ["33 bytes", tokenOfBytes(Buffer.concat([raw, Buffer.from([0])]))],
  ["64 bytes", tokenOfBytes(Buffer.concat([raw, raw]))],
  ["hexadecimal", `v1,${raw.toString("hex")}`],
  ["version alone", "v1"],
  ["version and comma alone", "v1,"],
  ["only padding", "v1,="],
  ["signature without version", rich.base64],
  ["signature with an empty version", `,${rich.base64}`],
  ["three parts", `${rich.token},extra`],
  ["three parts, the signature last", `v1,x,${rich.base64}`],
  ["two commas", `v1,,${rich.base64}`],
  ["comma at its end", `${rich.token},`],
  ["space after the comma", `v1, ${rich.base64}`],
  ["equals sign for the comma", `v1=${rich.base64}`],
  ["colon for the comma", `v1:${rich.base64}`],
  ["version v2", `v2,${rich.base64}`],
  ["version v1a", `v1a,${rich.base64}`],
  ["version v01", `v01,${rich.base64}`],
  ["version v11", `v11,${rich.base64}`],
  ["version v", `v,${rich.base64}`],
  ["two tokens joined by a tab", `${rich.token}\t${rich.token}`],
  ["tab before it", `\t${rich.token}`],
  ["line feed at its end", `${rich.token}\n`],
  ["two tokens joined by a comma", `${rich.token},${rich.token}`],
  ["two tokens joined by a semicolon", `${rich.token};${rich.token}`],
  ["two tokens joined by a no-break space", `${rich.token}\u00a0${rich.token}`],
  ["quotes", `"${rich.token}"`],
  ["NUL at its end", `${rich.token}\u0000`],
  ["a letter outside ASCII", `v1,é${rich.base64.slice(2)}`],
  ["a full-width letter", `v1,Ａ${rich.base64.slice(1)}`],
  ["a character of base64 replaced by a star", `v1,*${rich.base64.slice(1)}`],
  ["padding inside", `v1,${rich.base64.slice(0, 20)}=${rich.base64.slice(21)}`],
  ["garbage", "%%%"],
  ["ed25519", ED25519_TOKEN],
];
ignored.forEach(([name, text], n) => {
  deliver("signature-tokens", `token ignored: ${name}`, { id: rich.id, sig: text, expect: NO_MATCH });
  deliver("signature-tokens", `token ignored beside a good one: ${name}`, {
    id: rich.id,
    sig: n % 2 === 0 ? `${text} ${rich.token}` : `${rich.token} ${text}`,
  });
});
for (const [name, sig, ok] of [
  ["spaces around", `  ${rich.token} `, true],
  ["several spaces between", `${stranger(1)}   ${rich.token}`, true],
  ["one space only", " ", false],
  ["spaces only", "     ", false],
  ["only tokens of other versions", `${ED25519_TOKEN} v2,${rich.base64} %%%`, false],
  ["100 strangers, then the good one", `${manyStrangers(100)} ${rich.token}`, true],
  ["the good one, then 100 strangers", `${rich.token} ${manyStrangers(100)}`, true],
  ["100 strangers", manyStrangers(100), false],
  ["good one last after all that is ignored", `${["v1", "v1,", "x", "v1,x", ","].join(" ")} ${rich.token}`, true],
]) {
  deliver("signature-tokens", `tokens: ${name}`, { id: rich.id, sig, ...(!ok && { expect: NO_MATCH }) });
}

function manyStrangers(count) {
  return Array.from({ length: count }, (_, n) => stranger(n)).join(" ");
}

/** A header of exactly `length` bytes: the good token, then a filler that is no token. */
const filled = (length, good = token()) => `${good} ${"x".repeat(length - good.length - 1)}`;
for (const [name, sig, expect] of [
  ["8192 bytes", filled(8192), VERIFIED],
  ["8193 bytes", filled(8193), INVALID_HEADER],
  ["8192 bytes, none right", filled(8192, wrong), NO_MATCH],
  ["10000 bytes", filled(10000), INVALID_HEADER],
  ["8192 spaces and token", `${" ".repeat(8192 - 47)}${token()}`, VERIFIED],
  ["8193 spaces and token", `${" ".repeat(8193 - 47)}${token()}`, INVALID_HEADER],
  ["170 tokens, the last right", `${manyStrangers(169)} ${token()}`, VERIFIED],
  ["171 tokens, the last right", `${manyStrangers(170)} ${token()}`, INVALID_HEADER],
  ["repeated header, 8192 bytes joined", [filled(4000, wrong), filled(4191)], VERIFIED],
  ["repeated header, 8193 bytes joined", [filled(4001, wrong), filled(4191)], INVALID_HEADER],
  ["11 keys", `${manyStrangers(10)} ${token()}`, VERIFIED],
]) {
  deliver("signature-length", `signature header: ${name}`, { sig, expect });
}

// Comparison: one bit anywhere.
for (const [at, bit] of [
  [0, 0x80],
  [0, 0x01],
  [7, 0x01],
  [8, 0x80],
  [15, 0x10],
  [16, 0x01],
  [24, 0x02],
  [31, 0x80],
  [31, 0x01],
]) {
  deliver("comparison", `signature with bit ${bit} of byte ${at} flipped`, {
    id: rich.id,
    sig: flipped(at, bit),
    expect: NO_MATCH,
  });
}
deliver("comparison", "signature of zero bytes", { sig: tokenOfBytes(Buffer.alloc(32)), expect: NO_MATCH });
deliver("comparison", "signature complemented", {
  id: rich.id,
  sig: tokenOfBytes(raw.map((b) => b ^ 255)),
  expect: NO_MATCH,
});

// What is signed.
for (const [name, options] of [
  ["another body", { sig: token({ body: '{"test": 2432232315}' }) }],
  ["another id", { sig: token({ id: "msg_2" }) }],
  ["another timestamp", { sig: token({ ts: String(NOW - 1) }) }],
  ["the id's case changed", { id: "MSG_1", sig: token() }],
  ["only the body signed", { sig: tokenOfBytes(hmac(keyOf(SECRET), BODY)) }],
  ["timestamp and body signed (as ScaiKey does)", { sig: tokenOfBytes(hmac(keyOf(SECRET), `${NOW}.${BODY}`)) }],
  ["a body cut at its end", { body: '{"test": 243}', sig: token() }],
  ["line feed added to the body", { body: `${BODY}\n`, sig: token() }],
  ["body printed again without its space", { body: '{"test":2432232314}', sig: token() }],
  ["number printed again", { body: '{"price":1.1}', sig: token({ body: '{"price":1.10}' }) }],
  [
    "20-digit number printed again",
    { body: '{"n":12345678901234567000}', sig: token({ body: '{"n":12345678901234567890}' }) },
  ],
  ["keys in another order", { body: '{"b":2,"a":1}', sig: token({ body: '{"a":1,"b":2}' }) }],
  ["escape printed again", { body: '{"a":"é"}', sig: token({ body: '{"a":"\\u00e9"}' }) }],
  ["composed and decomposed", { body: '{"a":"é"}', sig: token({ body: '{"a":"e\u0301"}' }) }],
  ["CR LF changed to LF", { body: '{\n"a":1}', sig: token({ body: '{\r\n"a":1}' }) }],
]) {
  deliver("signed-content", `tampered: ${name}`, { ...options, expect: NO_MATCH });
}
for (const [name, body] of [
  ["spaces and line feeds kept", '{\r\n  "a" : 1 ,\n\t"b":[ ]\n}\n'],
  ["20-digit number", '{"n":12345678901234567890}'],
  ["1.10", '{"price":1.10}'],
  ["1e3 and 0.10E-2", "[1e3,0.10E-2]"],
  ["dots", '{"a":"1.2.3....","b":"msg_1.1614265330."}'],
  ["body that begins with a dot in text", '".1614265330.{}"'],
  ["é", '{"name":"é"}'],
  ["emoji", '{"name":"😀👩‍👩‍👧"}'],
  ["U+2028 and U+2029", '{"text":"a\u2028b\u2029c"}'],
  ["U+FEFF inside", '{"text":"a\ufeffb"}'],
  ["every length of UTF-8", '{"text":"a\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}"}'],
  ["escapes", '{"text":"\\u00e9\\n\\"\\\\\\/"}'],
  ["NUL escaped", '{"text":"\\u0000"}'],
  ["composed and decomposed é", '{"é":1,"e\u0301":2}'],
  ["decomposed é", '{"a":"e\u0301"}'],
]) {
  deliver("signed-content", `body kept: ${name}`, { body });
  deliver("signed-content", `body kept, as bytes: ${name}`, { body, bodyAs: "uint8array" });
}

// Body types.
const evenBody = '{"test": 2432232314  }'; // 22 bytes, for the Uint16Array
for (const bodyAs of ["string", "uint8array", "buffer", "arraybuffer", "dataview", "uint16array"]) {
  deliver("body-types", `body as ${bodyAs}`, { body: evenBody, bodyAs });
  deliver("body-types", `body as ${bodyAs}, multibyte`, { body: '{"a":"é😀€ "}', bodyAs });
  deliver("body-types", `body as ${bodyAs}, tampered`, { body: evenBody, bodyAs, sig: token(), expect: NO_MATCH });
}
for (const bodyAs of ["uint8array", "buffer", "arraybuffer", "dataview", "uint16array"]) {
  deliver("body-types", `body that is not UTF-8, as ${bodyAs}`, {
    body: { hex: "00fffe80c3280a0d" },
    bodyAs,
    jsonParse: false,
    expect: NOTHING,
  });
  deliver("input-checks", `a view or buffer of another kind (${bodyAs}), wrong signature`, {
    body: { hex: "7b7d2020" },
    bodyAs,
    sig: token({ body: "{} " }),
    expect: NO_MATCH,
  });
  deliver("input-checks", `a view or buffer of another kind (${bodyAs})`, { body: { hex: "7b7d2020" }, bodyAs });
}
deliver("body-types", "every byte value", {
  body: { hex: Buffer.from(Array.from({ length: 256 }, (_, n) => n)).toString("hex") },
  jsonParse: false,
  expect: NOTHING,
});
for (const bodyJs of ["object", "array", "number", "null", "undefined", "boolean"]) {
  deliver("body-parsed", `body is already parsed: ${bodyJs}`, {
    bodyJs,
    expect: typeError("body_not_raw"),
    only: "js",
  });
}
deliver("body-unicode", "body is a string with a lone surrogate", {
  bodyJs: "lone-surrogate",
  expect: typeError("body_not_unicode"),
  only: "js",
});

// Sizes. A repeated body is not parsed, so that the large ones need no expected value.
const prefixLength = `${ID}.${NOW}.`.length;
for (const size of [55, 56, 63, 64, 65, 119, 120, 65535, 65536, 65537]) {
  const sized = (times) => ({ body: { repeat: "a", times }, jsonParse: false, expect: NOTHING });
  deliver("body-sizes", `body of ${size} bytes, string`, sized(size));
  deliver("body-sizes", `body of ${size} bytes, uint8array`, { ...sized(size), bodyAs: "uint8array" });
  deliver("body-sizes", `signed content of ${size} bytes, string`, sized(size - prefixLength));
  deliver("body-sizes", `signed content of ${size} bytes, uint8array`, {
    ...sized(size - prefixLength),
    bodyAs: "uint8array",
  });
}
for (const [text, times] of [
  ["é", 32767],
  ["é", 32768],
  ["é", 32769],
  ["€", 21845],
  ["€", 21846],
  ["😀", 16383],
  ["😀", 16384],
  ["😀", 16385],
  ["a😀", 13107],
  ["a😀", 13108],
  ["é😀a", 9363],
  ["ab", 100000],
]) {
  for (const bodyAs of ["string", "uint8array"]) {
    deliver("body-sizes", `${JSON.stringify(text)} ${times} times, ${bodyAs}`, {
      body: { repeat: text, times },
      bodyAs,
      jsonParse: false,
      expect: NOTHING,
    });
  }
}
deliver("body-sizes", "200000 bytes, the last one changed", {
  body: { repeat: "ab", times: 100000 },
  sig: token({ body: `${"ab".repeat(99999)}ac` }),
  expect: NO_MATCH,
});
deliver("body-sizes", "65536 bytes, one more was signed", {
  body: { repeat: "a", times: 65536 },
  sig: token({ body: { repeat: "a", times: 65537 } }),
  expect: NO_MATCH,
});
deliver("body-sizes", "2000 numbers, parsed", {
  body: JSON.stringify(Array.from({ length: 2000 }, (_, n) => n)),
});
deliver("body-sizes", "one byte", { body: "7" });

// Empty, not JSON, and the value that comes back.
deliver("body-empty", "empty string", { body: "", expect: NOTHING });
deliver("body-empty", "empty bytes", { body: { hex: "" }, expect: NOTHING });
deliver("body-empty", "empty ArrayBuffer", { body: { hex: "" }, bodyAs: "arraybuffer", expect: NOTHING });
deliver("body-empty", "empty Buffer", { body: { hex: "" }, bodyAs: "buffer", expect: NOTHING });
deliver("body-empty", "empty, jsonParse false", { body: "", jsonParse: false, expect: NOTHING });
deliver("body-empty", "empty, with the signature of another body", { body: "", sig: token(), expect: NO_MATCH });
for (const [name, body] of [
  ["text", "hello"],
  ["a form", "a=1&b=2"],
  ["one space", " "],
  ["an open brace", "{"],
  ["garbage after the value", "{} x"],
  ["two values", "{}{}"],
  ["trailing comma", '{"a":1,}'],
  ["single quotes", "{'a':1}"],
  ["a comment", "{} // no"],
  ["NaN", "NaN"],
  ["undefined", "undefined"],
  ["a number with a leading zero", "01"],
  ["a raw control character in a string", '"a\u0001"'],
  ["U+FEFF before the value, string", '\ufeff{"a":1}'],
  ["UTF-8 byte order mark before the value, bytes", { hex: `efbbbf${Buffer.from('{"a":1}').toString("hex")}` }],
  ["UTF-16", { hex: Buffer.from('{"a":1}', "utf16le").toString("hex") }],
  ["a byte that is not UTF-8 in a string", { hex: "7b2261223a22ff227d" }],
  ["Latin-1 é", { hex: "7b2261223a22e9227d" }],
  ["a surrogate in UTF-8", { hex: "22eda08022" }],
  ["an overlong form in UTF-8", { hex: "22c0af22" }],
  ["a truncated character in UTF-8", { hex: "22f09f9822" }],
  ["a NUL byte", { hex: "00" }],
]) {
  deliver("body-not-json", `not JSON: ${name}`, { body, expect: payload("invalid_json") });
}
deliver("body-not-json", "not JSON and a wrong signature is a signature error", {
  body: "hello",
  sig: token(),
  expect: NO_MATCH,
});
deliver("body-not-json", "not JSON, jsonParse false", { body: "hello", jsonParse: false, expect: NOTHING });
deliver("body-not-json", "byte order mark, jsonParse false", {
  body: { hex: "efbbbf7b7d" },
  jsonParse: false,
  expect: NOTHING,
});
for (const [name, body] of [
  ["object", '{"status":"Completed","job_id":"a1b9090e-c9ae-420b-9726-f658afbbe338","metadata":{"user_id":"123"}}'],
  ["empty object", "{}"],
  ["array", "[1,[2,[3]],null]"],
  ["string", '"text"'],
  ["empty string", '""'],
  ["number", "-1.5e-7"],
  ["zero", "0"],
  ["true", "true"],
  ["false", "false"],
  ["null", "null"],
  ["whitespace around", " \r\n\t{} \n"],
  ["a key twice", '{"a":1,"a":2}'],
  ["an own key __proto__", '{"__proto__":{"polluted":true},"a":1}'],
]) {
  deliver("return-value", `value: ${name}`, { body });
}
deliver("return-value", "jsonParse false, an object", { jsonParse: false, expect: NOTHING });
deliver("return-value", "jsonParse false, a wrong signature", { jsonParse: false, sig: wrong, expect: NO_MATCH });
deliver("return-value", "jsonParse true", { jsonParse: true });

// Several things wrong at once.
for (const [name, headers, expect, more] of [
  ["missing before a bad id", [["svix-id", "msg.1"], svix[1]], missing("svix-signature")],
  ["missing before a repeated id", [["svix-id", [ID, ID]], svix[1]], missing("svix-signature")],
  ["bad timestamp before a wrong signature", triple("svix", ID, "1e9", wrong), INVALID_HEADER],
  ["bad id before an old timestamp", triple("svix", "msg.1", "1000000000", wrong), INVALID_HEADER],
  ["repeated id before a new timestamp", triple("svix", [ID, ID], "1714265330", wrong), INVALID_HEADER],
  ["signature's length before an old timestamp", triple("svix", ID, "1000000000", filled(8193)), INVALID_HEADER],
  ["old timestamp before a wrong signature", triple("svix", ID, "1000000000", wrong), TOO_OLD],
  ["new timestamp before a wrong signature", triple("svix", ID, "1714265330", wrong), TOO_NEW],
  ["old timestamp before garbage", triple("svix", ID, "1000000000", "garbage"), TOO_OLD],
  [
    "old timestamp before a body that is not JSON",
    triple("svix", ID, "1000000000", token({ ts: "1000000000", body: "x" })),
    TOO_OLD,
    { body: "x" },
  ],
  ["wrong signature before a body that is not JSON", svixWrong, NO_MATCH, { body: "x" }],
]) {
  deliver("check-order", `order: ${name}`, { headers, expect, ...more });
}

// Errors.
for (const [code, options] of [
  ["missing_header", { headers: svix.slice(1), expect: missing("svix-id") }],
  ["invalid_header", { ts: "yesterday", expect: INVALID_HEADER }],
  ["timestamp_too_old", { now: NOW + 3600, expect: TOO_OLD }],
  ["timestamp_too_new", { now: NOW - 3600, expect: TOO_NEW }],
  ["no_matching_signature", { sig: wrong, expect: NO_MATCH }],
]) {
  deliver("error-verification", `error: ${code}`, options);
  deliver("error-messages", `message of ${code}`, { ...options, container: "fetch" });
}
deliver("error-payload", "error: invalid_json", { body: "[", expect: payload("invalid_json") });
deliver("error-caller", "error: body_not_raw before the signature is looked at", {
  bodyJs: "object",
  sig: wrong,
  expect: typeError("body_not_raw"),
  only: "js",
});
deliver("error-caller", "error: invalid_secret", {
  secret: "whsec_",
  sig: token(),
  expect: typeError("invalid_secret"),
});
deliver("error-secrecy", "error: nothing of the delivery is in it, wrong signature", {
  secret: { hex: Buffer.from("SECRET-MARK-SECRET-MARK").toString("hex") },
  body: '{"note":"BODY-MARK"}',
  sig: wrong,
  expect: NO_MATCH,
});
deliver("error-secrecy", "error: nothing of the delivery is in it, not JSON", {
  secret: { hex: Buffer.from("SECRET-MARK-SECRET-MARK").toString("hex") },
  body: "BODY-MARK",
  expect: payload("invalid_json"),
});

// ---------------------------------------------------------------- secrets.json

const secrets = [];
const bytes = (text) => Buffer.from(text).toString("hex");

function secretCase(row, name, secret, key, format) {
  secrets.push({
    name,
    row,
    secret,
    ...(format && { format }),
    expect: key === null ? typeError("invalid_secret") : { keyHex: key },
  });
}
const KEY = keyOf(SECRET).toString("hex");
const B64 = SECRET.slice(6);
for (const [name, secret, key] of [
  ["with its prefix", SECRET, KEY],
  ["without prefix", B64, KEY],
  ["of 64 bytes", `whsec_${Buffer.alloc(64, 7).toString("base64")}`, "07".repeat(64)],
  ["with both digits that url-safe replaces", "whsec_+/+/", "fbffbf"],
  ["one byte, padded", "whsec_QQ==", "41"],
  ["one byte, unpadded", "whsec_QQ", "41"],
  ["two bytes, padded", "whsec_QUI=", "4142"],
  ["two bytes, unpadded", "whsec_QUI", "4142"],
  ["three bytes", "whsec_QUJD", "414243"],
  ["one byte, without prefix", "QQ", "41"],
  ["zero bits are a key", "whsec_AAAA", "000000"],
  ["spaces around", `  ${SECRET}  `, KEY],
  ["tab around", `\t${SECRET}\t`, KEY],
  ["CR LF at its end", `${SECRET}\r\n`, KEY],
  ["line feed at its start", `\n${SECRET}`, KEY],
  ["form feed around", `\f${SECRET}\f`, KEY],
  ["whitespace around, without prefix", ` ${B64}\n`, KEY],
  ["whitespace around, padded", " whsec_QQ==\n", "41"],
]) {
  secretCase("secret-string", `secret ${name}`, secret, key);
}
for (const [name, secret] of [
  ["prefix in capitals", `WHSEC_${B64}`],
  ["prefix in title case", `Whsec_${B64}`],
  ["prefix twice", `whsec_whsec_${B64}`],
  ["prefix with a dash", `whsec-${B64}`],
  ["another prefix", `sec_${B64}`],
  ["a space after the prefix", `whsec_ ${B64}`],
  ["a space before the underscore", `whsec _${B64}`],
  ["a space inside", `whsec_${B64.slice(0, 8)} ${B64.slice(8)}`],
  ["a tab inside", `whsec_${B64.slice(0, 8)}\t${B64.slice(8)}`],
  ["a line feed inside", `whsec_${B64.slice(0, 8)}\n${B64.slice(8)}`],
  ["CR LF inside", `whsec_${B64.slice(0, 8)}\r\n${B64.slice(8)}`],
  ["vertical tab around (not ASCII whitespace)", `${SECRET}\v`],
  ["no-break space around", `\u00a0${SECRET}`],
  ["byte order mark before", `\ufeff${SECRET}`],
  ["zero-width space after", `${SECRET}\u200b`],
  ["NUL at its end", `${SECRET}\u0000`],
  ["quotes", `"${SECRET}"`],
  ["its variable's name", `WEBHOOK_SECRET=${SECRET}`],
  ["url-safe dash", "whsec_-_-_"],
  ["url-safe underscore", "whsec_AAA_"],
  ["standard and url-safe mixed", "whsec_+/-_"],
  ["non-zero trailing bits, two digits", "whsec_QR=="],
  ["non-zero trailing bits, two digits, unpadded", "whsec_QR"],
  ["non-zero trailing bits, three digits", "whsec_QUJ="],
  ["non-zero trailing bits, three digits, unpadded", "whsec_QUJ"],
  ["length 1 modulo 4", "whsec_QUJDQ"],
  ["length 1 modulo 4, padded", "whsec_Q==="],
  ["a single digit", "whsec_Q"],
  ["padding in part", "whsec_QQ="],
  ["padding in excess after one byte", "whsec_QQ==="],
  ["padding in excess after two bytes", "whsec_QUI=="],
  ["padding in excess after three bytes", "whsec_QUJD="],
  ["a whole block of padding", "whsec_QUJD===="],
  ["only padding", "whsec_===="],
  ["padding inside", "whsec_QQ==QQ=="],
  ["a full-width letter", `whsec_Ａ${B64.slice(1)}`],
  ["a letter outside ASCII", "whsec_QUé="],
  ["a dot", "whsec_QUJD.QUJD"],
  ["hexadecimal with a colon", "whsec_31:f2:90"],
]) {
  secretCase("secret-string", `secret refused: ${name}`, secret, null);
}
for (const [name, secret] of [
  ["empty text", ""],
  ["only the prefix", "whsec_"],
  ["the prefix and whitespace", " whsec_ \n"],
  ["one space", " "],
  ["only whitespace", " \t\r\n\f"],
  ["zero bytes", { hex: "" }],
]) {
  secretCase("secret-empty", `secret refused: ${name}`, secret, null);
}
secretCase("secret-empty", "secret refused: empty raw string", "", null, "raw");
secretCase("secret-empty", "secret refused: zero bytes, raw", { hex: "" }, null, "raw");
for (const [name, secret, format, key] of [
  ["one byte", { hex: "00" }, undefined, "00"],
  ["24 bytes", { hex: KEY }, undefined, KEY],
  ["24 bytes with format raw", { hex: KEY }, "raw", KEY],
  ["bytes that are a text with prefix", { hex: bytes(SECRET) }, undefined, bytes(SECRET)],
  ["bytes that are whitespace around a text", { hex: bytes(" a\n") }, undefined, bytes(" a\n")],
  ["bytes that are not UTF-8", { hex: "fffe80" }, undefined, "fffe80"],
  ["raw string", "a secret", "raw", bytes("a secret")],
  ["raw string with a prefix", SECRET, "raw", bytes(SECRET)],
  ["raw string with an asymmetric prefix", PUBLIC_KEY, "raw", bytes(PUBLIC_KEY)],
  ["raw string with whitespace around", " a\n", "raw", bytes(" a\n")],
  ["raw string outside ASCII", "é€😀", "raw", bytes("é€😀")],
]) {
  secretCase("secret-bytes", `secret as ${name}`, secret, key, format);
}
const longText = (size) => `whsec_${Buffer.alloc(size, 0xa5).toString("base64")}`;
secretCase("secret-length", "secret of 4096 bytes", longText(4096), "a5".repeat(4096));
secretCase("secret-length", "secret of 4096 bytes, unpadded", longText(4096).replace(/=+$/, ""), "a5".repeat(4096));
secretCase("secret-length", "secret of 4096 raw bytes", { hex: "a5".repeat(4096) }, "a5".repeat(4096));
secretCase("secret-length", "secret refused: 4097 bytes", longText(4097), null);
secretCase("secret-length", "secret refused: 4098 bytes", longText(4098), null);
secretCase("secret-length", "secret refused: 4097 raw bytes", { hex: "a5".repeat(4097) }, null);
secretCase("secret-length", "secret refused: 4097 bytes as a raw string", "r".repeat(4097), null, "raw");
for (const [name, secret] of [
  ["whsk_ (the published one)", PRIVATE_KEY],
  ["whpk_ (the published one)", PUBLIC_KEY],
  ["whsk1_", `whsk1_${B64}`],
  ["whpk1_", `whpk1_${B64}`],
  ["whpk_ with whitespace around", ` ${PUBLIC_KEY}\n`],
  ["whsk_ alone", "whsk_"],
  ["whpk_ after whsec_", `whsec_${PUBLIC_KEY}`],
]) {
  secretCase("secret-asymmetric", `secret refused: asymmetric, ${name}`, secret, null);
}
const KEY_B = keyOf(SECRET_B).toString("hex");
for (const [name, secret, key, format] of [
  ["two", [SECRET, SECRET_B], [KEY, KEY_B]],
  ["two in the other order", [SECRET_B, SECRET], [KEY_B, KEY]],
  ["one", [SECRET], [KEY]],
  ["the same one twice", [SECRET, SECRET], [KEY, KEY]],
  ["text and bytes", [SECRET, { hex: "0102" }], [KEY, "0102"]],
  ["two raw strings", ["a", "b"], ["61", "62"], "raw"],
  ["five", [SECRET, "QQ", "Qg", "Qw", "RA"], [KEY, "41", "42", "43", "44"]],
]) {
  secretCase("secret-several", `secrets: ${name}`, secret, key, format);
}
for (const [name, secret] of [
  ["an empty list", []],
  ["an empty one first", ["", SECRET]],
  ["an empty one last", [SECRET, ""]],
  ["a malformed one among good ones", [SECRET, "whsec_%", SECRET_B]],
  ["an asymmetric one among good ones", [SECRET, PUBLIC_KEY]],
  ["zero bytes among good ones", [SECRET, { hex: "" }]],
]) {
  secretCase("secret-several", `secrets refused: ${name}`, secret, null);
}
for (const secretJs of ["undefined", "null", "number", "object", "sparse-array", "empty-array"]) {
  secrets.push({
    name: `secret refused: ${secretJs}`,
    row: "secret-type",
    secretJs,
    expect: typeError("invalid_secret"),
    only: "js",
  });
}

// ---------------------------------------------------------------- sign.json

const sign = [];

function signCase(row, name, { secret = SECRET, format, id = ID, timestamp = NOW, body = BODY, expect } = {}) {
  const all = Array.isArray(secret) ? secret : [secret];
  const signature = () => all.map((one) => token({ secret: one, format, id, ts: String(timestamp), body })).join(" ");
  sign.push({
    name,
    row,
    secret,
    ...(format && { format }),
    id,
    timestamp,
    body,
    expect: expect ?? { signature: signature() },
  });
}
sign.push({
  name: "sign: published-1",
  row: "published-1",
  secret: SECRET,
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: 1614265330,
  body: '{"test": 2432232314}',
  expect: { signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=" },
});
sign.push({
  name: "sign: published-2",
  row: "published-2",
  secret: SECRET_B,
  id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
  timestamp: 1649367553,
  body: '{"email":"test@example.com","username":"test_user"}',
  expect: { signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=" },
});
sign.push({
  name: "sign: published-3",
  row: "published-3",
  secret: SECRET_C,
  id: "msg_loFOjxBNrRLzqYUf",
  timestamp: 1731705121,
  body: '{"event_type":"ping","data":{"success":true}}',
  expect: { signature: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=" },
});
for (const [name, options] of [
  ["one secret", {}],
  ["bytes as secret", { secret: { hex: "00ff" } }],
  ["raw string as secret", { secret: "é", format: "raw" }],
  ["two secrets", { secret: [SECRET, SECRET_B] }],
  ["two secrets in the other order", { secret: [SECRET_B, SECRET] }],
  ["three secrets", { secret: [SECRET_C, SECRET, { hex: "01" }] }],
  ["empty body", { body: "" }],
  ["multibyte body", { body: '{"a":"é😀\u2028"}' }],
  ["body that is not UTF-8", { body: { hex: "00ff80" } }],
  ["200000 bytes", { body: { repeat: "ab", times: 100000 } }],
  ["65537 bytes", { body: { repeat: "a", times: 65537 } }],
  ["multibyte over 64 KiB", { body: { repeat: "😀", times: 16385 } }],
  ["timestamp zero", { timestamp: 0 }],
  ["timestamp beyond 32 bits", { timestamp: 4294967296 }],
  ["the last timestamp of a JavaScript Date", { timestamp: 8640000000000 }],
]) {
  signCase("sign-signature", `sign: ${name}`, options);
}
signCase("sign-input", "sign: id of 256 bytes", { id: "i".repeat(256) });
for (const [name, id] of [
  ["an empty id", ""],
  ["an id of 257 bytes", "i".repeat(257)],
  ["an id with a dot", "msg.1"],
  ["an id with a space", "msg 1"],
  ["an id with a line feed", "msg_1\n"],
  ["an id with DEL", "msg_\u007f"],
  ["an id outside ASCII", "msg_é"],
]) {
  signCase("sign-input", `sign refused: ${name}`, { id, expect: typeError("invalid_id") });
}
signCase("sign-input", "sign refused: before 1970", { timestamp: -1, expect: rangeError("invalid_timestamp") });
signCase("sign-input", "sign refused: a timestamp of 16 digits", {
  timestamp: 1000000000000000,
  expect: rangeError("invalid_timestamp"),
});

// ---------------------------------------------------------------- scaikey.json

const scaikey = [];
const SCAIKEY_SECRET = "whsec_sk_9f86d081884c7d659a2feaa0c55ad015";
const EVENT = {
  event_id: "evt_01HZX4M2Q8",
  event_type: "user.created",
  timestamp: "2026-01-15T10:30:00Z",
  resource: { type: "user", id: "usr_123" },
  actor: { type: "admin", id: "usr_001" },
  data: { email: "zoë@example.com" },
  tenant_id: "tnt_1",
  partner_id: null,
};
const EVENT_BODY = JSON.stringify(EVENT);
const scaikeyKey = (secret) =>
  typeof secret === "string"
    ? Buffer.from(secret.replace(/^[ \t\n\f\r]+|[ \t\n\f\r]+$/g, ""), "utf8")
    : Buffer.from(secret.hex, "hex");
const hex = ({ secret = SCAIKEY_SECRET, t = String(NOW), body = EVENT_BODY } = {}) =>
  hmac(scaikeyKey(secret), `${t}.`, bytesOf(body)).toString("hex");

function scaikeyCase(row, name, options = {}) {
  const { secret = SCAIKEY_SECRET, t = String(NOW), body = EVENT_BODY, header, headers, now = NOW, expect } = options;
  const first = Array.isArray(secret) ? secret[0] : secret;
  const value = header ?? `t=${t},v1=${hex({ secret: first, t, body })}`;
  scaikey.push({
    name,
    row,
    secret,
    headers: headers ?? [["X-ScaiKey-Signature", value]],
    ...(options.container && { container: options.container }),
    body,
    ...(options.bodyAs && { bodyAs: options.bodyAs }),
    now,
    ...("tolerance" in options && { tolerance: options.tolerance }),
    expect: expect ?? { ok: { json: JSON.parse(bytesOf(body).toString("utf8")) } },
  });
}
const good = hex();
const other = hex({ secret: "another secret" });
scaikeyCase("scaikey-signed-content", "scaikey: a whole delivery", {
  headers: [
    ["Content-Type", "application/json"],
    ["X-ScaiKey-Webhook-ID", "wh_1"],
    ["X-ScaiKey-Event-ID", EVENT.event_id],
    ["X-ScaiKey-Event-Type", EVENT.event_type],
    ["X-ScaiKey-Timestamp", String(NOW)],
    ["X-ScaiKey-Signature", `t=${NOW},v1=${good}`],
  ],
});
scaikeyCase("scaikey-signed-content", "scaikey: body as bytes", { bodyAs: "uint8array" });
scaikeyCase("scaikey-signed-content", "scaikey: body with spaces kept", { body: JSON.stringify(EVENT, null, 2) });
for (const [name, options] of [
  ["body changed", { header: `t=${NOW},v1=${hex({ body: `${EVENT_BODY} ` })}` }],
  ["timestamp changed", { header: `t=${NOW + 1},v1=${good}` }],
  ["body alone signed", { header: `t=${NOW},v1=${hmac(SCAIKEY_SECRET, EVENT_BODY).toString("hex")}` }],
  ["another secret", { header: `t=${NOW},v1=${other}` }],
  [
    "the timestamp of another header is not used",
    {
      headers: [
        ["X-ScaiKey-Timestamp", String(NOW)],
        ["X-ScaiKey-Signature", `t=${NOW - 1},v1=${good}`],
      ],
    },
  ],
  ["SHA-256 bit flipped at the start", { header: `t=${NOW},v1=${flipHex(good, 0)}` }],
  ["SHA-256 bit flipped at the end", { header: `t=${NOW},v1=${flipHex(good, 63)}` }],
]) {
  scaikeyCase("scaikey-signed-content", `scaikey refused: ${name}`, { ...options, expect: NO_MATCH });
}
function flipHex(text, at) {
  return text.slice(0, at) + (parseInt(text[at], 16) ^ 1).toString(16) + text.slice(at + 1);
}
scaikeyCase("scaikey-signed-content", "scaikey: t with a leading zero is signed as it is", { t: `0${NOW}` });
scaikeyCase("scaikey-signed-content", "scaikey refused: t with a leading zero, signed as a number", {
  header: `t=0${NOW},v1=${good}`,
  expect: NO_MATCH,
});
scaikeyCase("error-messages", "scaikey: the same five messages, wrong signature", {
  header: `t=${NOW},v1=${other}`,
  expect: NO_MATCH,
});

for (const [name, secret] of [
  ["with a whsec_ prefix is not decoded", SECRET],
  ["of one character", "s"],
  ["outside ASCII", "schlüssel-😀"],
  ["with whitespace inside", "a b\tc"],
  ["with whitespace around", ` ${SCAIKEY_SECRET}\r\n`],
  ["as bytes", { hex: "00ff10" }],
  ["of more than a hash block", "k".repeat(65)],
]) {
  scaikeyCase("scaikey-secret", `scaikey: secret ${name}`, { secret });
}
scaikeyCase("scaikey-secret", "scaikey: secret with whitespace around signs as the trimmed one", {
  secret: `\n${SCAIKEY_SECRET} `,
  header: `t=${NOW},v1=${good}`,
});
scaikeyCase("scaikey-secret", "scaikey: two secrets, the second signed", {
  secret: ["another secret", SCAIKEY_SECRET],
  header: `t=${NOW},v1=${good}`,
});
scaikeyCase("scaikey-secret", "scaikey: two secrets, none signed", {
  secret: ["a", "b"],
  header: `t=${NOW},v1=${good}`,
  expect: NO_MATCH,
});
scaikeyCase("scaikey-secret", "scaikey refused: signature of the decoded whsec_ secret", {
  secret: SECRET,
  header: `t=${NOW},v1=${hex({ secret: { hex: KEY } })}`,
  expect: NO_MATCH,
});
for (const [name, secret] of [
  ["empty", ""],
  ["only whitespace", " \t\r\n\f"],
  ["zero bytes", { hex: "" }],
  ["an empty one in a list", [SCAIKEY_SECRET, ""]],
  ["an empty list", []],
]) {
  scaikeyCase("scaikey-secret", `scaikey: secret refused: ${name}`, {
    secret,
    header: `t=${NOW},v1=${good}`,
    expect: typeError("invalid_secret"),
  });
}

const SCAIKEY_MISSING = missing("x-scaikey-signature");
const scaikeyGood = `t=${NOW},v1=${good}`;
const EVENT_OK = { ok: { json: EVENT } };
for (const [name, options] of [
  ["missing", { headers: [], expect: SCAIKEY_MISSING }],
  [
    "missing among others",
    {
      headers: [
        ["X-ScaiKey-Timestamp", String(NOW)],
        ["svix-signature", tokenA],
      ],
      expect: SCAIKEY_MISSING,
    },
  ],
  ["empty", { header: "", expect: SCAIKEY_MISSING }],
  ["an empty list", { header: [], expect: SCAIKEY_MISSING }],
  ["a list of one", { header: [scaikeyGood], expect: EVENT_OK }],
  ["given twice", { header: [`t=${NOW},v1=${other}`, scaikeyGood], expect: INVALID_HEADER }],
  ["given twice, equal", { header: [scaikeyGood, scaikeyGood], expect: INVALID_HEADER }],
  [
    "under two names that differ in case",
    {
      headers: [
        ["X-ScaiKey-Signature", scaikeyGood],
        ["x-scaikey-signature", scaikeyGood],
      ],
      expect: INVALID_HEADER,
    },
  ],
  ["lower-case name", { headers: [["x-scaikey-signature", scaikeyGood]] }],
  ["upper-case name", { headers: [["X-SCAIKEY-SIGNATURE", scaikeyGood]] }],
  ["8192 bytes", { header: `${scaikeyGood},${"x".repeat(8192 - scaikeyGood.length - 1)}` }],
  ["8193 bytes", { header: `${scaikeyGood},${"x".repeat(8193 - scaikeyGood.length - 1)}`, expect: INVALID_HEADER }],
]) {
  scaikeyCase("scaikey-header", `scaikey header: ${name}`, options);
}
for (const container of ["map", "pairs", "fetch", "node", "get"]) {
  const name = container === "node" ? "x-scaikey-signature" : "X-ScaiKey-Signature";
  scaikeyCase("scaikey-header", `scaikey header: in ${container}`, { container, headers: [[name, scaikeyGood]] });
}

for (const [name, header, expect] of [
  ["v1 before t", `v1=${good},t=${NOW}`, EVENT_OK],
  ["unknown keys", `v0=1,t=${NOW},x=y=z,v1=${good},v2=abc`, EVENT_OK],
  ["fields without an equals sign", `flag,t=${NOW},v1=${good},end`, EVENT_OK],
  ["empty fields", `,t=${NOW},,v1=${good},`, EVENT_OK],
  ["a field with an empty key", `=1,t=${NOW},v1=${good}`, EVENT_OK],
  ["keys that begin alike", `tt=1,ts=2,v11=3,v1a=4,t=${NOW},v1=${good}`, EVENT_OK],
  ["another key that holds a good signature", `t=${NOW},v2=${good},v1=${other}`, NO_MATCH],
  ["a key T beside t", `T=1,t=${NOW},v1=${good}`, EVENT_OK],
  ["a key V1 beside v1", `t=${NOW},V1=zz,v1=${good}`, EVENT_OK],
  ["a key T only", `T=${NOW},v1=${good}`, INVALID_HEADER],
  ["a key V1 only", `t=${NOW},V1=${good}`, INVALID_HEADER],
  ["a space after the comma makes another key", `t=${NOW}, v1=${good}`, INVALID_HEADER],
  ["a space before t makes another key", ` t=${NOW},v1=${good}`, INVALID_HEADER],
  ["a semicolon does not split", `t=${NOW};v1=${good}`, INVALID_HEADER],
  ["a space does not split", `t=${NOW} v1=${good}`, INVALID_HEADER],
  ["a Standard Webhooks header", tokenA, INVALID_HEADER],
  ["garbage", "%%%", INVALID_HEADER],
  ["one comma", ",", INVALID_HEADER],
]) {
  scaikeyCase("scaikey-fields", `scaikey fields: ${name}`, { header, expect });
}

for (const [name, header] of [
  ["none", `v1=${good}`],
  ["two", `t=${NOW},t=${NOW + 1},v1=${good}`],
  ["two, equal", `t=${NOW},t=${NOW},v1=${good}`],
  ["two, one of them empty", `t=${NOW},t=,v1=${good}`],
  ["two, one of them after v1", `t=${NOW},v1=${good},t=${NOW}`],
  ["without an equals sign", `t,v1=${good}`],
]) {
  scaikeyCase("scaikey-t", `scaikey t refused: ${name}`, { header, expect: INVALID_HEADER });
}
for (const [name, t] of [
  ["empty", ""],
  ["16 digits", "0000001614265330"],
  ["a plus sign", `+${NOW}`],
  ["a minus sign", "-1"],
  ["an exponent", "1e9"],
  ["a fraction", `${NOW}.0`],
  ["a space before it", ` ${NOW}`],
  ["a space after it", `${NOW} `],
  ["an equals sign", `=${NOW}`],
  ["Arabic-Indic digits", "١٦١٤٢٦٥٣٣٠"],
  ["a date", "2026-01-15T10:30:00Z"],
]) {
  scaikeyCase("scaikey-t", `scaikey t refused: ${name}`, { t, expect: INVALID_HEADER });
}
scaikeyCase("scaikey-t", "scaikey t: 15 digits", { t: "999999999999999", now: 999999999999999 });
scaikeyCase("scaikey-t", "scaikey t: zero", { t: "0", now: 0 });

for (const [name, header, expect] of [
  ["two, the first right", `t=${NOW},v1=${good},v1=${other}`, EVENT_OK],
  ["two, the second right", `t=${NOW},v1=${other},v1=${good}`, EVENT_OK],
  ["three, the middle right, t last", `v1=${other},v1=${good},v1=${other},t=${NOW}`, EVENT_OK],
  ["two, none right", `t=${NOW},v1=${other},v1=${flipHex(good, 5)}`, NO_MATCH],
  ["none", `t=${NOW}`, INVALID_HEADER],
  ["none, another version", `t=${NOW},v2=${good}`, INVALID_HEADER],
  ["without an equals sign", `t=${NOW},v1`, INVALID_HEADER],
  ["empty", `t=${NOW},v1=`, NO_MATCH],
  ["upper-case hex", `t=${NOW},v1=${good.toUpperCase()}`, NO_MATCH],
  ["one digit in upper case", `t=${NOW},v1=${good.replace(/[a-f]/, (c) => c.toUpperCase())}`, NO_MATCH],
  ["63 characters", `t=${NOW},v1=${good.slice(0, 63)}`, NO_MATCH],
  ["65 characters", `t=${NOW},v1=${good}0`, NO_MATCH],
  ["62 characters", `t=${NOW},v1=${good.slice(0, 62)}`, NO_MATCH],
  ["66 characters", `t=${NOW},v1=${good}00`, NO_MATCH],
  ["base64", `t=${NOW},v1=${Buffer.from(good, "hex").toString("base64")}`, NO_MATCH],
  ["0x before it", `t=${NOW},v1=0x${good.slice(2)}`, NO_MATCH],
  ["a letter that is not hex", `t=${NOW},v1=${good.slice(0, 63)}g`, NO_MATCH],
  ["a space before it", `t=${NOW},v1= ${good}`, NO_MATCH],
  ["a space after it", `t=${NOW},v1=${good} `, NO_MATCH],
  ["an equals sign after it", `t=${NOW},v1=${good}=`, NO_MATCH],
  ["64 characters, one outside ASCII", `t=${NOW},v1=é${good.slice(1)}`, NO_MATCH],
  ["64 zeros", `t=${NOW},v1=${"0".repeat(64)}`, NO_MATCH],
  ["upper-case beside a good one", `t=${NOW},v1=${good.toUpperCase()},v1=${good}`, EVENT_OK],
  ["63 characters beside a good one", `t=${NOW},v1=${good},v1=${good.slice(0, 63)}`, EVENT_OK],
  [
    "100 of strangers, then the good one",
    `t=${NOW},${Array.from({ length: 100 }, (_, n) => `v1=${hex({ secret: `s${n}` })}`).join(",")},v1=${good}`,
    EVENT_OK,
  ],
]) {
  scaikeyCase("scaikey-v1", `scaikey v1: ${name}`, { header, expect });
}

for (const [name, now, tolerance, expect] of [
  ["300 s old", NOW + 300, undefined, undefined],
  ["301 s old", NOW + 301, undefined, TOO_OLD],
  ["300 s ahead", NOW - 300, undefined, undefined],
  ["301 s ahead", NOW - 301, undefined, TOO_NEW],
  ["300.999 s old", NOW + 300.999, undefined, undefined],
  ["300.001 s ahead", NOW - 300.001, undefined, TOO_NEW],
  ["tolerance 0, the same second", NOW, 0, undefined],
  ["tolerance 0, one second old", NOW + 1, 0, TOO_OLD],
  ["tolerance 0, one second ahead", NOW - 1, 0, TOO_NEW],
  ["tolerance 600, 600 s old", NOW + 600, 600, undefined],
  ["tolerance 600, 601 s old", NOW + 601, 600, TOO_OLD],
]) {
  scaikeyCase("scaikey-tolerance", `scaikey tolerance: ${name}`, {
    now,
    ...(tolerance !== undefined && { tolerance }),
    ...(expect && { expect }),
  });
}
scaikeyCase("scaikey-tolerance", "scaikey tolerance: 15 digits are too new", { t: "999999999999999", expect: TOO_NEW });

for (const [name, options, expect] of [
  ["repeated before too long", { header: ["x".repeat(9000), scaikeyGood] }, INVALID_HEADER],
  ["too long before old", { header: `t=1000000000,v1=${good},${"x".repeat(9000)}` }, INVALID_HEADER],
  ["two t before old", { header: `t=1000000000,t=1000000000,v1=${good}` }, INVALID_HEADER],
  ["no v1 before old", { header: "t=1000000000" }, INVALID_HEADER],
  ["old before a malformed v1", { header: `t=1000000000,v1=${good.toUpperCase()}` }, TOO_OLD],
  ["old before a wrong v1", { header: `t=1000000000,v1=${other}` }, TOO_OLD],
  ["new before a wrong v1", { header: `t=1714265330,v1=${other}` }, TOO_NEW],
  ["wrong v1 before a body that is not JSON", { header: scaikeyGood, body: "x" }, NO_MATCH],
]) {
  scaikeyCase("scaikey-order", `scaikey order: ${name}`, { ...options, expect });
}
scaikeyCase("payload-json", "scaikey: signed, and not JSON", { body: "not json", expect: payload("invalid_json") });
scaikeyCase("payload-json", "scaikey: signed, with a byte order mark", {
  body: `\ufeff${EVENT_BODY}`,
  expect: payload("invalid_json"),
});

// ---------------------------------------------------------------- job_update.json, scaikey_event.json, direct.json

const OK = { ok: true };
const wrongAt = (path) => payload("invalid_payload", path);
const NOT_JSON = [
  ["text", "hello"],
  ["empty text", ""],
  ["a space", " "],
  ["an open brace", "{"],
  ["a trailing comma", '{"status":"Completed","job_id":"1",}'],
  ["garbage after the value", '{"status":"Completed","job_id":"1"}x'],
  ["a form", "status=Completed&job_id=1"],
  ["U+FEFF before the value", '\ufeff{"status":"Completed","job_id":"1"}'],
];
const NOT_OBJECTS = [
  ["null", null],
  ["an array", []],
  ["an array that holds one", [{ status: "Completed", job_id: "1" }]],
  ["a string", "Completed"],
  ["a number", 1],
  ["true", true],
];
const without = (object, key) => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));

const jobUpdate = [];
const JOB = {
  status: "Completed",
  job_id: "a1b9090e-c9ae-420b-9726-f658afbbe338",
  metadata: { user_id: "123", document_type: "invoice" },
};
const job = (row, name, value, expect) => jobUpdate.push({ name: `job update: ${name}`, row, payload: value, expect });
const jobText = (row, name, text, expect) => jobUpdate.push({ name: `job update: ${name}`, row, text, expect });

for (const [name, text] of NOT_JSON) {
  jobText("payload-json", `not JSON, ${name}`, text, payload("invalid_json"));
}
job("job-update-shape", "as documented", JOB, OK);
jobText("job-update-shape", "as documented, with spaces", '{ "status" : "Failed" ,\n "job_id" : "204a39e4" }', OK);
for (const [name, value] of NOT_OBJECTS) job("job-update-shape", `root is ${name}`, value, wrongAt("$"));
for (const status of ["Completed", "Failed", "Pending", "SomethingNew", "completed", ""]) {
  job("job-update-status", `status ${JSON.stringify(status)}`, { ...JOB, status }, OK);
}
job("job-update-status", "status missing", without(JOB, "status"), wrongAt("$.status"));
for (const status of [null, 1, true, {}, ["Completed"]]) {
  job("job-update-status", `status ${JSON.stringify(status)}`, { ...JOB, status }, wrongAt("$.status"));
}
jobText(
  "job-update-status",
  "status in a key __proto__",
  '{"__proto__":{"status":"Completed"},"job_id":"1"}',
  wrongAt("$.status"),
);
for (const id of ["1", "204a39e4-dd10-4c83-a978-0cee4af8cde2", "é"]) {
  job("job-update-job-id", `job_id ${JSON.stringify(id)}`, { ...JOB, job_id: id }, OK);
}
job("job-update-job-id", "job_id missing", without(JOB, "job_id"), wrongAt("$.job_id"));
job("job-update-job-id", "jobId is another field", { status: "Completed", jobId: "1" }, wrongAt("$.job_id"));
for (const id of ["", null, 1, false, {}, ["1"]]) {
  job("job-update-job-id", `job_id ${JSON.stringify(id)}`, { ...JOB, job_id: id }, wrongAt("$.job_id"));
}
job("job-update-metadata", "metadata absent", without(JOB, "metadata"), OK);
for (const metadata of [null, {}, [], [1, { a: 2 }], "text", "", 0, 1.5, true, { deep: { deeper: [null] } }]) {
  job("job-update-metadata", `metadata ${JSON.stringify(metadata)}`, { ...JOB, metadata }, OK);
}
job("job-update-extra", "further fields", { ...JOB, reason: null, result: { type: "full" }, n: 1 }, OK);
jobText("job-update-extra", "a further field __proto__", '{"status":"Failed","job_id":"1","__proto__":{"a":1}}', OK);
job("job-update-order", "both missing", {}, wrongAt("$.status"));
job("job-update-order", "both wrong, job_id first in the text", { job_id: 1, status: 2 }, wrongAt("$.status"));

const scaikeyEvent = [];
const event = (row, name, value, expect) => scaikeyEvent.push({ name: `event: ${name}`, row, payload: value, expect });
const eventText = (row, name, text, expect) => scaikeyEvent.push({ name: `event: ${name}`, row, text, expect });

for (const [name, text] of NOT_JSON) eventText("payload-json", `not JSON, ${name}`, text, payload("invalid_json"));
event("scaikey-event-shape", "whole envelope", EVENT, OK);
event(
  "scaikey-event-shape",
  "least envelope",
  { event_id: "e", event_type: "t", timestamp: "", resource: { type: "", id: "" }, actor: { type: "", id: null } },
  OK,
);
for (const [name, value] of NOT_OBJECTS) event("scaikey-event-shape", `root is ${name}`, value, wrongAt("$"));
for (const family of [
  "partner",
  "tenant",
  "user",
  "group",
  "application",
  "session",
  "registration",
  "authentication",
  "new",
]) {
  event("scaikey-event-names", `family ${family}`, { ...EVENT, event_type: `${family}.updated` }, OK);
}
for (const field of ["event_id", "event_type"]) {
  event("scaikey-event-names", `${field} missing`, without(EVENT, field), wrongAt(`$.${field}`));
  for (const value of ["", null, 1, {}, ["x"]]) {
    event(
      "scaikey-event-names",
      `${field} ${JSON.stringify(value)}`,
      { ...EVENT, [field]: value },
      wrongAt(`$.${field}`),
    );
  }
}
for (const value of ["2026-01-15T10:30:00.123456+02:00", "yesterday", ""]) {
  event("scaikey-event-timestamp", `timestamp ${JSON.stringify(value)}`, { ...EVENT, timestamp: value }, OK);
}
event("scaikey-event-timestamp", "timestamp missing", without(EVENT, "timestamp"), wrongAt("$.timestamp"));
for (const value of [null, 1736937000, {}]) {
  event(
    "scaikey-event-timestamp",
    `timestamp ${JSON.stringify(value)}`,
    { ...EVENT, timestamp: value },
    wrongAt("$.timestamp"),
  );
}
for (const [field, row] of [
  ["resource", "scaikey-event-resource"],
  ["actor", "scaikey-event-actor"],
]) {
  event(row, `${field} missing`, without(EVENT, field), wrongAt(`$.${field}`));
  for (const value of [null, [], "user", 1]) {
    event(row, `${field} ${JSON.stringify(value)}`, { ...EVENT, [field]: value }, wrongAt(`$.${field}`));
  }
  event(row, `${field} with further fields`, { ...EVENT, [field]: { type: "a", id: "b", name: "c" } }, OK);
  event(row, `${field} empty`, { ...EVENT, [field]: {} }, wrongAt(`$.${field}.type`));
  event(row, `${field}.id missing`, { ...EVENT, [field]: { type: "user" } }, wrongAt(`$.${field}.id`));
  event(row, `${field}.type missing`, { ...EVENT, [field]: { id: "1" } }, wrongAt(`$.${field}.type`));
  for (const value of [null, 1, {}]) {
    event(
      row,
      `${field}.type ${JSON.stringify(value)}`,
      { ...EVENT, [field]: { type: value, id: "1" } },
      wrongAt(`$.${field}.type`),
    );
  }
  for (const value of [1, {}, ["1"], true]) {
    event(
      row,
      `${field}.id ${JSON.stringify(value)}`,
      { ...EVENT, [field]: { type: "user", id: value } },
      wrongAt(`$.${field}.id`),
    );
  }
}
event(
  "scaikey-event-resource",
  "resource.id null",
  { ...EVENT, resource: { type: "user", id: null } },
  wrongAt("$.resource.id"),
);
event("scaikey-event-actor", "actor.id null", { ...EVENT, actor: { type: "system", id: null } }, OK);
for (const field of ["tenant_id", "partner_id"]) {
  event("scaikey-event-scope", `${field} absent`, without(EVENT, field), OK);
  for (const value of [null, "", "x_1"]) {
    event("scaikey-event-scope", `${field} ${JSON.stringify(value)}`, { ...EVENT, [field]: value }, OK);
  }
  for (const value of [1, {}, [], false]) {
    event(
      "scaikey-event-scope",
      `${field} ${JSON.stringify(value)}`,
      { ...EVENT, [field]: value },
      wrongAt(`$.${field}`),
    );
  }
}
event("scaikey-event-data", "data absent", without(EVENT, "data"), OK);
for (const data of [null, {}, [], [1], "text", 0, false, { deep: { deeper: [null] } }]) {
  event("scaikey-event-data", `data ${JSON.stringify(data)}`, { ...EVENT, data }, OK);
}
event("scaikey-event-data", "further fields", { ...EVENT, version: 2, extra: { a: [1] } }, OK);
// Each step mends what the one before reported, so the list is the documented order.
const broken = {
  tenant_id: 1,
  partner_id: 1,
  actor: 1,
  resource: 1,
  timestamp: 1,
  event_type: 1,
  event_id: 1,
};
const mended = [
  ["$.event_id", {}],
  ["$.event_type", { event_id: "e" }],
  ["$.timestamp", { event_type: "t" }],
  ["$.resource", { timestamp: "s" }],
  ["$.resource.type", { resource: { id: 1 } }],
  ["$.resource.id", { resource: { id: 1, type: "r" } }],
  ["$.actor", { resource: { id: "1", type: "r" } }],
  ["$.actor.type", { actor: { id: 1 } }],
  ["$.actor.id", { actor: { id: 1, type: "a" } }],
  ["$.tenant_id", { actor: { id: "1", type: "a" } }],
  ["$.partner_id", { tenant_id: null }],
];
let current = broken;
for (const [path, mend] of mended) {
  current = { ...current, ...mend };
  event("scaikey-event-order", `first wrong field is ${path}`, current, wrongAt(path));
}
event("scaikey-event-order", "nothing is there", {}, wrongAt("$.event_id"));

const direct = [];
const TOKEN = "tok_4f9d2c71a8e34b06";
const withToken = (secret, more = {}) => ({ ...JOB, metadata: { user_id: "123", secret, ...more } });

/** `expect` defaults to verified, with the token's field gone. */
function directCase(row, name, value, { tokens = [TOKEN], field, expect, text } = {}) {
  const kept = () => ({ ...value, metadata: without(value.metadata, field ?? "secret") });
  direct.push({
    name: `direct: ${name}`,
    row,
    ...(text === undefined ? { payload: value } : { text }),
    tokens,
    ...(field && { field }),
    expect: expect ?? { ok: kept() },
  });
}
const DIRECT_NO = { error: "no_matching_signature", class: "verification" };
directCase("direct-token", "the expected token", withToken(TOKEN));
directCase("direct-token", "the second of two expected tokens", withToken(TOKEN), { tokens: ["old", TOKEN] });
directCase("direct-token", "the first of three expected tokens", withToken(TOKEN), { tokens: [TOKEN, "b", "c"] });
directCase("direct-token", "token outside ASCII", withToken("schlüssel-😀"), { tokens: ["schlüssel-😀"] });
directCase("direct-token", "token of 1000 characters", withToken("t".repeat(1000)), { tokens: ["t".repeat(1000)] });
directCase("direct-token", "token of one character", withToken("x"), { tokens: ["x"] });
for (const [name, secret, tokens] of [
  ["another token", "tok_0000000000000000"],
  ["a prefix of the token", TOKEN.slice(0, -1)],
  ["one character of the token", "t"],
  ["a longer token", `${TOKEN}0`],
  ["a space after the token", `${TOKEN} `],
  ["a line feed after the token", `${TOKEN}\n`],
  ["a NUL after the token", `${TOKEN}\u0000`],
  ["the token in capitals", TOKEN.toUpperCase()],
  ["decomposed for composed", "schlu\u0308ssel", ["schlüssel"]],
  ["none of three", "d", ["a", "b", "c"]],
  ["two tokens joined", "ab", ["a", "b"]],
]) {
  directCase("direct-token", `refused, ${name}`, withToken(secret), { ...(tokens && { tokens }), expect: DIRECT_NO });
}
for (const [name, value] of [
  ["token missing", JOB],
  ["token empty", withToken("")],
  ["token null", withToken(null)],
  ["token a number", withToken(1)],
  ["token true", withToken(true)],
  ["token a list that holds it", withToken([TOKEN])],
  ["token an object that holds it", withToken({ secret: TOKEN })],
  ["metadata absent", without(JOB, "metadata")],
  ["metadata null", { ...JOB, metadata: null }],
  ["metadata a list that holds the token", { ...JOB, metadata: [TOKEN] }],
  ["metadata the token itself", { ...JOB, metadata: TOKEN }],
  ["metadata a number", { ...JOB, metadata: 1 }],
  ["metadata empty", { ...JOB, metadata: {} }],
  ["token beside the metadata", { ...JOB, secret: TOKEN }],
  ["token deeper in the metadata", { ...JOB, metadata: { inner: { secret: TOKEN } } }],
  ["root null", null],
  ["root a list", [withToken(TOKEN)]],
  ["root a string", TOKEN],
  ["wrong token and wrong shape", { metadata: { secret: "x" } }],
]) {
  directCase("direct-refused", `refused, ${name}`, value, { expect: DIRECT_NO });
}
directCase("direct-refused", "refused, a number against its digits", withToken(123), {
  tokens: ["123"],
  expect: DIRECT_NO,
});
directCase("direct-refused", "refused, null against its name", withToken(null), {
  tokens: ["null"],
  expect: DIRECT_NO,
});
directCase("direct-refused", "refused, absent against undefined's name", JOB, {
  tokens: ["undefined"],
  expect: DIRECT_NO,
});
for (const [name, text] of [
  ["text", "hello"],
  ["empty text", ""],
  ["text that holds the token", `{"metadata":{"secret":"${TOKEN}"}`],
  ["garbage after the value", `${JSON.stringify(withToken(TOKEN))}x`],
  ["U+FEFF before the value", `\ufeff${JSON.stringify(withToken(TOKEN))}`],
]) {
  directCase("direct-refused", `refused, not JSON, ${name}`, null, { text, expect: DIRECT_NO });
}
directCase(
  "direct-field",
  "another field",
  { ...JOB, metadata: { webhook_token: TOKEN, a: 1 } },
  { field: "webhook_token" },
);
directCase(
  "direct-field",
  "another field, secret is kept",
  { ...JOB, metadata: { t: TOKEN, secret: "mine" } },
  { field: "t" },
);
directCase("direct-field", "refused, another field, token under secret", withToken(TOKEN), {
  field: "t",
  expect: DIRECT_NO,
});
directCase(
  "direct-field",
  "refused, field in capitals",
  { ...JOB, metadata: { Secret: TOKEN } },
  { expect: DIRECT_NO },
);
for (const field of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
  directCase("direct-field", `refused, field ${field} that is not there`, JOB, { field, expect: DIRECT_NO });
}
directCase("direct-field", "refused, token inherited through a key __proto__", null, {
  text: `{"status":"Completed","job_id":"1","metadata":{"__proto__":{"secret":"${TOKEN}"}}}`,
  expect: DIRECT_NO,
});
directCase("direct-field", "refused, metadata inherited through a key __proto__", null, {
  text: `{"status":"Completed","job_id":"1","__proto__":{"metadata":{"secret":"${TOKEN}"}}}`,
  expect: DIRECT_NO,
});
directCase(
  "direct-field",
  "field constructor that is there",
  { ...JOB, metadata: { constructor: TOKEN, a: 1 } },
  { field: "constructor" },
);
directCase("direct-field", "field __proto__ that is there", null, {
  text: `{"status":"Completed","job_id":"1","metadata":{"__proto__":"${TOKEN}","a":1}}`,
  field: "__proto__",
  expect: { ok: { status: "Completed", job_id: "1", metadata: { a: 1 } } },
});
directCase(
  "direct-removed",
  "the rest of the metadata stays",
  withToken(TOKEN, { nested: { secret: "kept" }, list: [1, null], n: 0 }),
);
directCase("direct-removed", "metadata that held only the token is empty", { ...JOB, metadata: { secret: TOKEN } });
directCase("direct-removed", "further fields stay", { ...withToken(TOKEN), extra: { a: 1 }, reason: null });
directCase("direct-payload", "status missing", without(withToken(TOKEN), "status"), { expect: wrongAt("$.status") });
directCase("direct-payload", "job_id missing", without(withToken(TOKEN), "job_id"), { expect: wrongAt("$.job_id") });
directCase("direct-payload", "job_id empty", { ...withToken(TOKEN), job_id: "" }, { expect: wrongAt("$.job_id") });
directCase("direct-payload", "status a number", { ...withToken(TOKEN), status: 1 }, { expect: wrongAt("$.status") });
directCase("direct-payload", "only the metadata", { metadata: { secret: TOKEN } }, { expect: wrongAt("$.status") });
directCase("direct-payload", "a status that is not documented", { ...withToken(TOKEN), status: "Cancelled" });
for (const [name, tokens, secret] of [
  ["an empty list", [], TOKEN],
  ["an empty token", [""], ""],
  ["an empty token after a good one", [TOKEN, ""], TOKEN],
  ["an empty token before a good one", ["", TOKEN], TOKEN],
]) {
  directCase("direct-expected", `expected tokens refused: ${name}`, withToken(secret), {
    tokens,
    expect: typeError("invalid_secret"),
  });
}

// ---------------------------------------------------------------- output

const files = {
  "standard.json": [
    "Deliveries of the Standard Webhooks / Svix scheme: secret, headers, body and clock in; the parsed body or one error out.",
    standard,
  ],
  "secrets.json": ["Standard Webhooks secrets: the key that each stands for, or a refusal.", secrets],
  "sign.json": ["Signatures that we make.", sign],
  "scaikey.json": ["Deliveries of the ScaiKey scheme.", scaikey],
  "job_update.json": ["Reducto job updates, after verification: the shape of the payload.", jobUpdate],
  "scaikey_event.json": ["ScaiKey events, after verification: the shape of the payload.", scaikeyEvent],
  "direct.json": ["Reducto's direct mode: the token in the metadata.", direct],
};

/** What a reader of the files relies on, and a typing mistake above would break. */
function problems() {
  const found = [];
  const rows = new Set();
  for (const [, slug] of readFileSync(policyPage, "utf8").matchAll(/^\| `([a-z0-9-]+)` \|/gm)) {
    if (rows.has(slug)) found.push(`docs/verification.md has the row ${slug} twice`);
    rows.add(slug);
  }
  const used = new Set();
  for (const [file, [, cases]] of Object.entries(files)) {
    const names = new Set();
    for (const one of cases) {
      if (names.has(one.name)) found.push(`${file}: the name "${one.name}" is there twice`);
      names.add(one.name);
      if (!rows.has(one.row))
        found.push(`${file}: "${one.name}" names the row ${one.row}, which docs/verification.md lacks`);
      used.add(one.row);
      if (one.headers) found.push(...headerProblems(one).map((text) => `${file}: "${one.name}" ${text}`));
      if (one.bodyAs === "uint16array" && bytesOf(one.body).length % 2) {
        found.push(`${file}: "${one.name}" has an odd number of bytes for a uint16array`);
      }
      // JSON.stringify escapes a lone surrogate, and nothing else, to this; serde_json would refuse the file.
      if (/(?<!\\)\\ud[89a-f]/.test(JSON.stringify(one))) found.push(`${file}: "${one.name}" holds a lone surrogate`);
    }
  }
  for (const slug of rows) if (!used.has(slug)) found.push(`the row ${slug} of docs/verification.md has no vector`);
  return found;
}

/** A container cannot hold what its kind cannot hold. */
function headerProblems({ headers, container = "object" }) {
  const found = [];
  const names = headers.map(([name]) => name);
  const repeats = (list) => new Set(list).size !== list.length;
  if (container !== "pairs" && repeats(names)) found.push("repeats a name in a container that cannot");
  if (container === "node" && names.some((name) => name !== name.toLowerCase())) {
    found.push("has a name that Node would have lower-cased");
  }
  if (container === "get" && headers.some(([, value]) => Array.isArray(value))) found.push("has a list behind get()");
  if (container === "fetch" && headers.flat(2).some((text) => !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text))) {
    found.push("has a name or value that Headers refuses or trims");
  }
  return found;
}

const render = ([about, cases]) =>
  `{\n"about": ${JSON.stringify(about)},\n"cases": [\n${cases.map((one) => JSON.stringify(one)).join(",\n")}\n]\n}\n`;

const check = process.argv.includes("--check");
const found = problems();
for (const [file, content] of Object.entries(files)) {
  const url = new URL(file, here);
  const text = render(content);
  if (check) {
    let committed = "";
    try {
      committed = readFileSync(url, "utf8");
    } catch {
      // reported below as a difference
    }
    if (committed !== text)
      found.push(`${file} differs from what generate.mjs makes: run node tests/vectors/generate.mjs`);
  } else {
    writeFileSync(url, text);
  }
  console.log(`${file}: ${content[1].length} cases`);
}
for (const text of found) console.error(text);
if (found.length > 0) process.exitCode = 1;
