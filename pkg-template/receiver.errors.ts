// What goes wrong with a receiver.
import { usageError } from "./errors.js";
import type { Reason } from "./reasons.js";
import { type Outcome, RECEIVER_REASONS } from "./receiver.answers.js";

/**
 * `receiver.process` could not process a delivery: let the queue try it again. `cause` is what the handler or the store
 * threw.
 *
 * @example
 * ```ts
 * import { createReceiver, DeliveryNotProcessedError } from "hookseal/receiver";
 * import { ReductoWebhook } from "hookseal/reducto";
 *
 * const receiver = createReceiver({
 *   webhook: new ReductoWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
 *   onDelivery: () => Promise.reject(new Error("database is down")),
 *   logger: { warn() {}, error() {} },
 * });
 * const update = { status: "Completed", job_id: "204a39e4" };
 * await receiver.process({ id: "msg_1", payload: update, headers: {} }).catch((error) => {
 *   if (error instanceof DeliveryNotProcessedError) console.log(error.outcome); // handler_failed
 * });
 * ```
 */
export class DeliveryNotProcessedError extends Error {
  /** `handler_failed`, `in_progress` or `store_unavailable`. */
  readonly outcome: Outcome;

  constructor(outcome: Outcome, cause: unknown) {
    super(`The delivery was not processed: ${outcome}`, { cause });
    this.name = "DeliveryNotProcessedError";
    this.outcome = outcome;
  }
}

/** A mistake in the program: a `TypeError` or `RangeError` with a code. `about` says more. */
export function mistake(number: number, about = ""): Error {
  const [kind, code, message] = RECEIVER_REASONS[number] as Reason;
  return usageError(kind, code, about === "" ? message : `${message}: ${about}`);
}
