// What happens when WebAssembly itself fails, with the failure put where we want it. (The suite's trap.mjs has real
// overflows, on every host.) Each scenario loads its own copy of the package, since modules are loaded once.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { copyPackage } from "./suite/copy.mjs";

const copies = await mkdtemp(join(tmpdir(), "hookseal-trap-"));
after(() => rm(copies, { recursive: true, force: true }));

const Real = globalThis.WebAssembly;

// (module (func (export "trap") unreachable))
const UNREACHABLE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0,
  11,
]);
const trap = /** @type {() => never} */ (new Real.Instance(new Real.Module(UNREACHABLE)).exports.trap);

let number = 0;

/**
 * Loads a fresh copy of the package with parts of WebAssembly replaced, for as long as `use` runs.
 * @param {object} replaced
 * @param {(hookseal: any) => void} use gets everything that the package's entries export
 * @param {import("./suite/copy.mjs").NativeFrom} [nativeFrom]
 */
async function withWebAssembly(replaced, use, nativeFrom) {
  const copy = join(copies, String(number++));
  await copyPackage(copy, nativeFrom);
  const load = (/** @type {string} */ name) => import(pathToFileURL(join(copy, name)).href);
  Object.defineProperty(globalThis, "WebAssembly", {
    value: replaced === undefined ? undefined : Object.assign(Object.create(Real), replaced),
    configurable: true,
    writable: true,
  });
  try {
    const parts = [await load("index.js"), await load("reducto.js"), await load("scaikey.js")];
    use(Object.assign({}, ...parts));
  } finally {
    Object.defineProperty(globalThis, "WebAssembly", { value: Real, configurable: true, writable: true });
  }
}

/** An Instance whose chosen export traps once, when armed. It counts. */
function trapping() {
  const state = { armed: "", made: 0, called: /** @type {Set<string>} */ (new Set()), trapped: 0 };
  /** @param {WebAssembly.Module} module */
  function Instance(module) {
    state.made++;
    const { exports } = new Real.Instance(module);
    const broken = { now: false };
    const wrapped = Object.fromEntries(
      Object.entries(exports).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        return [
          name,
          (/** @type {number[]} */ ...numbers) => {
            state.called.add(name);
            // An instance that trapped is never to be used again: its memory may be in any state.
            assert.ok(!broken.now, `${name} was called on an instance that had trapped`);
            if (state.armed === name) {
              state.armed = "";
              state.trapped++;
              broken.now = true;
              trap();
            }
            return value(...numbers);
          },
        ];
      }),
    );
    return { exports: wrapped };
  }
  return { state, Instance };
}

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const at = new Date(1614265330_000);
const options = { clock: () => at.getTime() };
const JOB = '{"status":"Completed","job_id":"j1"}';
const DIRECT = '{"status":"Completed","job_id":"j1","metadata":{"secret":"tok"}}';
const EVENT =
  '{"event_id":"e","event_type":"t","timestamp":"s","resource":{"type":"r","id":"1"},"actor":{"type":"a","id":null}}';
const LONG = "x".repeat(200_000);

