// Read by every other host: Node, Deno, Bun, browsers and all bundlers. The bytes are in the file, so that no
// fs, fetch or bundler plugin is needed, and are compiled synchronously at import.
import { compile } from "./compile.js";
import { bytes } from "./core.bytes.js";

export default /* @__PURE__ */ compile(bytes);
