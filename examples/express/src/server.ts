// Receives Reducto's webhooks with Express, and processes each message once.
import express from "express";
import { expressReceiver } from "hookseal/express";
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";

const PATH = "/webhooks/reducto";

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// One secret; during a rotation several, divided by spaces. Without one this throws, and the server does not start.
const secrets = (process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/);

// Which messages were processed, this process remembers. A fleet needs a store that all share: pass `store`.
const receiver = createReceiver({
  webhook: new ReductoWebhook<Metadata>(secrets),
  onDelivery: async (update, { id }) => {
    await new Promise((done) => setTimeout(done, 100)); // stands for the real work, as fetching the job's result
    console.log(`processed ${id}: job ${update.job_id} ${update.status}, user ${update.metadata?.user_id}`);
  },
});

const app = express();
app.disable("x-powered-by");
app.use(PATH, expressReceiver(receiver));

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, () => console.log(`listening on http://localhost:${port}${PATH}`));

process.on("SIGTERM", async () => {
  server.close();
  await receiver.drain();
  process.exit();
});
