import { createRequire } from 'node:module'

const clients = ['@aws-sdk/client-dynamodb', '@aws-sdk/lib-dynamodb', 'mongodb', 'ioredis', 'zod'] as const

/** The versions of the clients that were used, by package. */
export function clientVersions(): { readonly [name: string]: string } {
  return Object.fromEntries(clients.map((name) => [name, versionOf(name)]))
}

/** This package's own version. */
export function ownVersion(): string {
  return versionOf('@isomodel/compare')
}

const require = createRequire(import.meta.url)

function versionOf(name: string): string {
  const { version } = require(`${name}/package.json`) as { readonly version: string }
  return version
}
