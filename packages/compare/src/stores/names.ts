/** The stores that can be compared, in the order in which they are. */
export const storeNames = ['dynamodb', 'mongodb', 'redis', 'valkey', 'memory'] as const
export type StoreName = (typeof storeNames)[number]
