// Read by workerd (Cloudflare) and edge-light (Vercel, Next.js): they forbid compiling at run time, so the
// platform compiles the file when it deploys, and the import gives the module.
// `?module` is what Next.js asks for; wrangler takes it, too.
import module from "./core.wasm?module";

export default module;
