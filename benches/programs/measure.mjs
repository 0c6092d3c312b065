// Times calls: all contenders in one run, in turns, so that what else the machine does hits them alike; and only those
// that give the right verdicts. Runs on every host.

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {() => unknown} right a call that must succeed
 * @property {unknown} gives what it gives
 * @property {() => unknown} [forged] a call that must throw
 * @property {boolean} [async] it is awaited, which the others need not pay for
 */

/** @typedef {{name: string, calls: number, samples: number[]}} Series samples: microseconds a call, one a round */

/**
 * @param {Case[]} cases
 * @param {{rounds: number, sampleMs: number}} how sampleMs: how long one contender's turn takes
 * @returns {Promise<Series[]>}
 */
export async function measure(cases, { rounds, sampleMs }) {
  for (const one of cases) await checkVerdicts(one);
  const turns = [];
  for (const one of cases) {
    turns.push({ one, calls: await callsIn(one, sampleMs), samples: /** @type {number[]} */ ([]) });
  }
  // The first round is warm-up.
  for (let round = 0; round <= rounds; round++) {
    for (const { one, calls, samples } of turns) {
      const time = await timed(one, calls);
      if (round > 0) samples.push((time * 1000) / calls);
    }
  }
  return turns.map(({ one, calls, samples }) => ({ name: one.name, calls, samples }));
}

/** @param {Case} one */
export async function checkVerdicts({ name, right, gives, forged }) {
  const given = JSON.stringify(await right());
  if (given !== JSON.stringify(gives)) throw new Error(`WRONG VERDICT: ${name} gave ${given?.slice(0, 100)}`);
  if (!forged) return;
  try {
    await forged();
  } catch {
    return;
  }
  throw new Error(`WRONG VERDICT: ${name} accepted a forged delivery`);
}

/** How many calls take that long, once they are warm. @param {Case} one @param {number} ms */
async function callsIn(one, ms) {
  for (let calls = 1; ; calls *= 2) {
    // The shortest of three, since any may be held up by another process.
    const times = [await timed(one, calls), await timed(one, calls), await timed(one, calls)];
    const time = Math.min(...times);
    if (time >= ms / 2) return Math.max(1, Math.round((calls * ms) / time));
  }
}

/** Milliseconds. @param {Case} one @param {number} calls */
async function timed({ right, async }, calls) {
  const start = performance.now();
  if (async) for (let n = 0; n < calls; n++) await right();
  else for (let n = 0; n < calls; n++) right();
  return performance.now() - start;
}
