// A failure of the core in the middle of a call must not poison the calls after it. The stack overflow here is real:
// calls are made from ever nearer to the end of the stack, so that some overflow in wasm and some in our JavaScript.
import { Webhook } from "hookseal";
import { parseJobUpdate, ReductoWebhook, verifyDirect } from "hookseal/reducto";
import { ScaiKeyWebhook } from "hookseal/scaikey";
import { kindOf, refused } from "./documented.mjs";
import { check, equal, same, show, test } from "./harness.mjs";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const at = new Date(1614265330_000);
const options = { clock: () => at.getTime() };
const BODY = '{"status":"Completed","job_id":"j1","metadata":{"secret":"tok"}}';
const EVENT =
  '{"event_id":"e","event_type":"t","timestamp":"s","resource":{"type":"r","id":"1"},"actor":{"type":"a","id":null}}';

/** How many calls are made from the end of the stack upwards: past these, everything has room. */
const CALLS = 200;

/** Numbers of extra arguments: frames of other sizes, so that the end is met at other places. */
const FRAMES = [0, 1, 3, 8, 21, 55];

/**
 * Recurses to the end of the stack, and on the way back calls from each frame.
 * @param {{left: number}} state
 * @param {() => void} call must not throw
 * @param {unknown[]} padding
 */
function dive(state, call, ...padding) {
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

/** What the engine itself throws at the end of the stack: no code of ours runs there, so nobody can give it one. */
function overflow() {
  // The sum keeps bundlers from taking the call for one without effect.
  /** @returns {number} */
  const deeper = () => deeper() + 1;
  try {
    deeper();
  } catch (error) {
    return /** @type {Error} */ (error);
  }
  throw new Error("this host's stack does not end");
}

/** @returns {Record<string, {run: () => unknown, expected: unknown}>} */
function operations() {
  const webhook = new Webhook(SECRET, options);
  const reducto = new ReductoWebhook(SECRET, options);
  const scaikey = new ScaiKeyWebhook(SECRET, options);
  const signed = webhook.signedHeaders(BODY, { id: "msg_1", timestamp: at });
  const pairs = new Map(Object.entries(signed));
  const event = scaikey.signedHeaders(EVENT, { timestamp: at });
  const long = "x".repeat(66_000);
  const signature = webhook.sign("msg_1", at, BODY);
  return {
    verify: { run: () => webhook.verify(BODY, signed), expected: JSON.parse(BODY) },
    "verify with a Map": { run: () => webhook.verify(BODY, pairs), expected: JSON.parse(BODY) },
    sign: { run: () => webhook.sign("msg_1", at, BODY), expected: signature },
    "sign in pieces": { run: () => webhook.sign("msg_1", at, long), expected: webhook.sign("msg_1", at, long) },
    "make an object": { run: () => new Webhook(SECRET).sign("msg_1", at, BODY), expected: signature },
    reducto: { run: () => reducto.verify(BODY, signed), expected: JSON.parse(BODY) },
    scaikey: { run: () => scaikey.verify(EVENT, event), expected: JSON.parse(EVENT) },
    parseJobUpdate: { run: () => parseJobUpdate(BODY), expected: JSON.parse(BODY) },
    verifyDirect: {
      run: () => verifyDirect(BODY, "tok"),
      expected: { status: "Completed", job_id: "j1", metadata: {} },
    },
  };
}

/** All that must hold at any time. */
function ordinary() {
  for (const [name, { run, expected }] of Object.entries(operations())) equal(run(), expected, name);
  const webhook = new Webhook(SECRET, options);
  const signed = webhook.signedHeaders(BODY, { timestamp: at });
  refused("verification", "no_matching_signature", () => webhook.verify(`${BODY} `, signed));
  refused("verification", "no_matching_signature", () => verifyDirect(BODY, "other"));
  equal(
    webhook.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}'),
    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  );
}

/**
 * What a good call may end in at the end of the stack. Never a verdict: an authentic delivery must not be called a wrong
 * one. `invalid_headers` and `invalid_option` may come, since nothing tells an overflow in the caller's getters or clock from
 * any other of their errors.
 * @param {any} error
 * @param {Function} Overflow
 */
function isAllowed(error, Overflow) {
  const kind = kindOf(error);
  if (kind === undefined) return error.constructor === Overflow && !("code" in error);
  return kind === "core" || ["invalid_headers", "invalid_option"].includes(error.code);
}

/** @type {Record<string, number>} */
const seen = {};

/**
 * Counts the instances that are made meanwhile: fresh ones, for those that overflowed. `core_trapped` alone would not show
 * them all, since where the core overflows there may be no room for that error either.
 * @param {() => void} work
 */
function countingInstances(work) {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = new Proxy(Instance, {
    construct(target, [module]) {
      seen.restarted = (seen.restarted ?? 0) + 1;
      return new target(module);
    },
  });
  try {
    work();
  } finally {
    WebAssembly.Instance = Instance;
  }
}

for (const name of [
  "verify",
  "verify with a Map",
  "sign",
  "sign in pieces",
  "make an object",
  "reducto",
  "scaikey",
  "parseJobUpdate",
  "verifyDirect",
]) {
  test(`trap: ${name} at the end of the stack`, () => {
    const before = operations();
    const { run, expected } = before[name];
    const Overflow = overflow().constructor;
    /** @type {Set<string>} */
    const wrong = new Set();
    for (const frame of FRAMES) {
      // Made before, since there is no room for it at the end.
      const results = new Array(CALLS).fill(undefined);
      const errors = new Array(CALLS).fill(undefined);
      const state = { left: CALLS };
      const call = () => {
        try {
          results[state.left] = run();
        } catch (error) {
          errors[state.left] = error;
        }
      };
      countingInstances(() => dive(state, call, ...new Array(frame).fill(0)));
      for (let call = 0; call < CALLS; call++) {
        const [result, error] = [results[call], errors[call]];
        const kind = kindOf(error);
        const what =
          error === undefined ? (result === undefined ? "nothing" : "value") : kind ? error.code : show(error);
        seen[what] = (seen[what] ?? 0) + 1;
        if (error === undefined) {
          // `undefined`: the frame had not even room for the call.
          if (result !== undefined && !same(result, expected)) wrong.add(`the value ${show(result)}`);
        } else if (!isAllowed(error, Overflow)) wrong.add(show(error));
      }
      equal(run(), expected, `after frames with ${frame} more arguments`);
    }
    ordinary();
    for (const [other, { run, expected }] of Object.entries(before)) equal(run(), expected, `${other}, made before`);
    check(wrong.size === 0, `a good call gave: ${[...wrong].join("; ")}`);
  });
}

test("trap: the core was really hit", () => {
  check((seen.restarted ?? 0) > 0, `no call overflowed in the core: ${show(seen)}`);
  check((seen.value ?? 0) > 0, `no call succeeded: ${show(seen)}`);
});
