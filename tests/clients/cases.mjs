// What each case of the fault server answers.

import { gzipSync } from "node:zlib";

/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {import("./faults.mjs").Context} Context */
/** @typedef {(outgoing: ServerResponse, context: Context) => void} Case */

/**
 * @param {ServerResponse} outgoing
 * @param {number} status
 * @param {unknown} value
 * @param {Record<string, string>} [headers]
 */
export function json(outgoing, status, value, headers = {}) {
  outgoing.writeHead(status, { "content-type": "application/json", ...headers });
  outgoing.end(JSON.stringify(value));
}

const MIB = 2 ** 20;

/** An answer that every call of both services takes. */
const GOOD = { job_id: "job-1", status: "Completed", result: { type: "full", n: 1 }, jobs: [] };

/** @type {Case} */
const good = (outgoing) => json(outgoing, 200, GOOD);

/** @param {Case} first @returns {Case} */
const thenGood = (first) => (outgoing, context) => (context.attempt === 1 ? first : good)(outgoing, context);

/** @param {number} status @param {() => Record<string, string>} [headers] @returns {Case} */
const refuse =
  (status, headers = () => ({})) =>
  (outgoing) =>
    json(outgoing, status, { detail: `refused with ${status}` }, { "x-request-id": "req_7", ...headers() });

/** @type {Case} */
const drop = (outgoing) => void outgoing.socket?.destroy();

const DETAIL = [
  { loc: ["body", "input"], msg: "Field required", type: "missing", input: { given: 1 } },
  { loc: ["body", "pages", 0], msg: "Input should be greater than 0", type: "greater_than", input: 0, ctx: { gt: 0 } },
];

const PROXY_PAGE = "<!doctype html><title>502 Bad Gateway</title><h1>Bad gateway</h1>";

/** @param {number} status @returns {Case} */
const page = (status) => (outgoing) => {
  outgoing.writeHead(status, { "content-type": "text/html; charset=utf-8" });
  outgoing.end(`${PROXY_PAGE}${" ".repeat(1000)}THE-END-OF-THE-PAGE`);
};

/**
 * A JSON string of that many bytes, sent as fast as it is taken.
 * @param {number} size
 * @param {{declared: boolean}} options declared: in Content-Length
 * @returns {Case}
 */
const large =
  (size, { declared }) =>
  (outgoing) => {
    outgoing.writeHead(200, {
      "content-type": "application/json",
      ...(declared && { "content-length": String(size) }),
    });
    const block = Buffer.alloc(MIB, "x");
    let left = size - 2;
    outgoing.write('"');
    const more = () => {
      while (left > 0) {
        const part = left < MIB ? block.subarray(0, left) : block;
        left -= part.length;
        if (!outgoing.write(part)) return void outgoing.once("drain", more);
      }
      outgoing.end('"');
    };
    more();
  };

/** @param {(context: Context) => string} to @param {number} status @returns {Case} */
const redirect = (to, status) => (outgoing, context) => {
  if (context.request.path.startsWith("/moved") || context.origin === "other") return good(outgoing, context);
  outgoing.writeHead(status, { location: to(context) });
  outgoing.end();
};

