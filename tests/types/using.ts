// With the library of explicit resource management.

import { Webhook } from "hookseal";
import { ReductoWebhook } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";

export function once(secret: string, body: string): unknown {
  using webhook = new Webhook(secret);
  using reducto = new ReductoWebhook(secret);
  using scaikey = new ScaiKeyWebhook(secret);
  return [webhook.sign("msg_1", new Date(), body), reducto.verify(body, {}), scaikey.verify(body, {})];
}
