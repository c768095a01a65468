import { EngineError } from '../engine-error.js'
import { converse, type Endpoint } from './connect.js'
import type { Probe, ServerIdentity } from './probe.js'

/** One reply of those that are asked for here: `+OK`, `-ERR ...` or a bulk string. `undefined` while it is incomplete. */
function readReply(received: Buffer): string | Error | undefined {
  const end = received.indexOf('\r\n')
  if (end === -1) return undefined
  const head = received.toString('utf8', 1, end)
  const kind = received.toString('latin1', 0, 1)
  if (kind === '+') return head
  if (kind === '-') return new Error(head)
  if (kind !== '$')
    return new Error(`what answers does not speak Redis's protocol: ${received.toString('latin1', 0, 40)}`)
  const length = Number(head)
  return received.length < end + 2 + length + 2 ? undefined : received.toString('utf8', end + 2, end + 2 + length)
}

const command = (...words: string[]): Buffer =>
  Buffer.from(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)

function identityIn(info: string): ServerIdentity {
  const field = (name: string) => new RegExp(`^${name}:(.+?)\\r?$`, 'm').exec(info)?.[1]
  // Valkey reports a redis_version too, the one that it is compatible with.
  const valkey = field('valkey_version')
  if (valkey !== undefined) return { engine: 'valkey', version: valkey }
  const redis = field('redis_version')
  return redis === undefined ? {} : { engine: 'redis', version: redis }
}

function endpointOf(address: string): { endpoint: Endpoint; login: string[] } {
  const url = URL.parse(address)
  if (url === null || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '') {
    throw new EngineError(
      'INVALID_ARGUMENT',
      'It is not a Redis URL.',
      'Write redis://host:port, or rediss:// for TLS.',
    )
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const login =
    url.password === '' ? [] : [url.username, url.password].filter((part) => part !== '').map(decodeURIComponent)
  const tls = url.protocol === 'rediss:' ? { tls: {} } : {}
  return { endpoint: { host, port: Number(url.port || 6379), ...tls }, login }
}

/** `INFO server`, which Redis, Valkey and the managed services answer. */
export const probeRedis: Probe = async (address, signal) => {
  const { endpoint, login } = endpointOf(address)
  return converse(endpoint, signal, async ({ ask }) => {
    if (login.length > 0) {
      const reply = await ask(command('AUTH', ...login), readReply)
      if (reply instanceof Error) throw reply
    }
    const info = await ask(command('INFO', 'server'), readReply)
    if (!(info instanceof Error)) return identityIn(info)
    // A user who may not ask for INFO has reached a working server all the same.
    if (info.message.startsWith('NOPERM')) return {}
    throw info
  })
}

/** Sends one command to a server without a password and gives its reply as text. Throws the server's refusal. */
export async function askRedis(address: string, words: readonly string[], signal: AbortSignal): Promise<string> {
  const { endpoint } = endpointOf(address)
  return converse(endpoint, signal, async ({ ask }) => {
    const reply = await ask(command(...words), readReply)
    if (reply instanceof Error) throw reply
    return reply
  })
}
