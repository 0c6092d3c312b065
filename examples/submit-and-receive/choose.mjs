import { randomBytes } from "node:crypto";
import { directWebhook, ReductoWebhook, svixWebhook, verifyDirect } from "hookseal/reducto";

/**
 * How Reducto is to tell us, and how we know that it is Reducto.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{
 *   webhook: ReturnType<typeof directWebhook> | ReturnType<typeof svixWebhook>,
 *   verify: (body: Uint8Array, headers: import("hookseal/reducto").WebhookHeaders) => import("hookseal/reducto").JobUpdate,
 * }}
 */
export function chooseWebhook({ REDUCTO_WEBHOOK_SECRET, WEBHOOK_URL }) {
  if (REDUCTO_WEBHOOK_SECRET) {
    // Signed: the endpoint and its secret are in the webhook portal.
    const endpoint = new ReductoWebhook(REDUCTO_WEBHOOK_SECRET.trim().split(/\s+/));
    return { webhook: svixWebhook(), verify: (body, headers) => endpoint.verify(body, headers) };
  }
  if (WEBHOOK_URL) {
    // Unsigned: whoever knows the token is taken for Reducto, so it is new for each run and nowhere else.
    const token = randomBytes(32).toString("base64url");
    return { webhook: directWebhook(WEBHOOK_URL, { token }), verify: (body) => verifyDirect(body, token) };
  }
  throw new Error("set REDUCTO_WEBHOOK_SECRET (signed webhooks) or WEBHOOK_URL (direct ones)");
}
