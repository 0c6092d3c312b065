// The fleet test's judge: what it takes for an explanation, and what it does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { duplicatesOf, judge } from "./fleet/judge.mjs";

const LEASE = 5_000;
const delivery = { id: "msg_1", job: "job_1", body: "{}", copies: [0] };
const kill = { incarnation: "0.1", at: 1_010, gone: 1_015 };

/** An effect at that time, its handler having begun 5 ms before. */
const effect = (/** @type {string} */ incarnation, /** @type {number} */ at) => ({
  delivery: "msg_1",
  job: "job_1",
  incarnation,
  started: at - 5,
  at,
});

/** A delivery whose first process is killed just after its effect, and that is processed once more after the lease. */
const explained = {
  deliveries: [delivery],
  attempts: [attempt({ end: 6_120, status: 200 })],
  sent: [{ id: "msg_1", ms: 5_200 }],
  effects: [effect("0.1", 1_000), effect("1.2", 6_100)],
  kills: [kill],
  outages: [],
  lease: LEASE,
  exactlyOnce: false,
};

/** @param {{end: number, status?: number, way?: "plain" | "forged"}} answered */
function attempt({ end, status, way = "plain" }) {
  return { id: "msg_1", way, start: end - 20, end, ...(status && { status }) };
}

/** The checks that do not hold. @param {Partial<import("./fleet/judge.mjs").Run>} change */
function wrong(change) {
  return judge({ ...explained, ...change }).flatMap(({ name, wrong }) => (wrong.length > 0 ? [name] : []));
}

/** @param {Partial<import("./fleet/judge.mjs").Run>} change */
function why(change) {
  return duplicatesOf({ ...explained, ...change }).map((duplicate) => duplicate.why);
}

test("a kill between an effect and its completion explains a second effect", () => {
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(why({}), [undefined]);
});

test("nothing explains a second effect where there must be none", () => {
  assert.deepEqual(wrong({ exactlyOnce: true }), ["no effect took place twice"]);
});

for (const [name, change, reason] of /** @type {const} */ ([
  ["nobody killed", { kills: [] }, "its process was not killed"],
  ["another one killed", { kills: [{ ...kill, incarnation: "0.3" }] }, "its process was not killed"],
  ["killed long before", { kills: [{ ...kill, at: -500, gone: -400 }] }, "its process was gone before"],
  [
    "killed long after",
    { kills: [{ ...kill, at: 4_000, gone: 4_005 }] },
    "its process lived long enough to complete it",
  ],
  [
    "the second before the kill",
    { effects: [effect("0.1", 1_000), effect("1.2", 1_009)] },
    "the second began while the first's process lived",
  ],
  [
    "the second within the lease",
    { effects: [effect("0.1", 1_000), effect("1.2", 3_000)] },
    "the second began within the first's lease",
  ],
  [
    "answered 2xx before",
    { attempts: [attempt({ end: 1_008, status: 200 })] },
    "it had been answered 2xx, so it was complete",
  ],
])) {
  test(`a second effect is not explained: ${name}`, () => {
    const changed = /** @type {Partial<import("./fleet/judge.mjs").Run>} */ (change);
    assert.deepEqual(why(changed), [reason]);
    assert.ok(wrong(changed).includes("every second effect is explained by a kill"));
  });
}

test("a completion may have waited for a store that was away", () => {
  const late = { kills: [{ ...kill, at: 4_000, gone: 4_005 }] };
  assert.deepEqual(why({ ...late, outages: [{ from: 1_001, to: 2_500 }] }), [undefined]);
});

test("a 2xx without its effect, and before it", () => {
  const answered = [attempt({ end: 900, status: 200 })];
  assert.deepEqual(wrong({ attempts: answered, effects: [] }), ["every delivery that was answered 2xx has its effect"]);
  const early = { attempts: answered, effects: [effect("0.1", 1_000)] };
  assert.deepEqual(wrong(early), ["no delivery was answered 2xx before its effect"]);
});

test("effects of what was not sent, copies that were given up, forged deliveries that were taken, odd answers", () => {
  const strange = [{ ...effect("0.1", 1_000), job: "bad_1" }];
  assert.deepEqual(wrong({ effects: strange }), ["no effect is of something that was not sent"]);
  assert.deepEqual(wrong({ sent: [{ id: "msg_1", ms: undefined }] }), ["every copy was answered 2xx in the end"]);
  const taken = [...explained.attempts, attempt({ end: 7_000, status: 200, way: "forged" })];
  assert.deepEqual(wrong({ attempts: taken }), ["forged deliveries were refused"]);
  const refused = [...explained.attempts, attempt({ end: 7_000, status: 401 })];
  assert.deepEqual(wrong({ attempts: refused }), ["honest deliveries got no other answer"]);
});
