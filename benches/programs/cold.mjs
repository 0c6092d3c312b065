// A Worker that starts other Workers: each request a new one, which verifies its first delivery.

export default {
  async fetch(request, env) {
    const { script, wasm, delivery } = await request.json();
    const modules = { "worker.js": script };
    for (const [name, base64] of Object.entries(wasm)) {
      modules[name] = { wasm: Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer };
    }
    const worker = env.LOADER.get(crypto.randomUUID(), () => ({
      compatibilityDate: "2025-06-01",
      mainModule: "worker.js",
      modules,
      globalOutbound: null,
    }));
    return worker.getEntrypoint().fetch("http://worker.test/", { method: "POST", body: JSON.stringify(delivery) });
  },
};
