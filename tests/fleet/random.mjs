// Numbers that a seed decides, so that a run's plan can be had again. (Its timing cannot: that is the machine's.)

/**
 * @param {number} seed
 * @returns {() => number} from 0 to 1, as Math.random (mulberry32)
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param {() => number} random
 * @param {number} from
 * @param {number} to
 */
export const between = (random, from, to) => from + random() * (to - from);
