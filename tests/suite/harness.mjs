// The smallest test harness that runs on every host: a list of named functions, and a few checks.

/** @type {{name: string, run: () => void | Promise<void>}[]} */
const tests = [];

/**
 * Registers a test. Nothing of it runs at import: workerd forbids random numbers and much else there.
 * @param {string} name
 * @param {() => void | Promise<void>} run
 */
export function test(name, run) {
  tests.push({ name, run });
}

/**
 * Runs all tests, one after the other. None at all, or two of one name, is a failure too.
 * @returns {Promise<{passed: number, failed: {name: string, error: string}[]}>}
 */
export async function runTests() {
  let passed = 0;
  /** @type {{name: string, error: string}[]} */
  const failed = [];
  const names = new Set();
  for (const { name, run } of tests) {
    try {
      check(!names.has(name), "another test has this name");
      names.add(name);
      await run();
      passed++;
    } catch (error) {
      failed.push({ name, error: describe(error) });
    }
  }
  if (tests.length === 0) failed.push({ name: "the suite", error: "no test was registered" });
  return { passed, failed };
}

/** @param {unknown} error What a test threw; its stack is shown without the runner's part. */
function describe(error) {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : show(error);
  const stack = error instanceof Error ? String(error.stack ?? "") : "";
  const frames = stack.split("\n").filter((line) => /^\s+at |@/.test(line) && !/runTests/.test(line));
  return [text.slice(0, 4000), ...frames.slice(0, 6)].join("\n");
}

/** Any value, short, for a message. Never throws. @param {unknown} value */
export function show(value) {
  try {
    if (value instanceof Error) {
      const { code } = /** @type {{code?: unknown}} */ (value);
      return `${value.name}${code === undefined ? "" : ` ${String(code)}`}: ${value.message}`;
    }
    const text = typeof value === "string" ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value));
    return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
  } catch {
    return `something unprintable (${typeof value})`;
  }
}

/**
 * @param {unknown} holds
 * @param {string} message what is wrong if it does not
 * @returns {asserts holds}
 */
export function check(holds, message) {
  if (!holds) throw new Error(message);
}

/** @param {unknown} actual @param {unknown} expected @param {string} [what] */
export function equal(actual, expected, what = "value") {
  check(same(actual, expected), `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

/**
 * Deep equality of JSON values, own keys only (`__proto__` can be one), and `undefined`.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

/** @typedef {{value: any, error?: undefined} | {value?: undefined, error: any}} Outcome */

/** Runs something: its value, or what it threw. @param {() => unknown} run @returns {Outcome} */
export function outcome(run) {
  try {
    return { value: run() };
  } catch (error) {
    // Something falsy can be thrown, too.
    return { error: error ?? new Error(`threw ${String(error)}`) };
  }
}

/** Runs something that must throw, and gives what it threw. @param {() => unknown} run @returns {any} */
export function thrown(run) {
  const { error, value } = outcome(run);
  check(error !== undefined, `expected an error, got ${show(value)}`);
  return error;
}
