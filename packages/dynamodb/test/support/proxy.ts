import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of the next requests of one operation. */
export type Fault =
  /** It reaches the store, and the connection breaks before the reply. */
  | { readonly kind: 'drop reply' }
  /** It reaches the store, and nothing ever comes back. */
  | { readonly kind: 'no reply' }
  /** The store is not asked; this is the answer. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly type: string
      readonly headers?: Record<string, string>
    }

/** An HTTP proxy before a real engine, which counts what arrives and loses what it is told to lose. */
export class FaultyProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #faults = new Map<string, Fault>()
  readonly arrived: { readonly operation: string; readonly headers: Readonly<Record<string, unknown>> }[] = []

  static async before(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  private constructor(target: string) {
    this.#server = createServer((incoming, outgoing) => {
      const operation = String(incoming.headers['x-amz-target']).split('.').at(-1) ?? ''
      this.arrived.push({ operation, headers: incoming.headers })
      const fault = this.#faults.get(operation)
      if (fault?.kind === 'answer') {
        incoming.resume()
        outgoing.writeHead(fault.status, { 'content-type': 'application/x-amz-json-1.0', ...fault.headers })
        outgoing.end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${fault.type}`, message: 'as told' }))
        return
      }
      const onward = httpRequest(
        target,
        { method: incoming.method, path: incoming.url, headers: incoming.headers },
        (reply) => {
          if (fault === undefined) {
            outgoing.writeHead(reply.statusCode ?? 500, reply.headers)
            reply.pipe(outgoing)
          } else {
            reply.resume()
            reply.on('end', () => fault.kind === 'drop reply' && incoming.socket.destroy())
          }
        },
      )
      onward.on('error', () => incoming.socket.destroy())
      incoming.pipe(onward)
    })
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** From now on, for every request of the operation; undefined: it passes again. */
  set(operation: string, fault: Fault | undefined): void {
    if (fault === undefined) this.#faults.delete(operation)
    else this.#faults.set(operation, fault)
  }

  count(operation: string): number {
    return this.arrived.filter((each) => each.operation === operation).length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
