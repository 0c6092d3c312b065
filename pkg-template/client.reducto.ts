// Reducto's calls.

import { ApiResponseError } from "./client.errors.js";
import {
  type CallOptions,
  Client,
  type ClientOptions,
  callOptions,
  environment,
  flagText,
  jsonText,
  milliseconds,
  numberText,
  optionalText,
  sleep,
  textArg,
} from "./client.js";
import { ANY_JSON, INVALID_WEBHOOK_CONFIG, JOB, JOB_PAGE, PORTAL_URL, SUBMITTED } from "./client.reasons.js";
import { partsOf, type WebhookConfig } from "./client.webhooks.js";
import { member } from "./payload.js";
import type { Shape } from "./reasons.js";
import { credentialOf, environmentUrl, hasEnded, reductoRequest, refusal, submitRequest, type Text } from "./sdk.js";

/** What {@link Reducto} can be told. */
export interface ReductoOptions extends ClientOptions {
  /** The API key. Default: the environment's `REDUCTO_API_KEY`. */
  apiKey?: string;
  /** Where the account is. Default `"production"`. */
  environment?: "production" | "eu" | "au";
  /** Another base URL. Default: that of `environment`, else the environment's `REDUCTO_BASE_URL`. */
  baseUrl?: string;
}

/** The kinds of async jobs. */
export type JobKind = "parse" | "extract" | "split" | "pipeline" | "edit";

/** What is said of a job's delivery. */
export interface SubmitOptions extends CallOptions {
  /** Where to deliver the update. Default: nowhere. */
  webhook?: WebhookConfig;
  /** Any JSON; it comes back in the update. With a direct webhook's token: an object. */
  metadata?: unknown;
  /** Whether the job goes before others. */
  priority?: boolean;
}

/** A job as it stands. Fields that Reducto adds later are kept. */
export interface Job {
  /** Any other status passes through, too. */
  status: "Pending" | "Idle" | "InProgress" | "Completing" | "Completed" | "Failed" | "Cancelled" | (string & {});
  /** How far it is. */
  progress?: unknown;
  /** Why it failed. */
  reason?: string | null;
  /** `{"type":"full",…}`, or `{"type":"url","url":…}`, which {@link Reducto.result} follows. */
  result?: unknown;
  [field: string]: unknown;
}

/**
 * Reducto's calls: the portal, async jobs, results.
 *
 * The API key is sent to the service's own origin only, and is in no error and no printed form of any object.
 *
 * @example
 * ```ts
 * import { Reducto, svixWebhook } from "hookseal/reducto";
 *
 * const reducto = new Reducto({
 *   apiKey: "key", // default: the environment's REDUCTO_API_KEY
 *   fetch: async () => Response.json({ job_id: "204a39e4" }), // only because this example has no network
 * });
 * const id = await reducto.submit(
 *   "parse",
 *   { input: "https://example.com/a.pdf" },
 *   { webhook: svixWebhook(), metadata: { user_id: "123" } },
 * );
 * console.log(id); // 204a39e4
 * ```
 */
export class Reducto {
  readonly #client: Client;

  /**
   * @throws {TypeError} `invalid_api_key`, `invalid_base_url`, `invalid_option`, `invalid_headers`
   * @throws {RangeError} `invalid_option`: a number out of its range
   */
  constructor(options?: ReductoOptions) {
    const given = callOptions(options);
    const key = credentialOf(textArg(given.apiKey ?? environment("REDUCTO_API_KEY")));
    const fallback = () => environment("REDUCTO_BASE_URL") ?? environmentUrl("production");
    const named = given.environment === undefined ? fallback : () => environmentUrl(textArg(given.environment));
    this.#client = new Client(given.baseUrl ?? named(), () => key, given);
  }

