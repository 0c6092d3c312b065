// Verifies for as long as it is told, in one thread or in several.

import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { caseOf } from "./cases.mjs";
import { hookseal } from "./contenders.mjs";
import { textOf } from "./delivery.mjs";
import { checkVerdicts } from "./measure.mjs";
import { spec, tell } from "./program.mjs";

if (isMainThread) await drive();
else await work();

async function drive() {
  const threads = Array.from({ length: Math.max(...spec.threads) }, () => new Worker(new URL(import.meta.url)));
  const next = (thread) => new Promise((done, fail) => thread.once("message", done).once("error", fail));
  await Promise.all(threads.map(next));
  const rates = spec.threads.map(() => []);
  for (let round = 0; round <= spec.rounds; round++) {
    for (const [at, count] of spec.threads.entries()) {
      const used = threads.slice(0, count);
      const answers = Promise.all(used.map(next));
      for (const thread of used) thread.postMessage(spec.sampleMs);
      const rate = (await answers).reduce((sum, { calls, ms }) => sum + calls / ms, 0);
      if (round > 0) rates[at].push(rate * 1000);
    }
  }
  await Promise.all(threads.map((thread) => thread.terminate()));
  tell(spec.threads.map((count, at) => ({ name: `${count} threads`, samples: rates[at] })));
}

async function work() {
  const one = await caseOf(hookseal(), "verify", textOf(150), { bytes: true });
  await checkVerdicts(one);
  parentPort.on("message", (wanted) => {
    const start = performance.now();
    let calls = 0;
    let ms = 0;
    for (; ms < wanted; ms = performance.now() - start) {
      for (let n = 0; n < 500; n++) one.right();
      calls += 500;
    }
    parentPort.postMessage({ calls, ms });
  });
  parentPort.postMessage("ready");
}
