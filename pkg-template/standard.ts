// The Standard Webhooks scheme, for the classes that receive it.
import { type Body, type RawBody, rawBody } from "./body.js";
import { ASCII, FORM_SVIX, SECRET_BYTES, SECRET_STANDARD, sign, verify } from "./core.js";
import { failure } from "./errors.js";
import { findHeaders } from "./headers.js";
import { Keyed, type Secret, secondsOf, settings, type WebhookOptions } from "./keyed.js";
import { messageId } from "./random.js";
import { HEADERS, INVALID_OPTION, NO_MATCHING_SIGNATURE } from "./reasons.js";

/** What the classes for Standard Webhooks / Svix can be told. */
export interface StandardOptions extends WebhookOptions {
  /** `"raw"`: a secret that is text is used as its UTF-8 bytes, not decoded from base64. */
  format?: "raw";
}

/** What a delivery's headers are made of. */
export interface SignedHeadersOptions {
  /** 1 to 256 visible ASCII characters without a dot. Default: a new random `msg_…`. */
  id?: string;
  /** When the attempt is made; its whole second is signed. Default: now. */
  timestamp?: Date;
  /** The header names: `svix-*` (default) or `webhook-*`. */
  family?: "svix" | "webhook";
}

/** An authentic delivery. */
export interface Delivery<T> {
  /** The idempotency key: the same for every attempt and every resend of one message. */
  readonly id: string;
  /** When this attempt was made, to the second; a new one for each attempt. */
  readonly timestamp: Date;
  /** The payload, parsed. */
  readonly payload: T;
}

/** How to verify. */
export interface VerifyOptions {
  /** `false`: check only, and return `undefined`. */
  jsonParse?: boolean;
}

/** A delivery whose signature is good, as its headers and body came. */
interface Verified {
  readonly id: string;
  readonly timestamp: string;
  readonly body: Body;
  /** Whether the body is known to be bytes of ASCII characters. */
  readonly ascii: boolean;
}

/** Three of the svix family, then three of the webhook family. */
const NAMES = HEADERS.slice(0, 6);

/** Keys and both operations; the classes differ in what they make of a payload. */
export abstract class StandardWebhook extends Keyed {
  /**
   * @param secret The endpoint's signing secret: base64, usually behind `whsec_`; or its bytes, which are copied.
   *   During a rotation several, any one of which may match.
   * @param options See {@link StandardOptions}.
   * @throws {TypeError} `invalid_secret`: empty, not base64, an asymmetric key, an empty list; `invalid_option`
   * @throws {RangeError} `invalid_option`: the tolerance
   * @see docs/verification.md, rows `secret-*` and `tolerance`
   */
  constructor(secret: Secret | readonly Secret[], options?: StandardOptions) {
    const given = settings(options);
    const { format } = given;
    if (format !== undefined && format !== "raw") throw failure(INVALID_OPTION, "format");
    super(secret, format === "raw" ? SECRET_BYTES : SECRET_STANDARD, given);
  }

  /**
   * Signs a delivery, as its sender does: for tests, simulators and relays.
   *
   * @param id The message's id: 1 to 256 visible ASCII characters without a dot.
   * @param timestamp When the attempt is made; its whole second is signed.
   * @param payload The body, raw.
   * @returns `v1,<base64>`; with several secrets one such token for each, in their order, divided by spaces.
   * @throws {TypeError} `invalid_id`, `body_not_raw`, `body_not_unicode` or `disposed`
   * @throws {RangeError} `invalid_timestamp`
   * @see docs/verification.md, rows `sign-*`
   * @example
   * ```ts
   * import { Webhook } from "hookseal";
   *
   * const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
   * const at = new Date(1614265330 * 1000);
   * console.log(webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'));
   * // v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=
   * ```
   */
  sign(id: string, timestamp: Date, payload: RawBody): string {
    const keys = this.keys();
    const body = rawBody(payload);
    const seconds = secondsOf(timestamp);
    const text = typeof id === "string" ? id : "";
    let signatures = "";
    for (const key of keys) signatures += (signatures && " ") + sign(key, FORM_SVIX, text, seconds, body);
    return signatures;
  }

  /**
   * Signs a delivery and gives the three headers to send it with.
   *
   * @param payload The body, raw, as it will be sent.
   * @throws As {@link StandardWebhook.sign}, and `invalid_option` for another `family`.
   * @example
   * ```ts
   * import { Webhook } from "hookseal";
   *
   * const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
   * const headers = webhook.signedHeaders('{"test": 1}');
   * console.log(webhook.verify('{"test": 1}', headers)); // { test: 1 }
   * ```
   */
  signedHeaders(payload: RawBody, options?: SignedHeadersOptions): Record<string, string> {
    const { id = messageId(), timestamp = new Date(), family = "svix" } = settings(options);
    if (family !== "svix" && family !== "webhook") throw failure(INVALID_OPTION, "family");
    const signature = this.sign(id, timestamp, payload);
    return {
      [`${family}-id`]: id,
      [`${family}-timestamp`]: secondsOf(timestamp),
      [`${family}-signature`]: signature,
    };
  }

  /** Judges a delivery. Throws unless it is authentic. */
  protected check(payload: unknown, headers: unknown): Verified {
    this.keys();
    const body = rawBody(payload);
    const found = findHeaders(headers, NAMES, 3);
    // Which of them are there, as bits: the core says which family is meant.
    let form = 0;
    for (let bit = 0; bit < 6; bit++) if (found[bit] !== undefined) form |= 1 << bit;
    const from = (form & FORM_SVIX) === FORM_SVIX ? 0 : 3;
    const id = found[from];
    const timestamp = found[from + 1];
    const signature = found[from + 2];
    const joined = typeof signature === "object" ? signature.join(" ") : signature;
    // The clock is not asked about what is no signed delivery.
    const now = form >> from === FORM_SVIX ? this.now() : 0;
    let failed = NO_MATCHING_SIGNATURE;
    // Not before: the caller's headers and clock have run by now, and may have disposed this object.
    for (const key of this.keys()) {
      failed = verify(key, form, id, timestamp, joined, body, now, this.tolerance);
      if (failed !== NO_MATCHING_SIGNATURE) break;
    }
    if (failed & 0xffff) throw failure(failed);
    return { id: id as string, timestamp: timestamp as string, body, ascii: failed === ASCII };
  }
}

/** A delivery, with what a class makes of its body. */
export function deliveryOf<T>({ id, timestamp }: Verified, payload: T): Delivery<T> {
  return { id, timestamp: new Date(Number(timestamp) * 1000), payload };
}
