// Connections that fail, and servers that do not answer.

import { Reducto } from "hookseal/reducto";
import { check, equal } from "../suite/harness.mjs";
import { clientTest, failure, fault, NOBODY, says } from "./target.mjs";
import { API_KEY } from "./tokens.mjs";

clientTest("a dropped connection is an ApiConnectionError that names the call", async () => {
  const { reducto } = fault("dropped", { maxRetries: 0 });
  says((await failure(() => reducto.job("j"), "ApiConnectionError")).message, "GET", "/job/j");
});

clientTest("a dropped connection is tried again where that is safe", async () => {
  const { reducto, arrived } = fault("dropped-once");
  equal((await reducto.job("j")).status, "Completed");
  check((await arrived()).length >= 2, "one request");
});

clientTest("where nobody listens the message names the host", async () => {
  const client = new Reducto({ apiKey: API_KEY, baseUrl: NOBODY, maxRetries: 0 });
  says((await failure(() => client.job("j"), "ApiConnectionError")).message, "127.0.0.1");
});

clientTest("where a connection is refused, a submission is tried again: nobody has seen it", async () => {
  let attempts = 0;
  /** @type {any} */
  let reason;
  const counting = async (/** @type {string} */ url, /** @type {RequestInit} */ init) => {
    attempts++;
    return fetch(url, init).catch((error) => {
      reason = error;
      throw error;
    });
  };
  const client = new Reducto({ apiKey: API_KEY, baseUrl: NOBODY, fetch: counting });
  await failure(() => client.submit("parse", { input: "x" }), "ApiConnectionError");
  // workerd only says that the connection was lost.
  const refused = /refused/i.test(
    `${reason?.code} ${reason?.message} ${reason?.cause?.code} ${reason?.cause?.message}`,
  );
  equal(attempts, refused ? 3 : 1, `attempts after ${reason}`);
});

clientTest("an answer that ends before its length is an ApiConnectionError", async () => {
  const { reducto } = fault("short", { maxRetries: 0 });
  await failure(() => reducto.job("j"), "ApiConnectionError");
});

clientTest("a server that does not answer is an ApiTimeoutError", async () => {
  const { reducto, arrived } = fault("stalled", { timeout: 200, maxRetries: 0 });
  const started = Date.now();
  says((await failure(() => reducto.job("j"), "ApiTimeoutError")).message, "200");
  const took = Date.now() - started;
  check(took < 3000, `took ${took} ms`);
  equal((await arrived()).length, 1);
});

clientTest("a body that stalls is an ApiTimeoutError", async () => {
  const { reducto } = fault("stalled-body", { timeout: 300, maxRetries: 0 });
  const started = Date.now();
  await failure(() => reducto.job("j"), "ApiTimeoutError");
  const took = Date.now() - started;
  check(took < 3000, `took ${took} ms`);
});

clientTest("a timeout is of one attempt, and tried again where that is safe", async () => {
  const { reducto, arrived } = fault("stalled", { timeout: 150, maxRetries: 1 });
  await failure(() => reducto.job("j"), "ApiTimeoutError");
  equal((await arrived()).length, 2);
});

clientTest("a submission that timed out is not repeated", async () => {
  const { reducto, arrived } = fault("stalled", { timeout: 150 });
  await failure(() => reducto.submit("parse", { input: "x" }), "ApiTimeoutError");
  equal((await arrived()).length, 1);
});

clientTest("a timeout is an ApiConnectionError, too, or has a code of its own", async () => {
  const { reducto } = fault("stalled", { timeout: 100, maxRetries: 0 });
  const error = await failure(() => reducto.job("j"), "ApiTimeoutError");
  equal(typeof error.code, "string");
});

clientTest("a fetch that rejects with anything is an ApiConnectionError", async () => {
  for (const reason of [new TypeError("fetch failed"), "text", undefined, null]) {
    const fetch = () => Promise.reject(reason);
    const client = new Reducto({ apiKey: API_KEY, baseUrl: "https://x.example", fetch, maxRetries: 0 });
    await failure(() => client.job("j"), "ApiConnectionError");
  }
});
