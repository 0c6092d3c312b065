// What a handler can tell the sender.

/** What {@link stopEndpoint} and {@link abortMessage} give. */
export interface Verdict {
  /** The value of Svix's response header `webhook-delivery`. */
  readonly webhookDelivery: "disable" | "abort-message";
}

const STOP: Verdict = /* @__PURE__ */ Object.freeze({ webhookDelivery: "disable" });
const ABORT: Verdict = /* @__PURE__ */ Object.freeze({ webhookDelivery: "abort-message" });

/**
 * Returned by a handler: this delivery is done with, and the sender shall send **nothing more to this endpoint**. Answers
 * 410 with `webhook-delivery: disable`.
 *
 * @see Svix, Delivery Control (docs.svix.com/receiving/delivery-control)
 * @example
 * ```ts
 * import { createReceiver, stopEndpoint } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 *
 * const webhook = new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
 * const receiver = createReceiver({ webhook, onDelivery: () => stopEndpoint() });
 * const body = '{"status":"Completed","job_id":"204a39e4"}';
 * const headers = webhook.signedHeaders(body);
 * const response = await receiver.fetch(new Request("https://example.com", { method: "POST", body, headers }));
 * console.log(response.status, response.headers.get("webhook-delivery")); // 410 disable
 * ```
 */
export function stopEndpoint(): Verdict {
  return STOP;
}

/**
 * Returned by a handler: this delivery is done with, although it was not processed, and the sender shall **not try this
 * message again**. Answers 422 with `webhook-delivery: abort-message`.
 *
 * @see Svix, Delivery Control (docs.svix.com/receiving/delivery-control)
 * @example
 * ```ts
 * import { abortMessage, type Handler } from "hookseal/receiver";
 * import type { JobUpdate } from "hookseal/reducto";
 *
 * const jobs = new Map<string, string>();
 * const onDelivery: Handler<JobUpdate> = (update) => {
 *   if (!jobs.has(update.job_id)) return abortMessage(); // of another environment: no attempt will find it here
 *   jobs.set(update.job_id, update.status);
 * };
 * console.log(onDelivery.length); // 1
 * ```
 */
export function abortMessage(): Verdict {
  return ABORT;
}
