/** Straight to this one server: a client that looks for the replica set's members would ask it for names it cannot reach. */
export const mongodbAddress = (host: string, port: number): string => `mongodb://${host}:${port}/?directConnection=true`
