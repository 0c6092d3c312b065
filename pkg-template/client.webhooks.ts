// Where Reducto is to deliver a job's update. Checked in Rust, before anything is sent.
import { callOptions, jsonText, textArg } from "./client.js";
import { INVALID_CALL_OPTION } from "./client.reasons.js";
import { checkToken, refusal, type Text, webhookConfig } from "./sdk.js";

/** A webhook configuration's parts, for the client. */
interface Parts {
  readonly config: string;
  readonly field: Text;
  readonly token: Text;
}

const parts = /* @__PURE__ */ new WeakMap<object, Parts>();

/**
 * Where Reducto is to deliver a job's update. Made by {@link svixWebhook}, {@link directWebhook} and {@link noWebhook}.
 * Its JSON is what Reducto takes; a token is not in it.
 */
export interface WebhookConfig {
  /** How it delivers. */
  readonly mode: "disabled" | "svix" | "direct";
  /** Of `svix`: the channels; empty for all endpoints. */
  readonly channels?: readonly string[];
  /** Of `direct`: where to. */
  readonly url?: string;
}

function made(config: string, field?: Text, token?: Text): WebhookConfig {
  const made = Object.freeze(JSON.parse(config) as WebhookConfig);
  parts.set(made, { config, field, token });
  return made;
}

/** The parts of a configuration that a builder made. */
export function partsOf(webhook: unknown): Parts | undefined {
  return typeof webhook === "object" && webhook !== null ? parts.get(webhook) : undefined;
}

/** How to deliver through Svix. */
export interface SvixWebhookOptions {
  /** At most 10, each 1 to 128 of `a-z A-Z 0-9 - _ . : +`. Default: none, so every endpoint receives. */
  channels?: readonly string[];
}

/**
 * Signed deliveries, to the endpoints that the portal has. Verify them with {@link ReductoWebhook}.
 *
 * @throws {TypeError} `invalid_channels`; the message says which one
 * @example
 * ```ts
 * import { svixWebhook } from "hookseal/reducto";
 *
 * console.log(JSON.stringify(svixWebhook({ channels: ["team:a"] }))); // {"mode":"svix","channels":["team:a"]}
 * ```
 */
export function svixWebhook(options?: SvixWebhookOptions): WebhookConfig {
  const { channels = [] } = callOptions(options);
  return made(webhookConfig(jsonText(channels), undefined));
}

/** How a direct delivery proves itself. */
export interface DirectWebhookOptions {
  /** A long random text; it travels in the job's metadata, and `verifyDirect` compares it. */
  token?: string;
  /** The member of the metadata that holds it. Default `"secret"`, as with `verifyDirect`. */
  field?: string;
}

/**
 * Unsigned deliveries to one URL. Without a token anybody can forge one.
 *
 * @param url An https URL; http on localhost and loopback addresses.
 * @throws {TypeError} `invalid_url`; `invalid_secret` (an empty token)
 * @example
 * ```ts
 * import { directWebhook } from "hookseal/reducto";
 *
 * const webhook = directWebhook("https://example.com/hook", { token: "a long random text" });
 * console.log(JSON.stringify(webhook)); // {"mode":"direct","url":"https://example.com/hook"}
 * ```
 */
export function directWebhook(url: string, options?: DirectWebhookOptions): WebhookConfig {
  const given = callOptions(options);
  const { token, field = "secret" } = given;
  if (typeof field !== "string") throw refusal(INVALID_CALL_OPTION, "field");
  const config = webhookConfig(undefined, textArg(url));
  // A token that was named and is not there is an unset variable.
  if ("token" in given) checkToken(textArg(token));
  return made(config, token === undefined ? undefined : field, token);
}

/**
 * No delivery; Reducto's default.
 *
 * @example
 * ```ts
 * import { noWebhook } from "hookseal/reducto";
 *
 * console.log(noWebhook().mode); // disabled
 * ```
 */
export function noWebhook(): WebhookConfig {
  return made(webhookConfig(undefined, undefined));
}
