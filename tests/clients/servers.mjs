// The servers that the suite needs, and what the contract servers have to say after it.

import { startContract } from "../contract/server.mjs";
import { startFaults } from "./faults.mjs";
import { API_KEY, JWT } from "./tokens.mjs";

/** @typedef {import("./target.mjs").Target} Target */

export async function startServers() {
  const [reducto, scaikey, faults] = await Promise.all([
    startContract("reducto", API_KEY),
    startContract("scaikey", JWT),
    startFaults(),
  ]);
  /** @type {Target} */
  const target = { contract: { reducto: reducto.url, scaikey: scaikey.url }, faults: faults.url };
  return {
    target,
    /** What was sent against the contract, and which of its operations nobody called. @returns {string[]} */
    complaints: () =>
      Object.entries({ reducto, scaikey }).flatMap(([name, { calls, operations }]) => [
        ...calls
          .filter(({ violations }) => violations.length > 0)
          .map(({ request, violations }) => `${name}: ${request}: ${violations.join("; ")}`),
        ...operations
          .filter(({ iid }) => !calls.some(({ operation, status }) => operation === iid && status < 300))
          .map(({ iid }) => `${name}: ${iid} was never called with success`),
      ]),
    /** Each operation of the contracts, and how often it was called with success. @returns {string[]} */
    coverage: () =>
      [reducto, scaikey].flatMap(({ calls, operations }) =>
        operations.map(({ iid, method, path }) => {
          const count = calls.filter(({ operation, status }) => operation === iid && status < 300).length;
          return `${method.toUpperCase().padEnd(6)} ${path}: ${count} calls as the contract asks`;
        }),
      ),
    stop: async () => {
      for (const server of [reducto, scaikey, faults]) await server.stop();
    },
  };
}
