// The receiver's suite, for every host. bundle.mjs makes one file of it; `hookseal` stays an import.
import "./answers.mjs";
import "./time.mjs";
import "./queue.mjs";
import "./options.mjs";
import { runTests } from "../../suite/harness.mjs";

/** @returns {Promise<{passed: number, failed: {name: string, error: string}[]}>} */
export const runReceiverSuite = () => runTests();
