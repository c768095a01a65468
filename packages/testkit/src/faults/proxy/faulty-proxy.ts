import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Injector } from '../injector.js'
import type { FaultCounts } from '../plan.js'
import { targetOf } from './address.js'
import { Gate } from './gate.js'
import { Link } from './link.js'
import { type ProxyFault, type ProxyFaultPlan, type ProxyStep, proxyFaults } from './proxy-fault.js'

/** A bad connection to a server, on 127.0.0.1. It ends with `close`, or the end of its `await using` block. */
export interface FaultyProxy extends AsyncDisposable {
  /** The server's address, by way of the proxy: for the client. */
  readonly address: string
  /** How often each fault has happened. */
  readonly injected: FaultCounts<ProxyFault>
  /** Steps of the script that have not happened. */
  readonly left: number
  /** Connections that are open. */
  readonly connections: number
  /** Puts a step behind the script. */
  next(step: ProxyStep): void
  /** Runs work in which no fault happens. */
  quietly<T>(work: () => Promise<T>): Promise<T>
  /** Breaks every connection that is open. New ones are taken. */
  cut(): void
  /** Nothing passes either way until `release`; connections stay. */
  hold(): void
  release(): void
  /** Nothing listens until `accept`: a new connection is refused as by a server that is down. Open ones stay. */
  refuse(): Promise<void>
  /** Listens again, at the same address. */
  accept(): Promise<void>
  /** Breaks every connection and ends the proxy. Safe to call twice. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'
const OPTIONS = ['script', 'rates', 'seed', 'on', 'delay']

/**
 * Puts a TCP connection that fails as planned between a client and a server. It passes bytes of any protocol and reads none,
 * but for the patterns of `on`; what travels by TLS it can only cut or delay.
 *
 * ```ts
 * await using proxy = await faultyProxy(engine.address, { seed: 7, rates: { lostReply: 0.05 } })
 * await using db = await connect(redis({ url: proxy.address }), { Order })
 * ```
 *
 * @param address as an engine gives it: `redis://...`, `http://...`, `mongodb://...` of one host, or host and port
 * @throws TypeError for an address or a plan that cannot be, naming what is wrong with it.
 */
export async function faultyProxy(address: string, plan: ProxyFaultPlan = {}): Promise<FaultyProxy> {
  const unknown = Object.keys(plan).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`faultyProxy has no option ${unknown}; there are ${OPTIONS.join(', ')}.`)
  const { delay = 50, on } = plan
  if (!(Number.isFinite(delay) && delay >= 0)) {
    throw new TypeError(`faultyProxy: delay is ${delay}; it is a number of milliseconds.`)
  }
  const target = targetOf(address)
  const injector = new Injector<ProxyFault, RegExp, ProxyStep>('faultyProxy', plan, proxyFaults)
  const gate = new Gate()
  const links = new Set<Link>()
  const take = (client: Socket): void => {
    if (injector.pick(['refused'], () => true)?.fault === 'refused') {
      client.resetAndDestroy()
      return
    }
    const link = new Link(client, { target, injector, on, delay, gate })
    links.add(link)
    void link.run().finally(() => links.delete(link))
  }
  const cut = (): void => {
    for (const link of links) link.cut()
  }
  let server: Server | undefined = await listen(0, take)
  const { port } = server.address() as AddressInfo
  const refuse = async (): Promise<void> => {
    const listening = server
    server = undefined
    // Its callback waits for the connections, too, and those stay.
    listening?.close()
  }
  let closed = false
  const close = async (): Promise<void> => {
    closed = true
    await refuse()
    gate.open()
    cut()
  }
  return {
    address: target.with(HOST, port),
    get injected() {
      return injector.injected
    },
    get left() {
      return injector.left
    },
    get connections() {
      return links.size
    },
    next: (step) => injector.next(step),
    quietly: (work) => injector.quietly(work),
    cut,
    hold: () => gate.shut(),
    release: () => gate.open(),
    refuse,
    async accept() {
      if (closed) throw new Error('This proxy was closed; make another one.')
      server ??= await listen(port, take)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

async function listen(port: number, take: (client: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true }, take)
  server.listen(port, HOST)
  await once(server, 'listening')
  return server
}
