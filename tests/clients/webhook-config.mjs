// The builders of webhook configs: what they refuse, and that nothing was sent then.

import { directWebhook, noWebhook, svixWebhook } from "hookseal/reducto";
import { equal } from "../suite/harness.mjs";
import { clientTest, failure, fault, reducto, says } from "./target.mjs";

/** What a config makes of a submission. @param {any} webhook @param {unknown} [metadata] */
async function sent(webhook, metadata) {
  const { reducto: client, arrived } = fault("good");
  await client.submit("parse", { input: "x" }, { webhook, ...(metadata !== undefined && { metadata }) });
  return JSON.parse((await arrived())[0]?.body ?? "").async;
}

clientTest("svixWebhook takes what Svix allows", async () => {
  const longest = "x".repeat(128);
  const ten = Array.from({ length: 10 }, (_, n) => `c${n}`);
  equal((await sent(svixWebhook({ channels: [longest, "a-b_c.d:e+f"] }))).webhook.channels, [longest, "a-b_c.d:e+f"]);
  equal((await sent(svixWebhook({ channels: ten }))).webhook.channels, ten);
  equal((await sent(svixWebhook())).webhook.mode, "svix");
  const { channels = [] } = (await sent(svixWebhook({ channels: [] }))).webhook;
  equal(channels, []);
});

clientTest("a bad channel is refused, and the message says which one and why", async () => {
  const eleven = Array.from({ length: 11 }, (_, n) => `c${n}`);
  /** @type {[unknown, (string | RegExp)[]][]} */
  const bad = [
    [
      ["good", "a b"],
      [/a b|channels\[1\]/, /a-z/],
    ],
    [["é"], [/é|channels\[0\]/]],
    [["a/b"], [/a\/b|channels\[0\]/]],
    [["a\nb"], [/channel/i]],
    [["good\n"], [/channel/i]],
    [[""], [/channel/i, /empty|1/]],
    [["x".repeat(129)], [/128/]],
    [eleven, [/10/, /channel/i]],
    [[1], [/channel/i]],
    [[null], [/channel/i]],
    ["production", [/channel/i]],
  ];
  for (const [channels, parts] of bad) {
    const error = await failure(() => svixWebhook(/** @type {any} */ ({ channels })));
    says(error.message, ...parts);
    equal(error instanceof Error, true);
  }
});

clientTest("directWebhook takes HTTPS, and plain HTTP on this machine", async () => {
  for (const url of [
    "https://example.com",
    "https://example.com:8443/hook?x=1",
    "HTTPS://example.com/",
    "http://localhost:3000/hook",
    "http://127.0.0.1/hook",
    "http://127.1.2.3:8080/",
    "http://[::1]:3000/",
  ]) {
    const { webhook } = await sent(directWebhook(url));
    equal([webhook.mode, new URL(webhook.url).href], ["direct", new URL(url).href]);
  }
});

clientTest("directWebhook refuses other URLs, and the message says why", async () => {
  for (const url of [
    "http://example.com/hook",
    "http://localhost.example.com/",
    "http://127.0.0.1.example.com/",
    "http://127.0.0.1@example.com/",
    "http://10.0.0.1/",
    "ftp://example.com/",
    "//example.com/",
    "example.com/hook",
    "https://",
    "https:///hook",
    "javascript:alert(1)",
    "",
    "https://exa mple.com/",
    7,
    null,
    undefined,
  ]) {
    says((await failure(() => directWebhook(/** @type {any} */ (url)))).message, /https|url/i);
  }
});

clientTest("the message about a bad URL has no password of it", async () => {
  const error = await failure(() => directWebhook("http://user:PASSWORD@example.com/"));
  equal(String(error.message).includes("PASSWORD"), false);
});

clientTest("a direct webhook's token is in the metadata, and not where the webhook is logged", async () => {
  const webhook = directWebhook("https://example.com/", { token: "DIRECT-TOKEN" });
  equal((await sent(webhook)).metadata, { secret: "DIRECT-TOKEN" });
  const metadata = { user: "1" };
  equal((await sent(webhook, metadata)).metadata, { user: "1", secret: "DIRECT-TOKEN" });
  equal(metadata, { user: "1" }, "the caller's own object");
  equal((await sent(directWebhook("https://example.com/"), metadata)).metadata, metadata);
});

clientTest("metadata that cannot hold a token is refused", async () => {
  const webhook = directWebhook("https://example.com/", { token: "DIRECT-TOKEN" });
  for (const metadata of ["text", 7, [1], true]) {
    const { reducto: client, arrived } = fault("good");
    says((await failure(() => client.submit("parse", { input: "x" }, { webhook, metadata }))).message, /metadata/);
    equal(await arrived(), []);
  }
});

clientTest("a token that is no text, or empty, is refused", async () => {
  for (const token of ["", 7, {}, null]) {
    says((await failure(() => directWebhook("https://example.com/", /** @type {any} */ ({ token })))).message, /token/);
  }
});

clientTest("noWebhook says that there is none", async () => {
  equal((await sent(noWebhook())).webhook, { mode: "disabled" });
});

clientTest("without options nothing is added to the job", async () => {
  const { reducto: client, arrived } = fault("good");
  await client.submit("parse", { input: "x" });
  const { async: added = {}, ...rest } = JSON.parse((await arrived())[0]?.body ?? "");
  equal([rest, added], [{ input: "x" }, {}]);
});

clientTest("metadata that JSON cannot hold is refused before anything is sent", async () => {
  /** @type {any} */
  const circle = {};
  circle.self = circle;
  for (const metadata of [circle, 1n]) {
    await failure(() => reducto().submit("parse", { input: "x" }, { metadata }));
  }
});
