// No key, token or portal fragment in anything that could be logged.

import { directWebhook } from "hookseal/reducto";
import { check } from "../suite/harness.mjs";
import { clientTest, collect, failure, fault, NOBODY, reducto, scaikey } from "./target.mjs";
import { API_KEY, JWT, PORTAL_KEYS } from "./tokens.mjs";

const TOKEN = "DIRECT-TOKEN-1f2e3d";
const SECRETS = [API_KEY, JWT, ...PORTAL_KEYS, TOKEN];

/** The host's own way to print an object, as console.log does. @type {((value: unknown, options?: any) => string) | undefined} */
const inspect = (() => {
  const { Deno, Bun, process } = /** @type {any} */ (globalThis);
  return Bun?.inspect ?? Deno?.inspect ?? process?.getBuiltinModule?.("node:util").inspect;
})();

/** Every text that can be got out of a value by asking for it. @param {any} value @returns {string[]} */
function textsOf(value, seen = new Set()) {
  if (typeof value === "string") return [value];
  if (value === null || (typeof value !== "object" && typeof value !== "function") || seen.has(value)) return [];
  seen.add(value);
  const texts = [];
  for (let at = value; at && at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      try {
        texts.push(...textsOf(value[key], seen));
      } catch {
        // a getter of another object
      }
    }
  }
  return texts;
}

/** @param {any} value @param {string} what */
function checkSilent(value, what) {
  const printed = [() => String(value), () => JSON.stringify(value), () => `${value?.stack}`];
  if (inspect) {
    printed.push(
      () => inspect(value),
      () => inspect(value, { depth: 20, showHidden: true }),
    );
  }
  const texts = [...printed.map((print) => print() ?? ""), ...textsOf(value)];
  for (const secret of SECRETS) {
    for (const form of [secret, encodeURIComponent(secret), btoa(secret)]) {
      const text = texts.find((candidate) => candidate.includes(form));
      check(text === undefined, `${what} has ${form.slice(0, 12)}…: ${text?.slice(0, 200)}`);
    }
  }
}

clientTest("clients do not show their credentials", async () => {
  checkSilent(reducto(), "Reducto");
  checkSilent(scaikey(), "ScaiKeyWebhooks");
  checkSilent(scaikey({ token: () => JWT }), "ScaiKeyWebhooks");
  checkSilent(reducto().jobs(), "jobs()");
  checkSilent(reducto({ headers: { authorization: `Bearer ${API_KEY}`, "x-key": API_KEY } }), "Reducto with headers");
});

clientTest("clients do not show their credentials after use", async () => {
  const client = reducto();
  await client.portalUrl();
  checkSilent(client, "Reducto");
});

/** @type {[string, Record<string, unknown>, (clients: any) => unknown][]} */
const FAILURES = [
  ["401", {}, ({ reducto }) => reducto.job("j")],
  ["401", {}, ({ scaikey }) => scaikey.create({})],
  [
    "invalid",
    {},
    ({ reducto }) => reducto.submit("parse", {}, { webhook: directWebhook("https://x.example", { token: TOKEN }) }),
  ],
  ["echo", {}, ({ reducto }) => reducto.job("j")],
  ["echo", {}, ({ scaikey }) => scaikey.events()],
  ["dropped", {}, ({ reducto }) => reducto.job("j")],
  ["dropped", {}, ({ scaikey }) => scaikey.events()],
  ["short", {}, ({ reducto }) => reducto.job("j")],
  ["stalled", { timeout: 100 }, ({ reducto }) => reducto.job("j")],
  ["stalled-body", { timeout: 100 }, ({ scaikey }) => scaikey.events()],
  ["truncated", {}, ({ reducto }) => reducto.job("j")],
  ["html", {}, ({ reducto }) => reducto.portalUrl()],
  ["portal-wrong", {}, ({ reducto }) => reducto.portalUrl()],
  ["portal-truncated", {}, ({ reducto }) => reducto.portalUrl()],
  ["redirect-other", {}, ({ reducto }) => reducto.submit("parse", {})],
  ["redirect-loop", {}, ({ reducto }) => reducto.job("j")],
  ["result-gone", {}, ({ reducto }) => reducto.result("j")],
];
for (const [name, options, call] of FAILURES) {
  clientTest(`no credentials in the error of ${name}: ${String(call).slice(0, 60)}`, async () => {
    checkSilent(await failure(() => call(fault(name, { maxRetries: 0, ...options }))), name);
  });
}

clientTest("no credentials in the error where nobody listens", async () => {
  for (const client of [reducto({ baseUrl: NOBODY, maxRetries: 0 }), scaikey({ baseUrl: NOBODY, maxRetries: 0 })]) {
    checkSilent(await failure(() => ("job" in client ? client.job("j") : client.events())), "refused connection");
  }
});

clientTest("no credentials in what a fetch failed with", async () => {
  const fetch = (/** @type {any} */ _, /** @type {any} */ init) =>
    Promise.reject(new TypeError(`bad header: ${new Headers(init?.headers).get("authorization")}`));
  const clients = { reducto: reducto({ fetch, maxRetries: 0 }), scaikey: scaikey({ fetch, maxRetries: 0 }) };
  checkSilent(await failure(() => clients.reducto.job("j")), "ApiConnectionError");
  checkSilent(await failure(() => clients.scaikey.events()), "ApiConnectionError");
});

clientTest("no credentials in jobs", async () => {
  checkSilent(await failure(() => collect(fault("echo").reducto.jobs())), "jobs");
});

clientTest("a direct webhook does not show its token", async () => {
  checkSilent(directWebhook("https://example.com/", { token: TOKEN }), "directWebhook");
});
