// What a call to a service can fail with. None of these shows a credential or the fragment of a portal's URL.

/** One thing that is wrong with a request, as the service says in a 422 (`HTTPValidationError`). */
export interface ApiErrorDetail {
  /** The path to what is wrong. */
  readonly loc: readonly (string | number)[];
  /** What is wrong, for people. */
  readonly msg: string;
  /** What is wrong, for programs. */
  readonly type: string;
  /** What was sent. */
  readonly input?: unknown;
  /** More about the rule. */
  readonly ctx?: unknown;
}

/**
 * The service answered with a status that is no success. `message` says which call, which status, what it means and
 * what the service says is wrong.
 *
 * @example
 * ```ts
 * import { ApiError, Reducto } from "hookseal/reducto";
 *
 * const reducto = new Reducto({
 *   apiKey: "key",
 *   fetch: async () => Response.json({ detail: [{ loc: ["body", "input"], msg: "Field required", type: "missing" }] }, { status: 422 }),
 * });
 * try {
 *   await reducto.submit("parse", {});
 * } catch (error) {
 *   if (!(error instanceof ApiError)) throw error;
 *   console.log(error.code, error.detail[0]?.loc); // validation_error [ 'body', 'input' ]
 *   console.log(error.message); // POST /parse_async failed with 422: the request was refused: body.input: Field required
 * }
 * ```
 */
export class ApiError extends Error {
  /** The status. */
  readonly status: number;
  /** A stable name for it. For another status than these: `http_error`. */
  readonly code: ApiErrorCode;
  /** The service's own name for the request, where it gives one: tell it to its support. */
  readonly requestId: string | undefined;
  /** What is wrong, of a 422; else empty. */
  readonly detail: readonly ApiErrorDetail[];

  constructor(
    message: string,
    status: number,
    code: ApiErrorCode,
    requestId?: string,
    detail: readonly ApiErrorDetail[] = [],
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.detail = detail;
  }
}

/** Every `code` of an {@link ApiError}. */
export type ApiErrorCode =
  | "redirect"
  | "bad_request"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "conflict"
  | "gone"
  | "validation_error"
  | "rate_limited"
  | "server_error"
  | "http_error";

/**
 * The service could not be reached, or the connection broke. `message` names the origin, and has the host's own
 * words and code.
 *
 * @example
 * ```ts
 * import { ApiConnectionError, Reducto } from "hookseal/reducto";
 *
 * const reducto = new Reducto({
 *   apiKey: "key",
 *   maxRetries: 0,
 *   fetch: () => Promise.reject(new TypeError("fetch failed")),
 * });
 * const error = await reducto.job("204a39e4").catch((error: unknown) => error);
 * console.log(error instanceof ApiConnectionError, String(error));
 * // true ApiConnectionError: GET /job/204a39e4: no connection to https://platform.reducto.ai: fetch failed
 * ```
 */
export class ApiConnectionError extends Error {
  readonly code: "connection_failed" | "timeout" = "connection_failed";
}

/**
 * An attempt took longer than `timeout`: for the connection, the headers and the whole body together.
 *
 * @example
 * ```ts
 * import { ApiTimeoutError, Reducto } from "hookseal/reducto";
 *
 * const reducto = new Reducto({ apiKey: "key", timeout: 5, maxRetries: 0, fetch: () => new Promise(() => {}) });
 * const error = await reducto.job("204a39e4").catch((error: unknown) => error);
 * console.log(error instanceof ApiTimeoutError); // true
 * ```
 */
export class ApiTimeoutError extends ApiConnectionError {
  override readonly code = "timeout";
}

/**
 * The status is one of success, but what came is not what was promised: `unexpected_body` (`message` shows status,
 * content type and the first 200 bytes), `body_too_large`, or `no_result` for a job that has none.
 *
 * @example
 * ```ts
 * import { ApiResponseError, Reducto } from "hookseal/reducto";
 *
 * const html = new Response("<html>Sign in</html>", { headers: { "content-type": "text/html" } });
 * const reducto = new Reducto({ apiKey: "key", fetch: async () => html });
 * const error = await reducto.portalUrl().catch((error: unknown) => error);
 * if (error instanceof ApiResponseError) console.log(error.message);
 * // POST /configure_webhook: 200 text/html is not the promised JSON: <html>Sign in</html>
 * ```
 */
export class ApiResponseError extends Error {
  /** What is wrong with it. */
  readonly code: "unexpected_body" | "body_too_large" | "no_result";
  /** The status. */
  readonly status: number;

  constructor(message: string, code: "unexpected_body" | "body_too_large" | "no_result", status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

// As in errors.ts.
for (const [type, name] of [
  [ApiError, "ApiError"],
  [ApiConnectionError, "ApiConnectionError"],
  [ApiTimeoutError, "ApiTimeoutError"],
  [ApiResponseError, "ApiResponseError"],
] as const) {
  Object.defineProperty(type.prototype, "name", { value: name, configurable: true, writable: true });
}
