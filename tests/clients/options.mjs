// The clients' options: where they send, as whom, with what.

import { Reducto } from "hookseal/reducto";
import { ScaiKeyWebhooks } from "hookseal/scaikey";
import { check, equal } from "../suite/harness.mjs";
import { clientTest, failure, fault, says } from "./target.mjs";
import { API_KEY, JWT } from "./tokens.mjs";

/** A fetch that only notes what it was asked. */
function noting() {
  /** @type {Request[]} */
  const requests = [];
  const fetch = async (/** @type {any} */ input, /** @type {any} */ init) => {
    requests.push(new Request(input, init));
    return Response.json({ status: "Completed" });
  };
  return { fetch, requests };
}

clientTest("environment chooses the host", async () => {
  for (const [environment, host] of [
    [undefined, "platform.reducto.ai"],
    ["production", "platform.reducto.ai"],
    ["eu", "eu.platform.reducto.ai"],
    ["au", "au.platform.reducto.ai"],
  ]) {
    const { fetch, requests } = noting();
    await new Reducto(/** @type {any} */ ({ apiKey: API_KEY, environment, fetch })).job("j");
    equal(requests[0]?.url, `https://${host}/job/j`);
  }
  const error = await failure(() => new Reducto(/** @type {any} */ ({ apiKey: API_KEY, environment: "us" })));
  says(error.message, "production", "eu", "au");
});

clientTest("a base URL may have a path, and a slash at its end", async () => {
  for (const baseUrl of ["https://proxy.example/reducto", "https://proxy.example/reducto/"]) {
    const { fetch, requests } = noting();
    await new Reducto({ apiKey: API_KEY, baseUrl, fetch }).job("j");
    await new ScaiKeyWebhooks({ token: JWT, baseUrl, fetch }).get("w");
    equal(
      requests.map(({ url }) => url),
      ["https://proxy.example/reducto/job/j", "https://proxy.example/reducto/api/v1/admin/webhooks/w"],
    );
  }
});

clientTest("a base URL that is none is refused, and the message names it", async () => {
  for (const baseUrl of [
    "",
    "platform.reducto.ai",
    "ftp://x.example",
    "https://x.example/?a=1",
    "https://x.example/#a",
    7,
    null,
  ]) {
    const bad = /** @type {any} */ (baseUrl);
    says((await failure(() => new ScaiKeyWebhooks({ token: JWT, baseUrl: bad }))).message, /base ?url/i);
    if (baseUrl !== "" && baseUrl !== null) {
      says((await failure(() => new Reducto({ apiKey: API_KEY, baseUrl: bad }))).message, /base ?url/i);
    }
  }
});

clientTest("ScaiKey has no default base URL", async () => {
  says((await failure(() => new ScaiKeyWebhooks(/** @type {any} */ ({ token: JWT })))).message, /base ?url/i);
});

clientTest("a missing API key is refused, and the message names the variable", async () => {
  for (const options of [undefined, {}, { apiKey: undefined }, { apiKey: "" }]) {
    says((await failure(() => new Reducto(/** @type {any} */ (options)))).message, "REDUCTO_API_KEY");
  }
});

clientTest("a bad API key is refused before anything is sent, without being told", async () => {
  for (const apiKey of ["KEY-IN-USE\nx", "KEY-IN-USE\r\nx-evil: 1", "KEY-IN-USE é", "KEY-IN-USE\0", 7, {}]) {
    const error = await failure(() => new Reducto(/** @type {any} */ ({ apiKey })).job("j"));
    says(error.message, /api ?key/i);
    check(!`${error.message}${error.stack}`.includes("KEY-IN-USE"), "the message has the key");
  }
});

clientTest("a bad token is refused before anything is sent, without being told", async () => {
  for (const token of [
    "TOKEN-IN-USE\nx",
    "",
    7,
    null,
    undefined,
    async () => "TOKEN-IN-USE\nx",
    () => "",
    () => undefined,
  ]) {
    const { fetch, requests } = noting();
    const options = /** @type {any} */ ({ baseUrl: "https://x.example", token, fetch });
    const error = await failure(() => new ScaiKeyWebhooks(options).events());
    says(error.message, /token/i);
    check(!`${error.message}${error.stack}`.includes("TOKEN-IN-USE"), "the message has the token");
    equal(requests.length, 0);
  }
});

