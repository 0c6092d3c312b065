// What users write: all of it compiles, and each result has exactly the type that is said.

import {
  generateSecret,
  type RawBody,
  type Secret,
  type VerificationErrorCode,
  Webhook,
  WebhookCoreError,
  type WebhookErrorCode,
  type WebhookHeaders,
  WebhookPayloadError,
  WebhookVerificationError,
} from "hookseal";
import { type Delivery, type JobUpdate, parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import { type ScaiKeyDelivery, type ScaiKeyEvent, ScaiKeyWebhook } from "hookseal/scaikey";
import { is } from "./equal.js";

const secret = generateSecret();
is<string>()(secret);

// Secrets and options.
const several: readonly Secret[] = [secret, new Uint8Array(32)];
const webhook = new Webhook(several, { tolerance: 60, clock: () => 0 });
new Webhook(secret);
new Webhook(new Uint8Array(32), {});
new Webhook("plain text", { format: "raw" });
new Webhook([secret]);

// Bodies.
const bytes = new Uint8Array(2);
const bodies: RawBody[] = ["{}", bytes, bytes.buffer, new DataView(bytes.buffer), new Uint16Array(1)];

// Headers, as hosts have them.
interface FetchHeaders {
  get(name: string): string | null;
  entries(): IterableIterator<[string, string]>;
}
interface IncomingHttpHeaders {
  "content-type"?: string | undefined;
  "set-cookie"?: string[] | undefined;
  [name: string]: string | string[] | undefined;
}
declare const fetchHeaders: FetchHeaders;
declare const nodeHeaders: IncomingHttpHeaders;
const headers: WebhookHeaders[] = [
  fetchHeaders,
  fetchHeaders.entries(),
  { headers: fetchHeaders },
  nodeHeaders,
  { headers: nodeHeaders },
  new Map([["svix-id", "msg_1"]]),
  [["svix-id", "msg_1"]],
  { "svix-id": "msg_1" },
  { "svix-id": ["msg_1"], "svix-timestamp": undefined },
  {},
];
const [body = "", given = {}] = [bodies[0], headers[0]];

// Verifying.
is<unknown>()(webhook.verify(body, given));
is<{ status: string }>()(webhook.verify<{ status: string }>(body, given));
is<undefined>()(webhook.verify(body, given, { jsonParse: false }));
is<unknown>()(webhook.verify(body, given, { jsonParse: true }));
is<Delivery<unknown>>()(webhook.verifyDelivery(body, given));
const delivery = webhook.verifyDelivery<number[]>(body, given);
is<string>()(delivery.id);
is<Date>()(delivery.timestamp);
is<number[]>()(delivery.payload);

// Signing.
is<string>()(webhook.sign("msg_1", new Date(), body));
is<Record<string, string>>()(webhook.signedHeaders(body, { id: "msg_1", timestamp: new Date(), family: "webhook" }));
webhook.verify(body, webhook.signedHeaders(body));

// Reducto.
interface Metadata {
  user_id: string;
}
const reducto = new ReductoWebhook<Metadata>(secret);
const update = reducto.verify(body, given);
is<JobUpdate<Metadata>>()(update);
is<string>()(update.job_id);
is<Metadata | undefined>()(update.metadata);
is<"Completed" | "Failed" | (string & {})>()(update.status);
is<Delivery<JobUpdate<Metadata>>>()(reducto.verifyDelivery(body, given));
is<JobUpdate<unknown>>()(new ReductoWebhook(secret).verify(body, given));
is<JobUpdate<unknown>>()(parseJobUpdate(body));
is<JobUpdate<Metadata>>()(parseJobUpdate<Metadata>(body));
is<JobUpdate<unknown>>()(verifyDirect(body, "token"));
is<JobUpdate<Metadata>>()(verifyDirect<Metadata>(body, ["one", "two"], { field: "token" }));

// ScaiKey.
const scaikey = new ScaiKeyWebhook<{ email: string }>(secret, { tolerance: 0 });
is<ScaiKeyEvent<{ email: string }>>()(scaikey.verify(body, given));
is<ScaiKeyDelivery<{ email: string }>>()(scaikey.verifyDelivery(body, given));
is<string>()(scaikey.verify(body, given).data.email);
is<string | null>()(scaikey.verify(body, given).actor.id);
is<string | undefined>()(scaikey.verifyDelivery(body, given).webhookId);
is<unknown>()(new ScaiKeyWebhook(secret).verify(body, given).data);
is<string>()(scaikey.sign(new Date(), body));
is<Record<string, string>>()(scaikey.signedHeaders(body));

// Errors.
export function answer(error: unknown): number {
  if (error instanceof WebhookVerificationError) {
    is<VerificationErrorCode>()(error.code);
    is<readonly string[]>()(error.headers);
    is<string>()(error.hint);
    return 401;
  }
  if (error instanceof WebhookPayloadError) {
    is<"invalid_json" | "invalid_payload">()(error.code);
    is<string>()(error.path);
    return 400;
  }
  if (error instanceof WebhookCoreError) is<"core_trapped" | "core_unavailable">()(error.code);
  return 500;
}

// The union is exhaustive: a new code must be handled here, too.
export function family(code: VerificationErrorCode): string {
  switch (code) {
    case "missing_header":
    case "invalid_header":
      return "headers";
    case "timestamp_too_old":
    case "timestamp_too_new":
      return "time";
    case "no_matching_signature":
      return "signature";
    default:
      return code satisfies never;
  }
}
const code: WebhookErrorCode = "invalid_secret";
is<"invalid_secret">()(code);
