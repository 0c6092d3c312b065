// Read by Node, and by others that stand in for it (Deno): as ../wasm.inline.ts, in the form that they decode fastest.
import { compile } from "./compile.js";
import { bytes } from "./core.base64.js";

export default /* @__PURE__ */ compile(bytes);
