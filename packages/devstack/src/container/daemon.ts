import { existsSync, readFileSync } from 'node:fs'
import { type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { EngineError, messageOf } from '../engine-error.js'

const PATIENCE = 2_000
const REMEDY = 'Start Docker (or Podman with its Docker socket), or set DOCKER_HOST to one that runs.'

let answer: Promise<void> | undefined

/**
 * Whether a Docker daemon answers, asked once in this process. Asked by hand and not by testcontainers, because its
 * question has no time-out and loading it takes most of a second; the places are the ones where it looks.
 *
 * @throws {EngineError} `UNAVAILABLE` when none does
 */
export function requireDocker(): Promise<void> {
  answer ??= ask()
  return answer
}

async function ask(): Promise<void> {
  const reasons: string[] = []
  for (const place of places()) {
    try {
      await ping(place)
      return
    } catch (error) {
      reasons.push(`${place.name}: ${messageOf(error)}`)
    }
  }
  const reason = reasons.length === 0 ? 'no DOCKER_HOST and no socket of one' : reasons.join('; ')
  throw new EngineError('UNAVAILABLE', `No Docker daemon answers (${reason}).`, REMEDY)
}

interface Place {
  readonly name: string
  readonly secure: boolean
  readonly options: RequestOptions
}

function places(): Place[] {
  const settings = readSettings()
  const host = process.env.DOCKER_HOST ?? settings.get('docker.host')
  const found = [settings.get('tc.host'), host].filter((address) => address !== undefined).map(placeOf)
  if (process.platform === 'win32') return [...found, socket('//./pipe/docker_engine')]

  const run = process.env.XDG_RUNTIME_DIR
  const sockets = [
    '/var/run/docker.sock',
    ...(run === undefined ? [] : [join(run, 'docker.sock')]),
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.docker', 'desktop', 'docker.sock'),
    join('/run', 'user', String(process.getuid?.() ?? 0), 'docker.sock'),
  ]
  return [...found, ...sockets.filter((path) => existsSync(path)).map(socket)]
}

const socket = (path: string): Place => ({ name: path, secure: false, options: { socketPath: path } })

function placeOf(address: string): Place {
  const url = URL.parse(address)
  if (url === null) return { name: address, secure: false, options: { socketPath: address } }
  if (url.hostname === '') return socket(url.pathname)
  const certificates = process.env.DOCKER_CERT_PATH
  const secure = process.env.DOCKER_TLS_VERIFY === '1' && certificates !== undefined
  const read = (file: string) => readFileSync(resolve(certificates ?? '', file))
  const tls = secure ? { ca: read('ca.pem'), cert: read('cert.pem'), key: read('key.pem') } : {}
  return { name: address, secure, options: { host: url.hostname, port: url.port || 2375, ...tls } }
}

/** `key = value` lines of testcontainers' own settings file. */
function readSettings(): Map<string, string> {
  const file = join(homedir(), '.testcontainers.properties')
  if (!existsSync(file)) return new Map()
  const lines = readFileSync(file, 'utf8').split(/\r?\n/)
  return new Map(
    lines.flatMap((line) => {
      const [, key, value] = /^\s*([\w.]+)\s*[=:]\s*(.+?)\s*$/.exec(line) ?? []
      return key === undefined || value === undefined ? [] : [[key, value] as const]
    }),
  )
}

function ping({ secure, options }: Place): Promise<void> {
  return new Promise((done, fail) => {
    const send = secure ? requestSecure : requestPlain
    const request = send({ ...options, path: '/_ping', signal: AbortSignal.timeout(PATIENCE) }, (response) => {
      response.resume()
      if (response.statusCode === 200) done()
      else fail(new Error(`HTTP ${response.statusCode}`))
    })
    request.once('error', (error) => {
      fail(error.name === 'AbortError' ? new Error(`no answer within ${PATIENCE} ms`) : error)
    })
    request.end()
  })
}
