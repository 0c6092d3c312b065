// Verifies what is pasted into the page, and signs.
import { WebhookPayloadError, WebhookVerificationError } from "hookseal";
import { ReductoWebhook } from "hookseal/reducto";
import "./style.css";

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
const secret = element<HTMLInputElement>("secret");
const headers = element<HTMLTextAreaElement>("headers");
const body = element<HTMLTextAreaElement>("body");
const past = element<HTMLInputElement>("past");
const result = element("result");

// Something to try: sign it, then verify it.
secret.value = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
body.value = '{"status":"Completed","job_id":"204a39e4-5f3c-4d1e-9d3f-0c1b2a394857","metadata":{"user_id":"123"}}';

document.querySelector("form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  attempt(() => {
    const given = pairs(headers.value);
    const { id, timestamp, payload } = webhook(given).verifyDelivery(body.value, given);
    show("good", "Authentic", {
      "Message id": id,
      Sent: timestamp.toLocaleString(),
      Status: payload.status,
      "Job id": payload.job_id,
      Metadata: JSON.stringify(payload.metadata, null, 2) ?? "none",
    });
  });
});

element("sign").addEventListener("click", () => {
  attempt(() => {
    const signed = webhook([]).signedHeaders(body.value);
    headers.value = Object.entries(signed)
      .map((pair) => pair.join(": "))
      .join("\n");
    show("good", "Signed", signed);
  });
});

/** A delivery that is judged as of its own time passes as if it had just come. */
function webhook(given: readonly [string, string][]): ReductoWebhook<unknown> {
  const sent = given.find(([name]) => /^(svix|webhook)-timestamp$/i.test(name))?.[1];
  const clock = past.checked && sent ? () => Number(sent) * 1000 : Date.now;
  return new ReductoWebhook(secret.value.trim().split(/\s+/), { clock });
}

function pairs(text: string): [string, string][] {
  const lines = text.split("\n").filter((line) => line.includes(":"));
  return lines.map((line) => [line.slice(0, line.indexOf(":")).trim(), line.slice(line.indexOf(":") + 1).trim()]);
}

function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof WebhookVerificationError) {
      show("bad", "Refused", {
        Why: error.message,
        Code: error.code,
        Hint: error.hint,
        Headers: error.headers.join(", "),
      });
    } else if (error instanceof WebhookPayloadError) {
      show("bad", "Authentic, but not a job update", { Why: error.message, Code: error.code, Field: error.path });
    } else {
      const { message, code = "" } = error as Error & { code?: string }; // such as a secret that is not one
      show("bad", "Cannot be checked", { Why: message, Code: code });
    }
  }
}

/** Shows a verdict, and what there is to say about it. */
function show(kind: "good" | "bad", verdict: string, facts: Record<string, string>): void {
  const heading = document.createElement("h2");
  heading.textContent = `${kind === "good" ? "✓" : "✗"} ${verdict}`;
  const list = document.createElement("dl");
  for (const [name, value] of Object.entries(facts)) {
    if (value === "") continue;
    list.append(Object.assign(document.createElement("dt"), { textContent: name }));
    list.append(Object.assign(document.createElement("dd"), { textContent: value }));
  }
  result.className = kind;
  result.replaceChildren(heading, list);
  result.hidden = false;
}