clientTest("a token can be a function, which is asked for every request", async () => {
  for (const wrap of [(/** @type {string} */ text) => text, async (/** @type {string} */ text) => text]) {
    let number = 0;
    const { fetch, requests } = noting();
    const client = new ScaiKeyWebhooks({ baseUrl: "https://x.example", token: () => wrap(`t${++number}`), fetch });
    await client.events();
    await client.events();
    equal(
      requests.map(({ headers }) => headers.get("authorization")),
      ["Bearer t1", "Bearer t2"],
    );
  }
});

clientTest("what a token function fails with is passed on", async () => {
  const reason = new Error("no session");
  for (const token of [
    () => Promise.reject(reason),
    () => {
      throw reason;
    },
  ]) {
    const { fetch, requests } = noting();
    const client = new ScaiKeyWebhooks({ baseUrl: "https://x.example", token, fetch });
    equal((await failure(() => client.events())) === reason, true, "the same error");
    equal(requests.length, 0);
  }
});

clientTest("own headers are sent, and the credentials stay", async () => {
  const headers = { "x-trace": "7", "user-agent": "me" };
  const { reducto, scaikey, arrived } = fault("good", { headers });
  await reducto.job("j");
  await scaikey.create({});
  for (const request of await arrived()) {
    equal(request.headers["x-trace"], "7");
    says(request.headers.authorization ?? "", /^Bearer (reducto-API|eyJ)/);
  }
});

clientTest("the portal's user goes out as user-id, and only there", async () => {
  const { reducto, arrived } = fault("portal");
  await reducto.portalUrl({ userId: "user-1" });
  await reducto.portalUrl();
  equal(
    (await arrived()).map(({ method, path, headers, body }) => [method, path, headers["user-id"], body]),
    [
      ["POST", "/configure_webhook", "user-1", ""],
      ["POST", "/configure_webhook", undefined, ""],
    ],
  );
});

clientTest("a user id that no header can carry is refused, and the message names it", async () => {
  const { reducto, arrived } = fault("portal");
  await failure(() => reducto.portalUrl(/** @type {any} */ ({ userId: 7 })));
  for (const userId of ["a\nb", "a\r\nx-evil: 1", "a\0", "é", ""]) {
    says((await failure(() => reducto.portalUrl({ userId }))).message, /user/i);
  }
  equal(await arrived(), []);
});

clientTest("REDUCTO_API_KEY and REDUCTO_BASE_URL are taken where there is an environment", async () => {
  const env = environment();
  if (!env) return; // The missing key's message is another test.
  const { baseUrl, arrived } = fault("good");
  Object.assign(env, { REDUCTO_API_KEY: "key-of-the-environment", REDUCTO_BASE_URL: baseUrl });
  try {
    await new Reducto().job("j");
    await new Reducto({ apiKey: "own" }).job("j");
    equal(
      (await arrived()).map(({ headers }) => headers.authorization),
      ["Bearer key-of-the-environment", "Bearer own"],
    );
  } finally {
    delete env.REDUCTO_API_KEY;
    delete env.REDUCTO_BASE_URL;
  }
});

/** The host's environment, if there is one that this program may change. @returns {any} */
function environment() {
  try {
    const { env } = /** @type {any} */ (globalThis).process;
    env.HOOKSEAL_TEST = "1";
    delete env.HOOKSEAL_TEST;
    return env;
  } catch {
    return undefined;
  }
}

clientTest("options that are wrong are refused, and the message names them", async () => {
  for (const [name, values] of Object.entries({
    timeout: [-1, Number.NaN, "1", 0],
    maxRetries: [-1, 1.5, Number.NaN, "1"],
    fetch: [7, {}],
  })) {
    for (const value of values) {
      const options = /** @type {any} */ ({ apiKey: API_KEY, token: JWT, baseUrl: "https://x.example", [name]: value });
      says((await failure(() => new Reducto(options))).message, name);
      says((await failure(() => new ScaiKeyWebhooks(options))).message, name);
    }
  }
});
