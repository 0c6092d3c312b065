// What the compiler must refuse: each line is a mistake, and none may start to compile.

import { Webhook, type WebhookOptions } from "hookseal";
import { type JobUpdate, parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { is } from "./equal.js";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const webhook = new Webhook(secret);
const reducto = new ReductoWebhook(secret);
const scaikey = new ScaiKeyWebhook(secret);
const parsed = { status: "Completed", job_id: "1" };
declare const maybe: string | undefined;

// A body that a parser has seen, or that is none.
// @ts-expect-error
webhook.verify(parsed, {});
// @ts-expect-error
webhook.verify([parsed], {});
// @ts-expect-error
webhook.verify(1, {});
// @ts-expect-error
webhook.verify(true, {});
// @ts-expect-error
webhook.verify(null, {});
// @ts-expect-error
webhook.verify(undefined, {});
// @ts-expect-error
webhook.verify(maybe, {});
// @ts-expect-error
webhook.verify(Promise.resolve("{}"), {});
// @ts-expect-error
webhook.verifyDelivery(parsed, {});
// @ts-expect-error
reducto.verify(parsed, {});
// @ts-expect-error
reducto.verifyDelivery(parsed, {});
// @ts-expect-error
scaikey.verify(parsed, {});
// @ts-expect-error
scaikey.verifyDelivery(parsed, {});
// @ts-expect-error
parseJobUpdate(parsed);
// @ts-expect-error
verifyDirect(parsed, "token");
// @ts-expect-error
webhook.sign("msg_1", new Date(), parsed);
// @ts-expect-error
webhook.signedHeaders(parsed);

// Headers that are none.
// @ts-expect-error
webhook.verify("{}", null);
// @ts-expect-error
webhook.verify("{}", undefined);
// @ts-expect-error
webhook.verify("{}", "svix-id: 1");
// @ts-expect-error
webhook.verify("{}", 1);
// @ts-expect-error
webhook.verify("{}", { "svix-timestamp": 1614265330 });

// Missing arguments.
// @ts-expect-error
new Webhook();
// @ts-expect-error
webhook.verify("{}");
// @ts-expect-error
webhook.verify();
// @ts-expect-error
reducto.verify("{}");
// @ts-expect-error
scaikey.verify("{}");
// @ts-expect-error
verifyDirect("{}");
// @ts-expect-error
webhook.sign("msg_1", "{}");
// @ts-expect-error
scaikey.sign("{}");

// Secrets.
// @ts-expect-error
new Webhook(maybe);
// @ts-expect-error
new Webhook(null);
// @ts-expect-error
new Webhook(1);
// @ts-expect-error
new Webhook([secret, undefined]);
// @ts-expect-error
verifyDirect("{}", maybe);

// Options.
// @ts-expect-error
new Webhook(secret, { tolerance: "300" });
// @ts-expect-error
new Webhook(secret, { tolerance: null });
// @ts-expect-error
new Webhook(secret, { toleranceSeconds: 300 });
// @ts-expect-error
new Webhook(secret, { clock: new Date() });
// @ts-expect-error
new Webhook(secret, { clock: () => new Date() });
// @ts-expect-error
new Webhook(secret, { format: "base64" });
// @ts-expect-error
new ScaiKeyWebhook(secret, { format: "raw" });
// @ts-expect-error
webhook.verify("{}", {}, { parse: false });
// @ts-expect-error
webhook.verify("{}", {}, false);
// @ts-expect-error
reducto.verify("{}", {}, { jsonParse: false });
// @ts-expect-error
webhook.signedHeaders("{}", { family: "standard" });
// @ts-expect-error
webhook.sign("msg_1", 1614265330, "{}");
// @ts-expect-error
verifyDirect("{}", "token", { field: 1 });
// @ts-expect-error
({ tolerance: false }) satisfies WebhookOptions;

// Results.
// @ts-expect-error
webhook.verify("{}", {}).status;
// @ts-expect-error
reducto.verify("{}", {}).jobId;
// @ts-expect-error
reducto.verify("{}", {}).metadata.user_id;
// @ts-expect-error
webhook.verifyDelivery("{}", {}).id = "other";
// @ts-expect-error: the check itself works
is<JobUpdate<string>>()(reducto.verify("{}", {}));
// @ts-expect-error
is<unknown>()(parseJobUpdate<{ a: 1 }>("{}").metadata);

// What is not exported.
// @ts-expect-error
export { Keyed } from "hookseal";
// @ts-expect-error
export { failure } from "hookseal/errors";
