export const storeConformance = undefined;
