// As ../sdk.inline.ts, in the form that Node decodes fastest.
import { compile } from "./compile.js";
import { bytes } from "./sdk.base64.js";

let compiled: unknown;

export default (): unknown => {
  compiled ??= compile(bytes);
  return compiled;
};
