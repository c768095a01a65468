import type { Launch } from '../recipe.js'

/** Redis and Valkey take the same arguments. */
export const redisArguments = ({ port, data, durable }: Launch): string[] => [
  '--bind',
  '127.0.0.1',
  '--port',
  String(port),
  '--dir',
  data,
  '--save',
  '',
  // Nothing of a test may vanish under memory pressure: running out is an error instead.
  '--maxmemory-policy',
  'noeviction',
  ...appendOnly(durable),
]

export const appendOnly = (durable: boolean): string[] =>
  durable ? ['--appendonly', 'yes', '--appendfsync', 'always'] : ['--appendonly', 'no']

export const READY: RegExp = /Ready to accept connections/

export const redisAddress = (host: string, port: number): string => `redis://${host}:${port}`