/** @type {Record<string, Case>} */
export const CASES = {
  good,
  invalid: (outgoing) => json(outgoing, 422, { detail: DETAIL }),
  401: refuse(401),
  403: refuse(403),
  404: refuse(404),
  409: refuse(409),
  410: refuse(410),
  500: refuse(500),
  429: refuse(429, () => ({ "retry-after-ms": "1" })),
  "429-seconds": thenGood(refuse(429, () => ({ "retry-after": "1" }))),
  // A date has whole seconds: this one is 1 to 2 seconds away.
  "429-date": thenGood(refuse(429, () => ({ "retry-after": new Date(Date.now() + 2000).toUTCString() }))),
  "429-ms": thenGood(refuse(429, () => ({ "retry-after-ms": "700" }))),
  "429-in-a-day": thenGood(refuse(429, () => ({ "retry-after": "86400" }))),
  "503-seconds": thenGood(refuse(503, () => ({ "retry-after": "1" }))),
  "500-once": thenGood(refuse(500, () => ({ "retry-after-ms": "1" }))),
  dropped: drop,
  "dropped-once": thenGood(drop),
  stalled: () => {},
  "stalled-body": (outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json" });
    outgoing.write('{"job_id":');
  },
  // A whole answer, whose JSON ends early.
  truncated: (outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json", "x-request-id": "req_7" });
    outgoing.end(`{"job_id":"job-1","status":"Completed","result":{"text":"${"x".repeat(300)}THE-END`);
  },
  // An answer that ends before its Content-Length.
  short: (outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    outgoing.write('{"job_id":"job-1"');
    setTimeout(() => outgoing.socket?.destroy(), 20);
  },
  empty: (outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json", "content-length": "0" });
    outgoing.end();
  },
  // JSON, but not what any call promises.
  other: (outgoing) => json(outgoing, 200, [1]),
  html: page(200),
  "html-403": page(403),
  "html-502": page(502),
  "redirect-same": redirect(({ base, request }) => `${base}/moved${request.path}`, 307),
  "redirect-relative": redirect(({ base, request }) => `${new URL(base).pathname}/moved${request.path}`, 308),
  "redirect-other": redirect(({ otherBase, request }) => `${otherBase}/moved${request.path}`, 307),
  "redirect-loop": (outgoing, { base, request }) => {
    outgoing.writeHead(302, { location: base + request.path });
    outgoing.end();
  },
  gzip: (outgoing) => {
    const body = gzipSync(JSON.stringify(GOOD));
    outgoing.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    outgoing.end(body);
  },
  "large-100": large(100 * MIB, { declared: false }),
  "large-100-declared": large(100 * MIB, { declared: true }),
  "large-2": large(2 * MIB, { declared: false }),
  // A few KiB on the wire, 100 MiB when unpacked.
  "large-100-gzip": (outgoing) => {
    const body = gzipSync(Buffer.alloc(100 * MIB, "x"));
    outgoing.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    outgoing.end(body);
  },
  portal: (outgoing) => json(outgoing, 200, "https://app.svix.com/app_1?locale=en#key=PORTAL-KEY"),
  // Not a URL, and with the key in it.
  "portal-wrong": (outgoing) => json(outgoing, 200, { url: "https://app.svix.com/app_1#key=PORTAL-KEY" }),
  "portal-truncated": (outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/json" });
    outgoing.end('"https://app.svix.com/app_1#key=PORTAL-KEY');
  },
  // An error that repeats the caller's credentials.
  echo: (outgoing, { request }) =>
    json(outgoing, 403, {
      detail: [{ loc: ["header"], msg: `bad ${request.headers.authorization}`, type: "x", input: request.headers }],
    }),
  "result-elsewhere": (outgoing, { request, origin, otherBase }) =>
    origin === "other"
      ? json(outgoing, 200, { type: "full", from: request.path })
      : json(outgoing, 200, {
          status: "Completed",
          result: { type: "url", url: `${otherBase}/file?sig=1`, result_id: "r" },
        }),
  "result-gone": (outgoing, { origin, otherBase }) =>
    origin === "other"
      ? json(outgoing, 403, { detail: "expired" })
      : json(outgoing, 200, { status: "Completed", result: { type: "url", url: `${otherBase}/file?sig=SIGNED` } }),
  failed: (outgoing) => json(outgoing, 200, { status: "Failed", reason: "unreadable" }),
  pending: (outgoing) => json(outgoing, 200, { status: "Pending" }),
  "pending-twice": (outgoing, context) =>
    context.attempt < 3
      ? json(outgoing, 200, { status: ["Pending", "SomethingNew"][context.attempt - 1] })
      : good(outgoing, context),
  pages: (outgoing, { request }) => {
    const cursor = new URL(request.path, "http://x").searchParams.get("cursor");
    const job = (/** @type {number} */ n) => ({ job_id: `job-${n}`, status: "Completed" });
    if (cursor === null) return json(outgoing, 200, { jobs: [job(1), job(2)], next_cursor: "a/b c&d" });
    if (cursor === "a/b c&d") return json(outgoing, 200, { jobs: [], next_cursor: "last" });
    return json(outgoing, 200, { jobs: [job(3)], next_cursor: null });
  },
  // Always says that there is more, at the same place.
  "pages-loop": (outgoing) => json(outgoing, 200, { jobs: [], next_cursor: "same" }),
};
