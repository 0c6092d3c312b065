// In place of native.ts where bundles are for hosts that have no synchronous hash, which then carry nothing of it.

export const NATIVE = false;
export const NATIVE_FROM = 0;
export const hashBeside = () => false;