  /**
   * Opens the Webhook Portal for a user: the URL to send the browser to. It carries a key in its fragment, so it
   * belongs to that one user, and into no log.
   *
   * @param options `userId` becomes the header `user-id`, which only Reducto's older documentation has.
   * @throws {ApiError} {@link ApiConnectionError} {@link ApiResponseError}; the signal's reason
   * @throws {TypeError} `invalid_option`
   * @example
   * ```ts
   * import { Reducto } from "hookseal/reducto";
   *
   * const reducto = new Reducto({ apiKey: "key", fetch: async () => Response.json("https://app.svix.com/login#key=x") });
   * console.log(new URL(await reducto.portalUrl()).host); // app.svix.com
   * ```
   */
  async portalUrl(options?: CallOptions & { userId?: string }): Promise<string> {
    const { userId, signal } = callOptions(options);
    return (await this.#call(0, PORTAL_URL, signal, userId === undefined ? undefined : textArg(userId))) as string;
  }

  /**
   * Submits an async job.
   *
   * @param body The job's own JSON, as `{ input: … }`.
   * @returns The job's id.
   * @throws {ApiError} {@link ApiConnectionError} {@link ApiResponseError}; the signal's reason
   * @throws {TypeError} `invalid_body`, `invalid_metadata`, `invalid_option`: refused before anything is sent
   */
  async submit(kind: JobKind, body: object, options?: SubmitOptions): Promise<string> {
    const given = callOptions(options);
    const { webhook, metadata, priority, signal } = given;
    const parts = partsOf(webhook);
    if (webhook !== undefined && !parts) throw refusal(INVALID_WEBHOOK_CONFIG);
    const request = submitRequest(
      this.#client.base,
      textArg(kind),
      jsonText(body),
      parts?.config,
      parts?.field,
      parts?.token,
      metadata === undefined ? undefined : jsonText(metadata),
      flagText("priority", priority),
    );
    const { job_id } = (await this.#client.send(request, SUBMITTED, signal)) as { job_id: string };
    return job_id;
  }

  /**
   * Looks at a job.
   *
   * @throws {ApiError} {@link ApiConnectionError} {@link ApiResponseError}; the signal's reason
   * @throws {TypeError} `invalid_id`
   */
  async job(id: string, options?: CallOptions): Promise<Job> {
    const { signal } = callOptions(options);
    return (await this.#call(1, JOB, signal, textArg(id))) as Job;
  }

  /**
   * Looks at a job again and again until it has ended, for those who have no public URL. A status that is not known
   * has not ended.
   *
   * @param options `pollInterval` in milliseconds, default 2000. Nothing but `signal` ends the wait early.
   * @returns The job: `Completed`, `Failed` or `Cancelled`.
   * @throws As {@link Reducto.job}, and a `RangeError` `invalid_option`.
   */
  async waitForJob(id: string, options?: CallOptions & { pollInterval?: number }): Promise<Job> {
    const { signal, pollInterval = 2000 } = callOptions(options);
    const interval = milliseconds(pollInterval);
    for (;;) {
      const job = await this.job(id, signal && { signal });
      if (hasEnded(job.status)) return job;
      await sleep(interval, signal);
    }
  }

  /**
   * Lists jobs, and fetches page after page as the loop goes on.
   *
   * @param options `limit` is how many to fetch at once: 1 to 500 (Reducto's default is 100). `cursor` is where to start.
   * @throws {ApiError} {@link ApiConnectionError} {@link ApiResponseError}; the signal's reason
   * @throws {RangeError} `invalid_option`: the limit
   * @example
   * ```ts
   * import { Reducto } from "hookseal/reducto";
   *
   * const pages = [{ jobs: [{ job_id: "1" }], next_cursor: "c" }, { jobs: [{ job_id: "2" }] }];
   * const reducto = new Reducto({ apiKey: "key", fetch: async () => Response.json(pages.shift()) });
   * for await (const job of reducto.jobs<{ job_id: string }>()) console.log(job.job_id);
   * // 1
   * ```
   */
  async *jobs<J = Record<string, unknown>>(
    options?: CallOptions & { cursor?: string; limit?: number; excludeConfigs?: boolean },
  ): AsyncGenerator<J, void, undefined> {
    const { signal, limit, excludeConfigs, cursor: first } = callOptions(options);
    let cursor = optionalText("cursor", first);
    const exclude = flagText("excludeConfigs", excludeConfigs);
    for (;;) {
      const answer = await this.#call(2, JOB_PAGE, signal, cursor, numberText(limit), exclude);
      const page = answer as { jobs: J[]; next_cursor?: string | null };
      yield* page.jobs;
      // The same cursor again would go on for ever.
      if (!page.next_cursor || page.next_cursor === cursor) return;
      cursor = page.next_cursor;
    }
  }

  /**
   * Cancels a job. What Reducto answers is not published.
   *
   * @throws {ApiError} {@link ApiConnectionError}; the signal's reason
   * @throws {TypeError} `invalid_id`
   */
  async cancel(id: string, options?: CallOptions): Promise<unknown> {
    const { signal } = callOptions(options);
    return await this.#call(3, undefined, signal, textArg(id));
  }

  /**
   * Fetches the result of a job that is `Completed`. One that lies elsewhere (`{"type":"url"}`) is fetched from there,
   * without the API key.
   *
   * @param job An id, or the update that was delivered.
   * @throws {ApiResponseError} `no_result`: the job failed, was cancelled, or is not ready
   * @throws {ApiError} {@link ApiConnectionError}; the signal's reason. A job is forgotten 12 hours after completion.
   * @throws {TypeError} `invalid_id`; `invalid_url` for a result that does not lie behind https
   * @example
   * ```ts
   * import { Reducto } from "hookseal/reducto";
   *
   * const job = { status: "Completed", result: { type: "full", chunks: [] } };
   * const reducto = new Reducto({ apiKey: "key", fetch: async () => Response.json(job) });
   * console.log(await reducto.result("204a39e4")); // { type: 'full', chunks: [] }
   * ```
   */
  async result<R = unknown>(job: string | { readonly job_id: string }, options?: CallOptions): Promise<R> {
    const { signal } = callOptions(options);
    const id = typeof job === "string" ? job : textArg(member(job, "job_id"));
    const { status, result, reason } = await this.job(id, signal && { signal });
    if (status !== "Completed" || result === undefined || result === null) {
      const why = reason ? `: ${reason}` : "";
      throw new ApiResponseError(`the job has no result, its status is ${status}${why}`, "no_result", 200);
    }
    if (member(result, "type") !== "url") return result as R;
    const request = reductoRequest(4, this.#client.base, textArg(member(result, "url")));
    return (await this.#client.send(request, ANY_JSON, signal, true)) as R;
  }

  #call(number: number, shape: Shape | undefined, signal: CallOptions["signal"], a?: Text, b?: Text, c?: Text) {
    return this.#client.send(reductoRequest(number, this.#client.base, a, b, c), shape, signal);
  }
}
