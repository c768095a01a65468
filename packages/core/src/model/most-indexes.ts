/** Most indexes that a store numbers; DynamoDB has room for as many on a table. */
export const MOST_INDEXES: number = 20
