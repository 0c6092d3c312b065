// The wasm instances of this process. The package keeps its own to itself, so this looks over its shoulder.

/** @type {WebAssembly.Instance[]} */
export const instances = [];

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, args) {
    const instance = new Instance(...args);
    instances.push(instance);
    return instance;
  },
});

/** Bytes. */
export function linearMemory() {
  return instances.reduce((sum, { exports }) => sum + exports.memory.buffer.byteLength, 0);
}
