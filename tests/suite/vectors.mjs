// Every case of tests/vectors is a test.
import { CALLS, casesOf, fromHex, payloadText } from "./cases.mjs";
import { refused } from "./documented.mjs";
import { check, equal, outcome, show, test } from "./harness.mjs";
import { standardSignature } from "./hmac.mjs";

/** @typedef {import("./cases.mjs").File} File */
/** @typedef {import("./cases.mjs").Case} Case */

/** What a case that succeeds must give, by file. @type {Record<File, (c: Case, value: any) => void | Promise<void>>} */
const RIGHT = {
  standard: (c, value) => {
    check("json" in c.expect.ok !== (c.expect.ok.undefined === true), "the case is not clear");
    equal(value, c.expect.ok.json, "parsed value");
  },
  scaikey: (c, value) => equal(value, c.expect.ok.json, "parsed value"),
  secrets: async (c, value) => {
    const keys = [c.expect.keyHex].flat().map(fromHex);
    const expected = await Promise.all(keys.map((key) => standardSignature(key, "msg_1", 1614265330, "body")));
    equal(value, expected.join(" "), "signature under keyHex");
  },
  sign: (c, value) => equal(value, c.expect.signature, "signature"),
  direct: (c, value) => equal(value, c.expect.ok, "payload"),
  job_update: (c, value) => equal(value, JSON.parse(payloadText(c)), "payload"),
  scaikey_event: (c, value) => equal(value, JSON.parse(payloadText(c)), "payload"),
};

/** @param {Case} c @param {() => unknown} call */
function failsAsExpected({ expect }, call) {
  const error = refused(expect.class, expect.error, call);
  if (expect.message !== undefined) equal(error.message, expect.message, "message");
  if (expect.missing !== undefined) equal(error.headers, expect.missing, "missing headers");
  if (expect.path !== undefined) equal(error.path, expect.path, "path");
}

for (const file of /** @type {File[]} */ (Object.keys(RIGHT))) {
  const cases = casesOf(file);
  test(`vectors: ${file} has cases`, () => check(cases.length > 0, "none"));
  for (const c of cases) {
    test(`${file}: ${c.name}`, async () => {
      for (const call of CALLS[file]) {
        if (c.expect.error !== undefined) failsAsExpected(c, () => call(c));
        else {
          const { value, error } = outcome(() => call(c));
          check(error === undefined, `expected success, got ${show(error)}`);
          await RIGHT[file](c, value);
        }
      }
    });
  }
}
