// The errors that docs/verification.md promises (rows error-*): class, name, codes. Nothing else may come out.
import { WebhookCoreError, WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { check, equal, show, thrown } from "./harness.mjs";

/** @typedef {"verification" | "payload" | "core" | "TypeError" | "RangeError"} Kind as tests/vectors name them */

/** @type {Record<Kind, {type: Function, name: string, codes: string[]}>} */
export const ERRORS = {
  verification: {
    type: WebhookVerificationError,
    name: "WebhookVerificationError",
    codes: ["missing_header", "invalid_header", "timestamp_too_old", "timestamp_too_new", "no_matching_signature"],
  },
  payload: { type: WebhookPayloadError, name: "WebhookPayloadError", codes: ["invalid_json", "invalid_payload"] },
  core: { type: WebhookCoreError, name: "WebhookCoreError", codes: ["core_unavailable", "core_trapped"] },
  TypeError: {
    type: TypeError,
    name: "TypeError",
    codes: [
      "invalid_secret",
      "invalid_option",
      "invalid_headers",
      "invalid_id",
      "body_not_raw",
      "body_not_unicode",
      "disposed",
    ],
  },
  RangeError: { type: RangeError, name: "RangeError", codes: ["invalid_option", "invalid_timestamp"] },
};

/** The five messages that users of svix and standardwebhooks match on. @type {Record<string, string>} */
export const MESSAGES = {
  missing_header: "Missing required headers",
  invalid_header: "Invalid Signature Headers",
  timestamp_too_old: "Message timestamp too old",
  timestamp_too_new: "Message timestamp too new",
  no_matching_signature: "No matching signature found",
};

/** What kind a documented error is; `undefined` for anything else. @param {any} error @returns {Kind | undefined} */
export function kindOf(error) {
  if (!(error instanceof Error)) return undefined;
  const { code } = /** @type {{code?: any}} */ (error);
  for (const kind of /** @type {Kind[]} */ (Object.keys(ERRORS))) {
    const { type, name, codes } = ERRORS[kind];
    if (error instanceof type) return error.name === name && codes.includes(code) ? kind : undefined;
  }
  return undefined;
}

/**
 * Runs something that must fail with one documented error, and gives it.
 * @param {Kind} kind
 * @param {string} code
 * @param {() => unknown} run
 * @param {string} [what]
 * @returns {any}
 */
export function refused(kind, code, run, what = "error") {
  const error = thrown(run);
  const found = kindOf(error);
  check(found !== undefined, `${what}: no documented error: ${show(error)}`);
  equal(`${found} ${error.code}`, `${kind} ${code}`, what);
  if (code in MESSAGES) equal(error.message, MESSAGES[code], `${what}: message`);
  return error;
}
