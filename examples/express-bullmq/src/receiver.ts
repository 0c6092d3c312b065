// What the server and the worker share: the server verifies and enqueues, the worker processes.
import { Queue } from "bullmq";
import { createReceiver } from "hookseal/receiver";
import { ReductoWebhook } from "hookseal/reducto";
import { redisStore } from "hookseal/stores/redis";
import { Redis } from "ioredis";

export const QUEUE = "deliveries";
export const url = process.env.REDIS_URL ?? "redis://127.0.0.1:6379";
/** For how long a delivery stays in hand if its worker dies: of the store and of BullMQ alike. */
export const LEASE = Number(process.env.LEASE_MS ?? 30_000);

/** What this application sends along with each job. */
interface Metadata {
  user_id: string;
}

// While Redis is down, these fail at once: the sender is answered 503, and tries again.
const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
const queue = new Queue(QUEUE, { connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 } });
for (const client of [redis, queue]) client.on("error", (error: Error) => console.error(`redis: ${error.message}`));

export const receiver = createReceiver({
  // One secret; during a rotation several, divided by spaces. Without one this throws, and nothing starts.
  webhook: new ReductoWebhook<Metadata>((process.env.REDUCTO_WEBHOOK_SECRET ?? "").trim().split(/\s+/)),
  store: redisStore(redis),
  lease: LEASE,
  respond: "before",
  enqueue: (delivery) =>
    queue.add("delivery", delivery, {
      // BullMQ keeps one job of an id. It takes no colons in them.
      jobId: `delivery-${encodeURIComponent(delivery.id)}`,
      attempts: 10,
      backoff: { type: "exponential", delay: 1000 },
      removeOnComplete: { age: 24 * 3600 },
    }),
  onDelivery: async (update, { id }) => {
    console.log(`working on ${id}`);
    // Stands for the real work, as fetching the job's result.
    await new Promise((done) => setTimeout(done, Number(process.env.WORK_MS ?? 100)));
    console.log(`processed ${id}: job ${update.job_id} ${update.status}, user ${update.metadata?.user_id}`);
  },
});