/** Every public operation that uses the core, on objects made once. @param {any} hookseal @returns {Record<string, () => unknown>} */
function operations({ Webhook, ReductoWebhook, ScaiKeyWebhook, verifyDirect }) {
  const webhook = new Webhook([SECRET, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"], options);
  const reducto = new ReductoWebhook(SECRET, options);
  const scaikey = new ScaiKeyWebhook(SECRET, options);
  const signed = webhook.signedHeaders(JOB, { timestamp: at });
  const standard = webhook.signedHeaders(LONG, { timestamp: at, family: "webhook" });
  const event = scaikey.signedHeaders(EVENT, { timestamp: at });
  return {
    verify: () => webhook.verify(JOB, signed),
    "verify in pieces": () => webhook.verify(LONG, standard, { jsonParse: false }),
    "verify bytes in pieces": () => webhook.verify(new TextEncoder().encode(LONG), standard, { jsonParse: false }),
    verifyDelivery: () => webhook.verifyDelivery(JOB, signed),
    sign: () => webhook.sign("msg_1", at, JOB),
    "sign in pieces": () => webhook.sign("msg_1", at, LONG),
    "missing headers": () => {
      try {
        return webhook.verify(JOB, {});
      } catch (error) {
        if (error.code === "missing_header") return error.code;
        throw error;
      }
    },
    "reducto verify": () => reducto.verify(JOB, signed),
    verifyDirect: () => verifyDirect(DIRECT, ["other", "tok"]),
    "scaikey verify": () => scaikey.verifyDelivery(EVENT, event),
    "scaikey sign": () => scaikey.sign(at, EVENT),
    "new Webhook": () => new Webhook(SECRET, options).sign("msg_1", at, JOB),
    "new ScaiKeyWebhook": () => new ScaiKeyWebhook(SECRET, options).sign(at, JOB),
  };
}

test("any export may trap, at any operation: that call says so, and the next one works", async () => {
  const everCalled = new Set();
  // Long bodies are hashed by the core, then by the host.
  for (const nativeFrom of /** @type {const} */ (["Infinity", "1024"])) await everyTrap(nativeFrom, everCalled);
  // With too few of the core's exports reached this would prove little.
  for (const wanted of ["key", "verify", "begin", "feed", "finish"]) assert.ok(everCalled.has(wanted), wanted);
});

/** @param {import("./suite/copy.mjs").NativeFrom} nativeFrom @param {Set<string>} everCalled */
async function everyTrap(nativeFrom, everCalled) {
  const { state, Instance } = trapping();
  const use = (/** @type {any} */ hookseal) => {
    const all = operations(hookseal);
    for (const [name, run] of Object.entries(all)) {
      const right = run();
      state.called.clear();
      run();
      const called = [...state.called];
      assert.ok(called.length > 0, `${name} does not use the core`);
      for (const armed of called) {
        everCalled.add(armed);
        const { made, trapped } = state;
        state.armed = armed;
        assert.throws(
          run,
          (error) => {
            assert.ok(error instanceof hookseal.WebhookCoreError, `${name}, ${armed}: ${error}`);
            assert.equal(error.code, "core_trapped");
            assert.equal(error.name, "WebhookCoreError");
            return true;
          },
          `${name} while ${armed} traps`,
        );
        assert.equal(state.trapped, trapped + 1);
        assert.deepEqual(run(), right, `${name} after ${armed} trapped`);
        assert.equal(state.made, made + 1, "exactly one fresh instance");
        for (const [other, again] of Object.entries(all))
          assert.doesNotThrow(again, `${other} after ${armed} trapped in ${name}`);
      }
    }
  };
  await withWebAssembly({ Instance }, use, nativeFrom);
}

test("a trap while the core starts: said at that call, tried again at the next", async () => {
  const { state, Instance } = trapping();
  await withWebAssembly({ Instance }, (hookseal) => {
    state.armed = "region";
    assert.throws(() => new hookseal.Webhook(SECRET), { code: "core_unavailable", name: "WebhookCoreError" });
    operations(hookseal).verify();
  });
});

test("a wrong delivery is still refused after a trap", async () => {
  const { state, Instance } = trapping();
  const use = (/** @type {any} */ hookseal) => {
    const webhook = new hookseal.Webhook(SECRET, options);
    const signed = webhook.signedHeaders(JOB, { timestamp: at });
    for (const armed of ["verify", "begin", "feed", "finish"]) {
      const long = armed === "verify" ? `${JOB} ` : LONG;
      state.armed = armed;
      assert.throws(() => webhook.verify(long, signed), { code: "core_trapped" });
      assert.throws(() => webhook.verify(long, signed), { code: "no_matching_signature" });
    }
  };
  await withWebAssembly({ Instance }, use, "Infinity");
});

test("the error of a trap does not hold the engine's", async () => {
  const { state, Instance } = trapping();
  await withWebAssembly({ Instance }, (hookseal) => {
    const webhook = new hookseal.Webhook(SECRET, options);
    state.armed = "verify";
    assert.throws(
      () => webhook.sign("msg_1", at, JOB),
      (error) => !JSON.stringify(error).includes("status") && !String(error.stack).includes(JOB),
    );
  });
});

/** @param {string} message @returns {any} */
const failing = (message) =>
  class {
    constructor() {
      throw new Real.CompileError(message);
    }
  };

/** @type {Record<string, {replaced: any, cause?: RegExp}>} */
const UNAVAILABLE = {
  "Module fails": { replaced: { Module: failing("MODULE-MARK") }, cause: /MODULE-MARK/ },
  "Instance fails": { replaced: { Instance: failing("INSTANCE-MARK") }, cause: /INSTANCE-MARK/ },
  "there is no WebAssembly": { replaced: undefined },
  "Instance has no exports": { replaced: { Instance: class {} } },
};

for (const [name, { replaced, cause }] of Object.entries(UNAVAILABLE)) {
  test(`${name}: importing does not throw, the first use does`, async () => {
    let ran = false;
    await withWebAssembly(replaced, (hookseal) => {
      const uses = [
        () => new hookseal.Webhook(SECRET),
        () => new hookseal.Webhook(SECRET), // and not only the first time
        () => new hookseal.ReductoWebhook(SECRET),
        () => new hookseal.ScaiKeyWebhook(SECRET),
        () => hookseal.verifyDirect(DIRECT, "tok"),
      ];
      for (const use of uses) {
        assert.throws(use, (error) => {
          assert.ok(error instanceof hookseal.WebhookCoreError, String(error));
          assert.equal(error.code, "core_unavailable");
          assert.ok(error.cause instanceof Error, `its cause is ${error.cause}`);
          if (cause) assert.match(error.cause.message, cause);
          return true;
        });
      }
      ran = true;
    });
    assert.ok(ran);
  });
}

test("Instance that fails once: the next use works", async () => {
  let left = 1;
  /** @param {WebAssembly.Module} module */
  function Instance(module) {
    if (left-- > 0) throw new RangeError("out of memory");
    return new Real.Instance(module);
  }
  await withWebAssembly({ Instance }, (hookseal) => {
    assert.throws(() => new hookseal.Webhook(SECRET), { code: "core_unavailable" });
    operations(hookseal).verify();
  });
});

/** Recurses to the end of the stack, and calls from the last frames on the way back. */
function dive(
  /** @type {{left: number}} */ state,
  /** @type {() => void} */ call,
  /** @type {unknown[]} */ ...padding
) {
  try {
    dive(state, call, ...padding);
  } catch {
    // the end of the stack
  }
  if (state.left > 0) {
    state.left--;
    call();
  }
}

test("an instance in which a call ran out of stack is not used again", async () => {
  // At the end of the stack there may be no room to call anything, not even what drops the instance.
  let overflowed = 0;
  let reused = 0;
  /** @param {WebAssembly.Module} module */
  function Instance(module) {
    let broken = false;
    const wrapped = Object.entries(new Real.Instance(module).exports).map(([name, value]) => {
      if (typeof value !== "function") return [name, value];
      return [
        name,
        (/** @type {number[]} */ ...numbers) => {
          if (broken) reused++;
          try {
            return value(...numbers);
          } catch (error) {
            broken = true;
            overflowed++;
            throw error;
          }
        },
      ];
    });
    return { exports: Object.fromEntries(wrapped) };
  }
  await withWebAssembly({ Instance }, (hookseal) => {
    const all = operations(hookseal);
    for (const run of [all.verify, all.sign, all["new Webhook"], all["scaikey sign"], all.parseJobUpdate]) {
      for (let padding = 0; padding < 40; padding += 3) {
        dive(
          { left: 300 },
          () => {
            try {
              run();
            } catch {
              // the suite's trap.mjs judges what comes out
            }
          },
          ...new Array(padding).fill(0),
        );
      }
    }
  });
  assert.ok(overflowed > 0, "no call overflowed inside of the core");
  assert.equal(reused, 0, `of ${overflowed} instances that a call had left in the middle`);
});
