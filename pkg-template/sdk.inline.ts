// As wasm.inline.ts, for the services' calls; compiled at the first call, since who imports a class may never use it.
import { compile } from "./compile.js";
import { bytes } from "./sdk.bytes.js";

let compiled: unknown;

export default (): unknown => {
  compiled ??= compile(bytes);
  return compiled;
};
