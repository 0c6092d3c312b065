// What a wasm file's bytes are spent on: its sections, and the functions that are largest.

const SECTIONS = [
  "custom",
  "type",
  "import",
  "function",
  "table",
  "memory",
  "global",
  "export",
  "start",
  "element",
  "code",
  "data",
  "data count",
];
const EXPORT = 7;
const CODE = 10;

/** @typedef {{name: string, bytes: number}} Part */

/**
 * @param {Uint8Array} wasm
 * @returns {{sections: Part[], functions: Part[]}} functions: largest first; one without a name has its number
 */
export function wasmParts(wasm) {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(Uint8Array.from(wasm)));
  const firstOwn = imports.filter(({ kind }) => kind === "function").length;
  /** @type {Map<number, string>} */
  const names = new Map();
  /** @type {Part[]} */
  const sections = [];
  /** @type {Part[]} */
  const functions = [];
  const reader = new Reader(wasm, 8);
  while (reader.at < wasm.length) {
    const id = wasm[reader.at++] ?? 0;
    const length = reader.number();
    const end = reader.at + length;
    sections.push({ name: SECTIONS[id] ?? `section ${id}`, bytes: length });
    if (id === EXPORT) {
      for (let left = reader.number(); left > 0; left--) {
        const name = reader.text();
        const kind = wasm[reader.at++];
        const index = reader.number();
        if (kind === 0) names.set(index, name);
      }
    } else if (id === CODE) {
      const count = reader.number();
      for (let own = 0; own < count; own++) {
        const bytes = reader.number();
        functions.push({ name: names.get(firstOwn + own) ?? `function ${firstOwn + own}`, bytes });
        reader.at += bytes;
      }
    }
    reader.at = end;
  }
  return { sections, functions: functions.sort((a, b) => b.bytes - a.bytes) };
}

class Reader {
  /** @param {Uint8Array} bytes @param {number} at */
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** An unsigned LEB128. */
  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  }

  text() {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString();
  }
}
