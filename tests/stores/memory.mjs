// The store in this process's memory.

import assert from "node:assert/strict";
import { loadConformance, loadMemory } from "./hookseal.mjs";
import { runCases } from "./results.mjs";

export async function run() {
  const { storeConformance } = await loadConformance();
  const { memoryStore } = await loadMemory();
  const store = memoryStore();
  const own = {
    name: "forgets the oldest that is done for lack of room, and nothing that is in hand",
    async run() {
      const small = memoryStore({ capacity: 2 });
      for (const key of ["a", "b", "c"]) assert.equal(small.claim(key, 60_000, "one"), "new");
      for (const key of ["a", "b"]) small.complete(key, 60_000, "one");
      assert.equal(small.claim("a", 60_000, "two"), "done");
      small.complete("d", 60_000, "one");
      assert.equal(small.claim("a", 60_000, "two"), "new");
      assert.equal(small.claim("b", 60_000, "two"), "done");
      assert.equal(small.claim("c", 60_000, "two"), "in-progress");
    },
  };
  return [await runCases("memory", [...storeConformance({ connect: () => ({ store }) }), own])];
}
