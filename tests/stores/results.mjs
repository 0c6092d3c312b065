// Runs cases one after the other, and counts.

/** @typedef {import("../../scripts/test/summary.mjs").Result} Result */
/** @typedef {import("hookseal/stores/conformance").ConformanceCase} Case */

/** How long a case may take. They need seconds; a loaded machine is given more. */
const TIMEOUT_MS = 120_000;

/**
 * @param {string} name
 * @param {Case[]} cases
 * @returns {Promise<Result>}
 */
export async function runCases(name, cases) {
  /** @type {unknown[]} */
  const stray = [];
  // What a store leaves unhandled would end its user's process.
  const onStray = (/** @type {unknown} */ error) => stray.push(error);
  process.on("unhandledRejection", onStray);
  process.on("uncaughtException", onStray);
  const failures = [];
  try {
    for (const one of cases) {
      const error = await failureOf(one);
      if (error !== undefined) failures.push(`${one.name}: ${error}`);
      for (const left of stray.splice(0)) failures.push(`${one.name}: left unhandled: ${text(left)}`);
    }
  } finally {
    process.removeListener("unhandledRejection", onStray);
    process.removeListener("uncaughtException", onStray);
  }
  const failed = Math.min(failures.length, cases.length);
  return { name: `stores: ${name}`, passed: cases.length - failed, failed, ...(failed > 0 && { failures }) };
}

/** @param {Case} one @returns {Promise<string | undefined>} */
export async function failureOf({ run }) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([run(), late]);
    return undefined;
  } catch (error) {
    return text(error);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {unknown} error */
function text(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
