/**
 * Reducto's webhooks, signed (through Svix) and direct (a token in the metadata); and its calls.
 *
 * @module hookseal/reducto
 */
import { isUnicode, parseJson, type RawBody, rawBody } from "./body.js";
import { deriveKey, FORM_SVIX, type Key, SECRET_BYTES, sign, verify, wipeText } from "./core.js";
import { failure, providerFailure } from "./errors.js";
import type { WebhookHeaders } from "./headers.js";
import { listOf, settings } from "./keyed.js";
import { checkShape, member, parseShape } from "./payload.js";
import { EMPTY_SECRET, INVALID_OPTION, JOB_UPDATE, NO_MATCHING_TOKEN, SECRET_TYPE } from "./reasons.js";
import { type Delivery, deliveryOf, StandardWebhook } from "./standard.js";

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
export { type Job, type JobKind, Reducto, type ReductoOptions, type SubmitOptions } from "./client.reducto.js";
export {
  type DirectWebhookOptions,
  directWebhook,
  noWebhook,
  type SvixWebhookOptions,
  svixWebhook,
  type WebhookConfig,
} from "./client.webhooks.js";
export type { WebhookHeaders } from "./headers.js";
export type { Delivery, SignedHeadersOptions, StandardOptions } from "./standard.js";

/**
 * What Reducto says when an async job has ended (Svix event type `async.update`). Fields that it adds later are kept.
 *
 * @typeParam M The metadata that was sent with the job. Not checked.
 */
export interface JobUpdate<M = unknown> {
  /** How the job ended. Any other status passes through, too. */
  status: "Completed" | "Failed" | (string & {});
  /** The job, to fetch its result by; Reducto forgets it 12 hours after completion. */
  job_id: string;
  /** Whatever was sent with the job: any JSON; absent or `null` if nothing was. */
  metadata?: M;
}

/**
 * Receives Reducto's signed webhooks. As `Webhook` of `hookseal`, but the payload is checked and typed.
 *
 * @example
 * ```ts
 * import { ReductoWebhook } from "hookseal/reducto";
 *
 * const webhook = new ReductoWebhook<{ user_id: string }>("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 *
 * const body = '{"status":"Completed","job_id":"204a39e4","metadata":{"user_id":"123"}}';
 * const update = webhook.verify(body, webhook.signedHeaders(body));
 * console.log(update.status, update.job_id, update.metadata?.user_id); // Completed 204a39e4 123
 * ```
 */
export class ReductoWebhook<M = unknown> extends StandardWebhook {
  /**
   * Checks a delivery, and parses and checks its payload.
   *
   * @param payload The body, raw: just as received, before any parser.
   * @param headers The request's headers, in any of the forms of {@link WebhookHeaders}.
   * @throws {WebhookVerificationError} not authentic, or cannot be judged: answer 401
   * @throws {WebhookPayloadError} authentic, but no job update (`path` says which field): answer 400
   * @throws {TypeError} `body_not_raw`, `body_not_unicode`, `invalid_headers`, `disposed`
   * @see docs/verification.md
   */
  verify(payload: RawBody, headers: WebhookHeaders): JobUpdate<M> {
    const { body, ascii } = this.check(payload, headers);
    return parseShape(JOB_UPDATE, body, ascii) as JobUpdate<M>;
  }

  /**
   * As {@link ReductoWebhook.verify}, with the delivery's signed id (`svix-id`, the idempotency key) and timestamp.
   *
   * @throws As {@link ReductoWebhook.verify}.
   * @example
   * ```ts
   * import { ReductoWebhook } from "hookseal/reducto";
   *
   * const webhook = new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
   * const body = '{"status":"Failed","job_id":"204a39e4"}';
   * const { id, payload } = webhook.verifyDelivery(body, webhook.signedHeaders(body, { id: "msg_1" }));
   * console.log(id, payload.status); // msg_1 Failed
   * ```
   */
  verifyDelivery(payload: RawBody, headers: WebhookHeaders): Delivery<JobUpdate<M>> {
    const verified = this.check(payload, headers);
    return deliveryOf(verified, parseShape(JOB_UPDATE, verified.body, verified.ascii) as JobUpdate<M>);
  }
}

/**
 * Parses and checks a job update whose authenticity is established otherwise, as behind a queue.
 *
 * @param payload The body, raw.
 * @throws {WebhookPayloadError} `invalid_json`, or `invalid_payload` with the `path` of the first wrong field
 * @throws {TypeError} `body_not_raw`, `body_not_unicode`
 * @example
 * ```ts
 * import { parseJobUpdate } from "hookseal/reducto";
 *
 * console.log(parseJobUpdate('{"status":"Completed","job_id":"204a39e4"}').job_id); // 204a39e4
 * ```
 */
export function parseJobUpdate<M = unknown>(payload: RawBody): JobUpdate<M> {
  return parseShape(JOB_UPDATE, rawBody(payload)) as JobUpdate<M>;
}

