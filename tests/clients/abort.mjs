// The caller's own signal: its reason comes through as it is, at every point of a call.

import { equal } from "../suite/harness.mjs";
import { clientTest, collect, failure, fault } from "./target.mjs";

const REASONS = [new Error("mine"), "text", { own: 1 }, 7];

/** @param {unknown} reason @param {number} [after] */
function abortWith(reason, after = 60) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), after);
  return controller.signal;
}

for (const name of ["stalled", "stalled-body", "pending"]) {
  clientTest(`waitForJob passes the reason on (${name})`, async () => {
    for (const reason of REASONS) {
      const { reducto } = fault(name);
      const signal = abortWith(reason);
      const started = Date.now();
      const error = await failure(() => reducto.waitForJob("j", { signal, pollInterval: 30_000 }));
      equal(error === reason, true, "the same reason");
      equal(Date.now() - started < 3000, true, "at once");
    }
  });
}

clientTest("an abort while waiting for the next attempt passes the reason on", async () => {
  const reason = new Error("mine");
  const { reducto, arrived } = fault("429-seconds");
  const signal = abortWith(reason, 150);
  equal((await failure(() => reducto.waitForJob("j", { signal }))) === reason, true, "the same reason");
  equal((await arrived()).length, 1);
});

clientTest("with an aborted signal nothing is sent", async () => {
  const reason = new Error("mine");
  const signal = AbortSignal.abort(reason);
  const { reducto, scaikey, arrived } = fault("good");
  for (const call of [
    () => reducto.waitForJob("j", { signal }),
    () => reducto.job("j", { signal }),
    () => reducto.submit("parse", {}, { signal }),
    () => reducto.portalUrl({ signal }),
    () => collect(reducto.jobs({ signal })),
    () => reducto.cancel("j", { signal }),
    () => reducto.result("j", { signal }),
    () => scaikey.list({ signal }),
    () => scaikey.events({ signal }),
    () => scaikey.get("w", { signal }),
    () => scaikey.create({}, { signal }),
  ]) {
    equal((await failure(call)) === reason, true, `the same reason: ${call}`);
  }
  equal(await arrived(), []);
});

clientTest("an aborted call leaves the client usable", async () => {
  const { reducto, scaikey } = fault("good");
  await failure(() => reducto.job("j", { signal: AbortSignal.abort() }));
  equal((await reducto.job("j")).status, "Completed");
  await scaikey.events();
});

clientTest("a signal's listeners do not pile up", async () => {
  const { signal } = new AbortController();
  let listeners = 0;
  const [add, remove] = [signal.addEventListener, signal.removeEventListener];
  signal.addEventListener = (/** @type {any[]} */ ...args) => {
    listeners++;
    return Reflect.apply(add, signal, args);
  };
  signal.removeEventListener = (/** @type {any[]} */ ...args) => {
    listeners--;
    return Reflect.apply(remove, signal, args);
  };
  const { reducto } = fault("pending-twice");
  await reducto.waitForJob("j", { signal, pollInterval: 10 });
  // A host's own fetch may keep one.
  equal(listeners <= 1, true, `${listeners} listeners are left`);
});
