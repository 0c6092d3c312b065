// What Debian and Ubuntu can install.

import { existsSync } from "node:fs";
import { log, run, which } from "../lib/run.mjs";

/** @type {Promise<unknown> | undefined} */
let updated;

/**
 * @param {...string} packages
 * @returns {Promise<string | undefined>} why not
 */
export async function aptInstall(...packages) {
  if (!existsSync("/etc/debian_version") || !which("apt-get")) return `install ${packages.join(" and ")} by hand`;
  const sudo = process.getuid?.() !== 0;
  if (sudo && (await run("sudo", ["-n", "true"], { quiet: true, allowFail: true })).code !== 0) {
    return `not root, no passwordless sudo: run apt-get install ${packages.join(" ")}`;
  }
  // Waits where another apt-get holds the lock.
  const apt = (/** @type {string[]} */ ...args) => {
    const line = ["DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", ...args];
    const options = { quiet: true, allowFail: true };
    return sudo ? run("sudo", ["-n", "env", ...line], options) : run("env", line, options);
  };
  log(`apt-get install ${packages.join(" ")}`);
  await (updated ??= apt("update"));
  const { code, stderr } = await apt("install", "-y", "--no-install-recommends", ...packages);
  if (code === 0) return undefined;
  return `apt-get install ${packages.join(" ")} failed: ${stderr.trim().split("\n").at(-1)}`;
}
