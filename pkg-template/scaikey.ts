/**
 * ScaiKey's webhooks, and their administration.
 *
 * @module hookseal/scaikey
 */
import { type RawBody, rawBody } from "./body.js";
import { ASCII, FORM_SCAIKEY, type HeaderValue, SECRET_TEXT, sign, verify } from "./core.js";
import { providerFailure } from "./errors.js";
import { findHeaders, type WebhookHeaders } from "./headers.js";
import { Keyed, type Secret, secondsOf, settings, type WebhookOptions } from "./keyed.js";
import { parseShape } from "./payload.js";
import { HEADERS, NO_MATCHING_SIGNATURE, SCAIKEY_EVENT } from "./reasons.js";

export type { RawBody } from "./body.js";
export {
  ApiConnectionError,
  ApiError,
  type ApiErrorCode,
  type ApiErrorDetail,
  ApiResponseError,
  ApiTimeoutError,
} from "./client.errors.js";
export type { CallOptions, ClientOptions } from "./client.js";
export { type ScaiKeyOptions, ScaiKeyWebhooks } from "./client.scaikey.js";
export type { WebhookHeaders } from "./headers.js";
export type { Secret, WebhookOptions } from "./keyed.js";

/** The envelope of every ScaiKey event. Fields that it adds later are kept. */
export interface ScaiKeyEvent<D = unknown> {
  /** The idempotency key: the same for every attempt. */
  event_id: string;
  /** What happened: one of ScaiKey's families (partner, tenant, user, group, …) and a verb. */
  event_type: string;
  /** When it happened (ISO 8601). */
  timestamp: string;
  /** What it happened to. */
  resource: { type: string; id: string };
  /** Who did it. */
  actor: { type: string; id: string | null };
  /** What the event says; its form depends on the type. Not checked. */
  data: D;
  /** The tenant, where there is one. */
  tenant_id?: string | null;
  /** The partner, where there is one. */
  partner_id?: string | null;
}

/** An authentic ScaiKey delivery. */
export interface ScaiKeyDelivery<D = unknown> {
  /**
   * The idempotency key: the payload's `event_id`. It equals the header `X-ScaiKey-Event-ID`, but is signed, so
   * that nobody can replay a delivery under another key.
   */
  readonly id: string;
  /** When this attempt was made, to the second. */
  readonly timestamp: Date;
  /** The header `X-ScaiKey-Webhook-ID`, passed on as it came: it is not signed. */
  readonly webhookId: string | undefined;
  /** The header `X-ScaiKey-Event-Type`, passed on as it came: it is not signed. */
  readonly eventType: string | undefined;
  /** The event. */
  readonly payload: ScaiKeyEvent<D>;
}

/** What a ScaiKey delivery's headers are made of. */
export interface ScaiKeySignedHeadersOptions {
  /** When the attempt is made; its whole second is signed. Default: now. */
  timestamp?: Date;
}

const SIGNATURE = HEADERS[6];
/** The longest timestamp takes so much. */
const PLACE = /* @__PURE__ */ " ".repeat(15);
const PASSED_ON = [SIGNATURE, "x-scaikey-webhook-id", "x-scaikey-event-type"];

/**
 * Receives ScaiKey's webhooks, and signs like it.
 *
 * @example
 * ```ts
 * import { ScaiKeyWebhook } from "hookseal/scaikey";
 *
 * const webhook = new ScaiKeyWebhook("the endpoint's secret");
 * const body = JSON.stringify({
 *   event_id: "evt_1", event_type: "user.created", timestamp: "2026-01-01T00:00:00Z",
 *   resource: { type: "user", id: "u_1" }, actor: { type: "system", id: null }, data: {},
 * });
 * console.log(webhook.verify(body, webhook.signedHeaders(body)).event_type); // user.created
 * ```
 */
export class ScaiKeyWebhook<D = unknown> extends Keyed {
  /**
   * @param secret The endpoint's signing secret: text, used as its UTF-8 bytes without white space around it; or
   *   bytes, which are copied. During a rotation several, any one of which may match.
   * @param options See {@link WebhookOptions}.
   * @throws {TypeError} `invalid_secret`, `invalid_option`
   * @throws {RangeError} `invalid_option`: the tolerance
   * @see docs/verification.md, rows `scaikey-*`
   */
  constructor(secret: Secret | readonly Secret[], options?: WebhookOptions) {
    super(secret, SECRET_TEXT, settings(options));
  }

