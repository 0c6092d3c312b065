/**
 * Verify and sign webhooks: Standard Webhooks and Svix. `hookseal/reducto` and `hookseal/scaikey` have the providers.
 *
 * @module hookseal
 */
import { parseJson, type RawBody } from "./body.js";
import type { WebhookHeaders } from "./headers.js";
import { settings } from "./keyed.js";
import { type Delivery, deliveryOf, StandardWebhook, type VerifyOptions } from "./standard.js";

export type { RawBody } from "./body.js";
export {
  WebhookCoreError,
  type WebhookErrorCode,
  WebhookPayloadError,
  type WebhookUsageError,
  WebhookVerificationError,
} from "./errors.js";
export type { WebhookHeaders } from "./headers.js";
export type { Secret, WebhookOptions } from "./keyed.js";
export { generateSecret } from "./random.js";
export type { CoreErrorCode, PayloadErrorCode, UsageErrorCode, VerificationErrorCode } from "./reasons.js";
export type { Delivery, SignedHeadersOptions, StandardOptions, VerifyOptions } from "./standard.js";

/**
 * Receives one endpoint's webhooks, and signs like their sender. Takes the place of the classes of that name in
 * `svix` 1.x and `standardwebhooks`.
 *
 * Make one and keep it: its keys are derived once.
 *
 * @example
 * ```ts
 * import { Webhook } from "hookseal";
 *
 * const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", {
 *   clock: () => 1614265330_000, // only because this example is old
 * });
 * const payload = webhook.verify<{ test: number }>('{"test": 2432232314}', {
 *   "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
 *   "svix-timestamp": "1614265330",
 *   "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
 * });
 * console.log(payload.test); // 2432232314
 * ```
 */
export class Webhook extends StandardWebhook {
  /**
   * Checks a delivery and parses its payload.
   *
   * @typeParam T What the payload is said to be. Not checked: `hookseal/reducto` and `hookseal/scaikey` check theirs.
   * @param payload The body, raw: just as received, before any parser.
   * @param headers The request's headers, in any of the forms of {@link WebhookHeaders}.
   * @param options `jsonParse: false` checks only, and returns `undefined`.
   * @returns The parsed JSON; `undefined` for an empty body.
   * @throws {WebhookVerificationError} not authentic, or cannot be judged: answer 401
   * @throws {WebhookPayloadError} `invalid_json`, authentic but not JSON: answer 400
   * @throws {TypeError} `body_not_raw`, `body_not_unicode`, `invalid_headers`, `disposed`
   * @throws {RangeError} `invalid_option`: the clock gave no number
   * @see docs/verification.md
   * @example
   * ```ts
   * import { Webhook } from "hookseal";
   *
   * const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
   * export default {
   *   async fetch(request: Request): Promise<Response> {
   *     const payload = webhook.verify<{ status: string }>(await request.text(), request.headers);
   *     return new Response(payload.status);
   *   },
   * };
   * ```
   */
  verify(payload: RawBody, headers: WebhookHeaders, options: { jsonParse: false }): undefined;
  verify<T = unknown>(payload: RawBody, headers: WebhookHeaders, options?: VerifyOptions): T;
  verify(payload: RawBody, headers: WebhookHeaders, options?: VerifyOptions): unknown {
    const { body, ascii } = this.check(payload, headers);
    return options !== undefined && settings(options).jsonParse === false ? undefined : parseJson(body, ascii);
  }

  /**
   * As {@link Webhook.verify}, with the delivery's signed id (the idempotency key) and timestamp.
   *
   * @throws As {@link Webhook.verify}.
   * @example
   * ```ts
   * import { Webhook } from "hookseal";
   *
   * const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
   * const { id, payload } = webhook.verifyDelivery("{}", webhook.signedHeaders("{}", { id: "msg_1" }));
   * console.log(id, payload); // msg_1 {}
   * ```
   */
  verifyDelivery<T = unknown>(payload: RawBody, headers: WebhookHeaders): Delivery<T> {
    const verified = this.check(payload, headers);
    return deliveryOf(verified, parseJson(verified.body, verified.ascii) as T);
  }
}
