// The errors, made from the core's numbers.
import {
  type CoreErrorCode,
  HEADERS,
  type PayloadErrorCode,
  PROVIDER_REASONS,
  REASONS,
  type Reason,
  type Reasons,
  type UsageErrorCode,
  type VerificationErrorCode,
} from "./reasons.js";

/** Every `code` that an error of this package can have. */
export type WebhookErrorCode = VerificationErrorCode | PayloadErrorCode | UsageErrorCode | CoreErrorCode;

/**
 * The delivery is not authentic, or cannot be judged. Answer 401.
 *
 * `message` is one of the five texts that users of `svix` and `standardwebhooks` match on; `code` is the stable
 * way to tell them apart. No field holds a secret, a signature or a body.
 *
 * @example
 * ```ts
 * import { Webhook, WebhookVerificationError } from "hookseal";
 *
 * const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 * try {
 *   webhook.verify("{}", {});
 * } catch (error) {
 *   if (!(error instanceof WebhookVerificationError)) throw error;
 *   console.log(error.code, error.headers); // missing_header [ 'svix-id', 'svix-timestamp', 'svix-signature' ]
 * }
 * ```
 */
export class WebhookVerificationError extends Error {
  /** Which check failed. */
  declare readonly code: VerificationErrorCode;
  /** The lower-case names of the headers it is about: those that are missing, or the one that is wrong. */
  declare readonly headers: readonly string[];
  /** What usually causes it, and what to do. For people, and not stable. */
  declare readonly hint: string;

  constructor(message: string, code: VerificationErrorCode, headers: readonly string[] = [], hint = "") {
    super(message);
    this.code = code;
    this.headers = headers;
    this.hint = hint;
  }
}

/**
 * The delivery is authentic, but its payload is not what was expected. Answer 400.
 *
 * @example
 * ```ts
 * import { parseJobUpdate } from "hookseal/reducto";
 * import { WebhookPayloadError } from "hookseal";
 *
 * try {
 *   parseJobUpdate('{"status":"Completed"}');
 * } catch (error) {
 *   if (error instanceof WebhookPayloadError) console.log(error.code, error.path); // invalid_payload $.job_id
 * }
 * ```
 */
export class WebhookPayloadError extends Error {
  /** `invalid_json`, or `invalid_payload` for JSON of another form. */
  declare readonly code: PayloadErrorCode;
  /** The field that is wrong, as in `$.job_id`; `$` is the whole payload. */
  declare readonly path: string;

  constructor(message: string, code: PayloadErrorCode, path = "$") {
    super(message);
    this.code = code;
    this.path = path;
  }
}

/**
 * The WebAssembly core could not be started on this host (`core_unavailable`), or failed and was restarted
 * (`core_trapped`; the next call works). Neither says anything about the delivery: answer 500, so that it is sent again.
 *
 * @example
 * ```ts
 * import { WebhookCoreError } from "hookseal";
 *
 * const isOurs = (error: unknown) => error instanceof WebhookCoreError;
 * console.log(isOurs(new Error("other"))); // false
 * ```
 */
export class WebhookCoreError extends Error {
  declare readonly code: CoreErrorCode;

  constructor(message: string, code: CoreErrorCode, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

// On the prototypes, as the language's own errors have it; literal, so that minifiers keep it.
for (const [type, name] of [
  [WebhookVerificationError, "WebhookVerificationError"],
  [WebhookPayloadError, "WebhookPayloadError"],
  [WebhookCoreError, "WebhookCoreError"],
] as const) {
  Object.defineProperty(type.prototype, "name", { value: name, configurable: true, writable: true });
}

/** A mistake of the caller: a `TypeError` or `RangeError` with a `code`. */
export type WebhookUsageError = (TypeError | RangeError) & { readonly code: UsageErrorCode };

/**
 * The error for a number of the core: a reason in its low byte, the bits of the headers concerned above.
 * `about` is a payload's path, or an option's name; `cause` is passed on by errors of the core only.
 * `more`: reasons beside those that every class has.
 */
export function failure(number: number, about = "", cause?: unknown, more?: Reasons): Error {
  const [kind, code, text, hint] = (more?.[number & 255] ?? REASONS[number & 255]) as Reason;
  const message = text + (about && `: ${about}`);
  switch (kind) {
    case "verification":
      return new WebhookVerificationError(
        message,
        code as VerificationErrorCode,
        HEADERS.filter((_, bit) => (number >> (8 + bit)) & 1),
        hint,
      );
    case "payload":
      return new WebhookPayloadError(message, code as PayloadErrorCode, about || undefined);
    case "core":
      return new WebhookCoreError(message, code as CoreErrorCode, cause === undefined ? undefined : { cause });
    default:
      return usageError(kind, code, message);
  }
}

/** As {@link failure}, for the reasons that only the providers' modules have, too. */
export function providerFailure(number: number, about?: string): Error {
  return failure(number, about, undefined, PROVIDER_REASONS);
}

/** A mistake of the caller. */
export function usageError(kind: string, code: string, message: string): Error {
  return Object.assign(kind === "range" ? new RangeError(message) : new TypeError(message), { code });
}
