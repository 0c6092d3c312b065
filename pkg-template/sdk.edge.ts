// As wasm.edge.ts, for the services' calls.
import module from "./sdk.wasm?module";

export default (): unknown => module;
