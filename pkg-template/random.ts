// Random secrets and ids, from the host's own generator.

/**
 * A new signing secret: `whsec_` and the base64 of 32 random bytes (the specification asks for 24 to 64).
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 * @example
 * ```ts
 * import { generateSecret, Webhook } from "hookseal";
 *
 * const secret = generateSecret();
 * console.log(secret.length); // 50
 * const webhook = new Webhook(secret);
 * ```
 */
export function generateSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}

/** A new message id: `msg_` and 26 characters that stand for 130 random bits. */
export function messageId(): string {
  const alphabet = "0123456789abcdefghijklmnopqrstuv";
  const bytes = crypto.getRandomValues(new Uint8Array(26));
  return `msg_${Array.from(bytes, (byte) => alphabet[byte & 31]).join("")}`;
}