/** How a direct delivery carries its token. */
export interface DirectOptions {
  /** The member of `metadata` that holds the token. Default `"secret"`. */
  field?: string;
}

/**
 * Checks a direct (unsigned) delivery by the token in its metadata, in constant time, and parses it. The token is
 * not in what is returned.
 *
 * @param payload The body, raw.
 * @param tokens The expected token; during a rotation several, any one of which may match.
 * @throws {WebhookVerificationError} `no_matching_signature`: the token is wrong or missing, or the body is not JSON
 * @throws {WebhookPayloadError} `invalid_payload`: the token is right, but it is no job update
 * @throws {TypeError} `invalid_secret` (an empty token), `invalid_option`, `body_not_raw`, `body_not_unicode`
 * @see docs/verification.md, rows `direct-*`
 * @example
 * ```ts
 * import { verifyDirect } from "hookseal/reducto";
 *
 * const body = '{"status":"Completed","job_id":"204a39e4","metadata":{"secret":"a long random text","user_id":"123"}}';
 * console.log(verifyDirect(body, "a long random text").metadata); // { user_id: '123' }
 * ```
 */
export function verifyDirect<M = unknown>(
  payload: RawBody,
  tokens: string | readonly string[],
  options?: DirectOptions,
): JobUpdate<M> {
  const { field = "secret" } = settings(options);
  if (typeof field !== "string") throw failure(INVALID_OPTION, "field");
  const expected = listOf(tokens).map(tokenHash);
  const value = jsonOrNothing(payload);
  const metadata = member(value, "metadata");
  const presented = member(metadata, field);
  // Every expected token is compared, so that the time does not say which one it was.
  const comparable = typeof presented === "string" && isUnicode(presented);
  const matching = comparable ? expected.filter((hash) => isToken(hash, presented)) : [];
  if (matching.length === 0) throw providerFailure(NO_MATCHING_TOKEN);
  delete (metadata as Record<string, unknown>)[field];
  checkShape(JOB_UPDATE, value);
  return value as JobUpdate<M>;
}

/** Separates token hashes from any other use of the same text. They never leave the process, so no other side has to know it. */
function tokenKey(): Key {
  return deriveKey(SECRET_BYTES, "hookseal direct token");
}

/** A token's hash is its signature, under a key that is no secret. */
function tokenHash(token: unknown): string {
  if (typeof token !== "string" || !isUnicode(token)) throw failure(SECRET_TYPE);
  if (token === "") throw failure(EMPTY_SECRET);
  try {
    return sign(tokenKey(), FORM_SVIX, "-", "0", token);
  } finally {
    wipeText();
  }
}

/** Both sides are hashed before they are compared, so that neither bytes nor length leak. */
function isToken(hash: string, token: string): boolean {
  try {
    return (verify(tokenKey(), FORM_SVIX, "-", "0", hash, token, 0, 0) & 0xffff) === 0;
  } finally {
    wipeText();
  }
}

/** A body that is not JSON carries no token; whether it is authentic cannot be judged. */
function jsonOrNothing(payload: RawBody): unknown {
  const body = rawBody(payload);
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

/** What {@link directWebhookVerifier} is made of. */
export interface DirectVerifierOptions extends DirectOptions {
  /** The expected token; during a rotation several, any one of which may match. */
  token: string | readonly string[];
}

/** What a receiver needs to judge direct deliveries. */
export interface DirectWebhookVerifier<M = unknown> {
  /**
   * As {@link verifyDirect}, with an idempotency key: the job and how it ended, since a direct delivery has no id.
   *
   * @throws As {@link verifyDirect}.
   */
  verifyDelivery(payload: RawBody, headers?: unknown): { readonly id: string; readonly payload: JobUpdate<M> };
}

/**
 * Judges direct (unsigned) deliveries for `createReceiver`, by the token in their metadata.
 *
 * @throws {TypeError} `invalid_secret` (an empty token), `invalid_option`
 * @see docs/verification.md, rows `direct-*`
 * @example
 * ```ts
 * import { directWebhookVerifier } from "hookseal/reducto";
 *
 * const webhook = directWebhookVerifier({ token: "a long random text" });
 * const body = '{"status":"Completed","job_id":"204a39e4","metadata":{"secret":"a long random text"}}';
 * console.log(webhook.verifyDelivery(body).id); // 204a39e4/Completed
 * ```
 */
export function directWebhookVerifier<M = unknown>(options: DirectVerifierOptions): DirectWebhookVerifier<M> {
  const { token, ...direct } = settings(options);
  const tokens = listOf(token as string | readonly string[]);
  tokens.forEach(tokenHash); // an empty one is told now, not with the first delivery
  return {
    verifyDelivery(payload) {
      const update = verifyDirect<M>(payload, tokens, direct);
      return { id: `${update.job_id}/${update.status}`, payload: update };
    },
  };
}
