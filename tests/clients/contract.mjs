// tests/contract/*.test.mjs, by Node's own runner.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "../../scripts/lib/run.mjs";

/** @returns {Promise<import("./index.mjs").Result[]>} */
export async function contractTests() {
  const folder = join("tests", "contract");
  const results = [];
  for (const file of readdirSync(join(root, folder)).filter((name) => name.endsWith(".test.mjs"))) {
    const args = ["--test", "--test-reporter=tap", join(folder, file)];
    const { code, stdout, stderr } = await run(process.execPath, args, {
      allowFail: true,
      quiet: true,
      env: { NODE_TEST_CONTEXT: undefined, REDUCTO_API_KEY: undefined, REDUCTO_BASE_URL: undefined },
    });
    const count = (/** @type {string} */ what) => Number(new RegExp(`^# ${what} (\\d+)`, "m").exec(stdout)?.[1] ?? 0);
    const [passed, failed] = [count("pass"), count("fail") || (code === 0 ? 0 : 1)];
    const failures = failed > 0 ? [stdout + stderr] : undefined;
    results.push({ name: `contract: ${file}`, passed, failed, ...(failures && { failures }) });
  }
  return results;
}
