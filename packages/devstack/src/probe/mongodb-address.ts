import { resolveSrv } from 'node:dns/promises'
import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { EngineError } from '../engine-error.js'
import type { Endpoint } from './connect.js'

const URI = /^mongodb(?<srv>\+srv)?:\/\/(?:[^@/]*@)?(?<hosts>[^/?]+)(?:\/[^?]*)?(?:\?(?<options>.*))?$/

/**
 * The servers that a MongoDB connection string names, in its order. `URL` cannot read it: it may list several hosts.
 *
 * @throws {EngineError} `INVALID_ARGUMENT` when it is none
 */
export async function endpointsOf(address: string): Promise<Endpoint[]> {
  const parts = URI.exec(address)?.groups
  if (parts?.hosts === undefined) {
    throw new EngineError(
      'INVALID_ARGUMENT',
      'It is not a MongoDB connection string.',
      'Write mongodb://host:port, or mongodb+srv://host.',
    )
  }
  const options = new URLSearchParams(parts.options ?? '')
  const srv = parts.srv !== undefined
  const hosts = srv ? await fromSrv(parts.hosts) : parts.hosts.split(',').map(hostAndPort)
  const secure = (options.get('tls') ?? options.get('ssl') ?? String(srv)) === 'true'
  return hosts.map(({ host, port }) => (secure ? { host, port, tls: tlsOptions(options) } : { host, port }))
}

async function fromSrv(host: string): Promise<{ host: string; port: number }[]> {
  const records = await resolveSrv(`_mongodb._tcp.${host}`)
  return records.map(({ name, port }) => ({ host: name, port }))
}

function hostAndPort(text: string): { host: string; port: number } {
  const [, v6, name, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? []
  const host = v6 ?? name
  if (host === undefined) {
    throw new EngineError('INVALID_ARGUMENT', `It names no host: ${text}.`, 'Write mongodb://host:port.')
  }
  return { host: decodeURIComponent(host), port: Number(port ?? 27017) }
}

function tlsOptions(options: URLSearchParams): ConnectionOptions {
  const ca = options.get('tlsCAFile')
  const key = options.get('tlsCertificateKeyFile')
  const unchecked = options.get('tlsInsecure') === 'true' || options.get('tlsAllowInvalidCertificates') === 'true'
  return {
    rejectUnauthorized: !unchecked,
    ...(ca === null ? {} : { ca: readFileSync(ca) }),
    ...(key === null ? {} : { cert: readFileSync(key), key: readFileSync(key) }),
    ...(options.get('tlsAllowInvalidHostnames') === 'true' ? { checkServerIdentity: () => undefined } : {}),
  }
}
