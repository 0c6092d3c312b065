// docs/receiving.md says what src/receive.rs decides, and has a row for each case of bad input.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ANSWERS } from "../pkg/receiver.answers.js";
import { root } from "../scripts/lib/run.mjs";

const text = readFileSync(join(root, "docs", "receiving.md"), "utf8");

test("the table of answers is the core's", () => {
  const rows = Array.from(
    text.matchAll(/^\| `(\w+)` \| (\d{3}) \| (?:`([^`]+)`)? ?\|/gm),
    ([, outcome, status, header]) => [outcome, Number(status), header ?? ""],
  );
  const expected = Object.values(ANSWERS).map(({ outcome, status, headers }) => [
    outcome,
    status,
    Object.entries(headers)
      .map((pair) => pair.join(": "))
      .join(", "),
  ]);
  assert.deepEqual(rows, expected);
});

test("the defaults are the code's", () => {
  const source = readFileSync(join(root, "pkg-template", "receiver.options.ts"), "utf8");
  for (const [option, said, written] of [
    ["deadline", "12 s", "12_000"],
    ["bodyTimeout", "10 s", "10_000"],
    ["lease", "30 s", "30_000"],
    ["ttl", "72 h", "72 * 3_600_000"],
  ]) {
    assert.ok(text.includes(`| \`${option}\` | ${said} |`), option);
    assert.ok(source.includes(`${option} = ${written}`), option);
  }
});
