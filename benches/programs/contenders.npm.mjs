// Who else is on npm.

import * as github from "@octokit/webhooks-methods";
import { Webhook as Svix } from "svix";
import { Webhook as SvixLatest } from "svix-latest";
import { SECRET } from "./delivery.mjs";

export function svix() {
  const webhook = new Svix(SECRET);
  return {
    name: "svix 1.99",
    family: "svix",
    verify: (body, headers) => webhook.verify(body, headers),
    sign: (id, date, body) => webhook.sign(id, date, body),
  };
}

/** Its `verify` no longer parses. */
export function svixLatest() {
  const webhook = new SvixLatest(SECRET);
  return {
    name: "svix 2.5",
    family: "svix",
    check: (body, headers) => webhook.verify(body, headers),
    sign: (id, date, body) => webhook.sign(id, date, body),
  };
}

/** Another scheme: the body alone, in hexadecimal, without an id or a time. Takes text only, and is async. */
export function octokit() {
  return {
    name: "octokit, GitHub's scheme (async)",
    family: "github",
    async: true,
    headersOf: async (text) => ({ "x-hub-signature-256": await github.sign(SECRET, text) }),
    check: async (body, headers) => {
      const good = await github.verify(SECRET, body.toString(), headers["x-hub-signature-256"]);
      if (!good) throw new Error("no match");
    },
  };
}
