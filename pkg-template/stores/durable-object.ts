export const durableObjectStore = undefined;