  /**
   * Checks a delivery, and parses and checks its payload.
   *
   * @param payload The body, raw: just as received, before any parser.
   * @param headers The request's headers, in any of the forms of {@link WebhookHeaders}.
   * @throws {WebhookVerificationError} not authentic, or cannot be judged: answer 401
   * @throws {WebhookPayloadError} authentic, but no event (`path` says which field): answer 400
   * @throws {TypeError} `body_not_raw`, `body_not_unicode`, `invalid_headers`, `disposed`
   * @see docs/verification.md, rows `scaikey-*`
   */
  verify(payload: RawBody, headers: WebhookHeaders): ScaiKeyEvent<D> {
    return this.#check(payload, headers, [SIGNATURE]).event;
  }

  /**
   * As {@link ScaiKeyWebhook.verify}, with the idempotency key, the attempt's time and the headers that are passed on.
   *
   * @throws As {@link ScaiKeyWebhook.verify}.
   * @example
   * ```ts
   * import { ScaiKeyWebhook } from "hookseal/scaikey";
   *
   * const webhook = new ScaiKeyWebhook("the endpoint's secret");
   * const receive = (body: string, headers: Headers) => {
   *   const { id, payload } = webhook.verifyDelivery(body, headers);
   *   console.log(id, payload.event_type);
   * };
   * ```
   */
  verifyDelivery(payload: RawBody, headers: WebhookHeaders): ScaiKeyDelivery<D> {
    const { event, signature, others } = this.#check(payload, headers, PASSED_ON);
    const [webhookId, eventType] = others.map((value) => value?.toString());
    // The signature is good, so its header has exactly one `t`, made of digits.
    const seconds = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1]);
    return { id: event.event_id, timestamp: new Date(seconds * 1000), webhookId, eventType, payload: event };
  }

  /**
   * Signs a delivery, as ScaiKey does: for tests, simulators and relays.
   *
   * @param timestamp When the attempt is made; its whole second is signed.
   * @param payload The body, raw.
   * @returns The value of `X-ScaiKey-Signature`, `t=<seconds>,v1=<hex>`; with several secrets one `v1` for each.
   * @throws {TypeError} `body_not_raw`, `body_not_unicode` or `disposed`
   * @throws {RangeError} `invalid_timestamp`
   * @example
   * ```ts
   * import { ScaiKeyWebhook } from "hookseal/scaikey";
   *
   * const webhook = new ScaiKeyWebhook("the endpoint's secret");
   * console.log(webhook.sign(new Date(7000), "{}").slice(0, 7)); // t=7,v1=
   * ```
   */
  sign(timestamp: Date, payload: RawBody): string {
    const keys = this.keys();
    const body = rawBody(payload);
    const seconds = secondsOf(timestamp);
    const [first = "", ...others] = keys.map((key) => sign(key, FORM_SCAIKEY, "", seconds, body));
    return [first, ...others.map((signature) => signature.slice(signature.indexOf("v1=")))].join(",");
  }

  /**
   * Signs a delivery and gives the header to send it with.
   *
   * @param payload The body, raw, as it will be sent.
   * @throws As {@link ScaiKeyWebhook.sign}, and `invalid_option`.
   * @example
   * ```ts
   * import { ScaiKeyWebhook } from "hookseal/scaikey";
   *
   * const webhook = new ScaiKeyWebhook("the endpoint's secret");
   * console.log(Object.keys(webhook.signedHeaders("{}"))); // [ 'x-scaikey-signature' ]
   * ```
   */
  signedHeaders(payload: RawBody, options?: ScaiKeySignedHeadersOptions): Record<string, string> {
    const { timestamp = new Date() } = settings(options);
    return { [SIGNATURE]: this.sign(timestamp, payload) };
  }

  #check(payload: unknown, headers: unknown, names: readonly string[]): Checked<D> {
    this.keys();
    const body = rawBody(payload);
    const [signature, ...others] = findHeaders(headers, names);
    const now = this.now();
    let failed = NO_MATCHING_SIGNATURE;
    // Not before: the caller's headers and clock have run by now, and may have disposed this object.
    for (const key of this.keys()) {
      failed = verify(key, FORM_SCAIKEY, undefined, PLACE, signature, body, now, this.tolerance);
      if (failed !== NO_MATCHING_SIGNATURE) break;
    }
    if (failed & 0xffff) throw providerFailure(failed);
    return {
      event: parseShape(SCAIKEY_EVENT, body, failed === ASCII) as ScaiKeyEvent<D>,
      signature: signature as string,
      others,
    };
  }
}

/** An authentic event, its signature header, and the other headers that were asked for. */
interface Checked<D> {
  event: ScaiKeyEvent<D>;
  signature: string;
  others: HeaderValue[];
}
