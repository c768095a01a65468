/** A server's address, taken apart where the proxy's own host and port go. */
export interface Target {
  readonly host: string
  readonly port: number
  /** The same address with another server in it. */
  with(host: string, port: number): string
}

const STANDARD: { readonly [scheme: string]: number } = {
  redis: 6379,
  rediss: 6379,
  mongodb: 27017,
  http: 80,
  https: 443,
}

/**
 * Reads `redis://user:password@127.0.0.1:6379/0`, `http://127.0.0.1:8000`, `mongodb://127.0.0.1:27017/?directConnection=true` or
 * `127.0.0.1:6379`.
 *
 * @throws TypeError for what does not name one server.
 */
export function targetOf(address: string): Target {
  const parts = /^(?:([a-z][a-z+]*):\/\/)?([^/?#]*@)?(\[[^\]]+\]|[^/?#@:,[\]]+)(?::(\d+))?([/?#].*)?$/s.exec(address)
  const [, scheme, user = '', host = '', given, rest = ''] = parts ?? []
  const port = given === undefined ? STANDARD[scheme ?? ''] : Number(given)
  if (parts === null || port === undefined || port < 1 || port > 65_535) {
    // It may hold a password, so it is not shown.
    throw new TypeError(
      "faultyProxy: the address names no single server; give one such as 'redis://127.0.0.1:6379', 'http://127.0.0.1:8000', " +
        "'mongodb://127.0.0.1:27017/?directConnection=true' or '127.0.0.1:6379', as an engine's address is.",
    )
  }
  const head = scheme === undefined ? '' : `${scheme}://`
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port,
    with: (other, at) => `${head}${user}${other}:${at}${rest}`,
  }
}
