export const denoKvStore = undefined;
