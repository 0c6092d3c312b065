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
  const calls = [];
  for (const one of cases) calls.push(await callsIn(one, sampleMs));
  const samples = cases.map(() => /** @type {number[]} */ ([]));
  // The first round is warm-up.
  for (let round = 0; round <= rounds; round++) {
    for (const [at, one] of cases.entries()) {
      const time = await timed(one, calls[at]);
      if (round > 0) samples[at].push((time * 1000) / calls[at]);
    }
  }
  return cases.map(({ name }, at) => ({ name, calls: calls[at], samples: samples[at] }));
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

/** How many calls take that long, once they are warm. */
async function callsIn(one, ms) {
  let calls = 1;
  for (;;) {
    const time = await timed(one, calls);
    if (time >= ms) return Math.max(1, Math.round((calls * ms) / (await timed(one, calls))));
    calls *= 2;
  }
}

/** Milliseconds. */
async function timed({ right, async }, calls) {
  const start = performance.now();
  if (async) for (let n = 0; n < calls; n++) await right();
  else for (let n = 0; n < calls; n++) right();
  return performance.now() - start;
}
