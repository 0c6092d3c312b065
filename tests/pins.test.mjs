// The same package has the same version wherever this repository pins it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../scripts/lib/run.mjs";

const examples = readdirSync(join(root, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const manifests = [
  "package.json",
  "benches/package.json",
  "tests/hosts/package.json",
  "tests/examples/package.json",
  "tests/stores/package.json",
  "tests/receiver/package.json",
  "tests/fleet/package.json",
  "benches/receiver/package.json",
  ...examples.filter(({ name }) => name !== "deno").map(({ name }) => `examples/${name}/package.json`),
];

test("packages that several folders need have one version", () => {
  /** @type {Map<string, Map<string, string>>} version to manifest, by package */
  const pins = new Map();
  for (const manifest of manifests) {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, manifest), "utf8"));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      pins.set(name, (pins.get(name) ?? new Map()).set(version, manifest));
    }
  }
  // svix and standardwebhooks are what the receivers are compared with, not what they use.
  const differing = [...pins].filter(([, versions]) => versions.size > 1);
  assert.deepEqual(differing, []);
  assert.ok(pins.size > 20);
});
