import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Injector } from '../injector.js'
import type { Target } from './address.js'
import type { Gate } from './gate.js'
import { type ProxyFault, type ProxyStep, requestFaults } from './proxy-fault.js'

/** How long a late request's answer may take, ms. */
const PATIENCE = 1_000

/** How soon the pieces of one request follow each other, ms. */
const PIECES = 5

export interface LinkOptions {
  readonly target: Target
  readonly injector: Injector<ProxyFault, RegExp, ProxyStep>
  readonly on: RegExp | undefined
  readonly delay: number
  readonly gate: Gate
}

/** One connection of a client, and the one to the server behind it. */
export class Link {
  readonly #options: LinkOptions
  readonly #client: Socket
  readonly #server: Socket
  /** How many bytes of the next reply pass before the client is cut off. */
  #cutAfter: ((reply: Buffer) => number) | undefined
  /** The client has said something since the server last did. */
  #asked = false
  /** What the server gets once more when it has answered. */
  #again: Buffer | undefined

  constructor(client: Socket, options: LinkOptions) {
    this.#options = options
    this.#client = client
    this.#server = connect({ host: options.target.host, port: options.target.port, noDelay: true, allowHalfOpen: true })
    for (const socket of [this.#client, this.#server]) {
      // A broken connection ends its pump, which ends the link.
      socket.on('error', () => undefined)
    }
  }

  /** Resolves when both connections are over. */
  async run(): Promise<void> {
    await Promise.all([
      // The server gets to the end what was sent, also of a client that is gone.
      this.#pump(this.#client, (chunk) => this.#request(chunk)).finally(() => this.#server.end()),
      this.#pump(this.#server, (chunk) => this.#reply(chunk)).finally(() => this.#client.destroySoon()),
    ])
  }

  /** Both sides see a broken connection. */
  cut(): void {
    this.#client.resetAndDestroy()
    this.#server.resetAndDestroy()
  }

  async #pump(from: Socket, pass: (chunk: Buffer) => Promise<void>): Promise<void> {
    try {
      for await (const chunk of from) {
        await this.#options.gate.passed
        await pass(chunk as Buffer)
      }
    } catch {
      // A connection that breaks is what a proxy is there for.
    }
  }

  async #request(chunk: Buffer): Promise<void> {
    const { delay, injector, on } = this.#options
    const says = (pattern: RegExp): boolean => chunk.toString('latin1').search(pattern) >= 0
    // A request may come in several pieces, as HTTP's headers and body do: chance meets the first.
    const chance = !this.#asked && (on === undefined || says(on))
    const picked = injector.pick(requestFaults, says, { chance })
    this.#asked = true
    switch (picked?.fault) {
      case 'lostRequest':
        return this.cut()
      case 'tornRequest':
        this.#server.end(chunk.subarray(0, this.#part(chunk, picked.step)))
        this.#client.resetAndDestroy()
        return
      case 'lateRequest': {
        const whole = await this.#whole(chunk)
        this.#client.resetAndDestroy()
        await sleep(delay)
        await write(this.#server, whole)
        return this.#answered()
      }
      case 'lostReply':
        this.#cutAfter = () => 0
        break
      case 'tornReply':
        this.#cutAfter = (reply) => this.#part(reply, picked.step)
        break
      case 'slow':
        await sleep(delay)
        break
      case 'duplicate':
        this.#again = await this.#whole(chunk)
        return write(this.#server, this.#again)
    }
    await write(this.#server, chunk)
  }

  async #reply(chunk: Buffer): Promise<void> {
    // Read all the same: what is left unread would break the connection under a request that the server has not read yet.
    if (this.#client.destroyed) return
    this.#asked = false
    this.#repeat()
    if (this.#cutAfter === undefined) return write(this.#client, chunk)
    const passing = this.#cutAfter(chunk)
    this.#cutAfter = undefined
    if (passing > 0) await write(this.#client, chunk.subarray(0, passing))
    this.#client.destroy()
    this.#server.end()
  }

  /** The request with the pieces that follow at once. */
  async #whole(chunk: Buffer): Promise<Buffer> {
    await sleep(PIECES)
    const rest: Buffer | null = this.#client.read()
    return rest === null ? chunk : Buffer.concat([chunk, rest])
  }

  /** Only now, so that the first one was the first. */
  #repeat(): void {
    const chunk = this.#again
    if (chunk === undefined) return
    this.#again = undefined
    const { host, port } = this.#options.target
    const second = connect({ host, port, noDelay: true })
    second.on('error', () => undefined)
    second.once('data', () => second.end())
    second.write(chunk)
  }

  /** A server may drop the request of a connection that ends before it has answered. */
  async #answered(): Promise<void> {
    const patience = sleep(PATIENCE, undefined, { ref: false })
    await Promise.race([once(this.#server, 'data'), once(this.#server, 'close'), patience])
  }

  #part({ length }: Buffer, step: ProxyStep | undefined): number {
    return Math.min(length, step?.bytes ?? Math.floor(this.#options.injector.random() * length))
  }
}

/** Resolves when the socket has taken it. */
function write(socket: Socket, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(chunk, (error) => (error === undefined || error === null ? resolve() : reject(error)))
  })
}
