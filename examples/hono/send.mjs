// Sends a signed test delivery, as Reducto would: node send.mjs [url]
import { Webhook } from "hookseal";

const url = process.argv[2] ?? "http://localhost:3000/webhooks/reducto";
const webhook = new Webhook((process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/));

const body = JSON.stringify({
  status: "Completed",
  job_id: "204a39e4-5f3c-4d1e-9d3f-0c1b2a394857",
  metadata: { user_id: "123" },
});
const headers = { "content-type": "application/json", ...webhook.signedHeaders(body) };
const answer = await fetch(url, { method: "POST", headers, body });
console.log(answer.status, headers["svix-id"]);
