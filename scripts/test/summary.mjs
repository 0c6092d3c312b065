// What a test run ends with: a line a step, and the line that CI reads.

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} [failures] what failed, for people
 * @property {string} [notRun] why nothing ran
 */

/**
 * Prints the summary. What did not run fails the run where `CI` is set, and is counted as skipped elsewhere.
 * @param {Result[]} results
 * @returns {number} the exit code
 */
export function summarise(results) {
  const strict = process.env.CI === "true";
  const total = { passed: 0, failed: 0, skipped: 0 };
  const width = Math.max(...results.map(({ name }) => name.length));
  console.log("\nSummary");
  for (const { name, passed, failed, notRun } of results) {
    total.passed += passed;
    total.failed += failed;
    if (notRun !== undefined) total[strict ? "failed" : "skipped"] += 1;
    // Zero tests are not a success.
    else if (passed + failed === 0) total.failed += 1;
    const counts = notRun === undefined ? `${passed} passed, ${failed} failed` : "";
    console.log(notRun === undefined ? `  ${name.padEnd(width)}  ${counts}` : `  not run: ${name} (${notRun})`);
  }
  for (const { name, failures } of results) {
    for (const failure of failures ?? []) console.log(`\nfailed: ${name}\n${failure}`);
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}
