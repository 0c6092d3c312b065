// Processes what the server has enqueued: each delivery once. Start as many as you like.
import { Worker } from "bullmq";
import { LEASE, QUEUE, receiver, url } from "./receiver.js";

// A job whose worker died is found after LEASE, and given to another.
const worker = new Worker(QUEUE, (job) => receiver.process(job.data), {
  connection: { url, maxRetriesPerRequest: null },
  concurrency: 10,
  lockDuration: LEASE,
  stalledInterval: LEASE,
});
worker.on("error", (error) => console.error(`redis: ${error.message}`));
worker.on("ready", () => console.log("worker is ready"));

process.on("SIGTERM", async () => {
  await worker.close(); // waits for what is being processed
  process.exit();
});
