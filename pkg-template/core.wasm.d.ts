/** As the edge platforms give it: compiled. */
declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}
