export const redisStore = undefined;
