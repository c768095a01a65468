import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Counts the bytes between clients and one server: a forwarder on 127.0.0.1 that clients are given as their address. */
export interface Meter {
  /** The server's address, with the meter's host and port in it. */
  readonly address: string
  read(): Bytes
  close(): Promise<void>
}

export interface Bytes {
  readonly sent: number
  readonly received: number
}

/** A meter before a server that is addressed without TLS and by one host and port. */
export async function startMeter(address: string): Promise<Meter> {
  const target = new URL(address)
  let sent = 0
  let received = 0
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ host: target.hostname, port: Number(target.port), noDelay: true })
    client.on('data', (chunk) => {
      sent += chunk.length
    })
    upstream.on('data', (chunk) => {
      received += chunk.length
    })
    client.pipe(upstream)
    upstream.pipe(client)
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      // A broken connection is the two ends' to report: each sees the other's end.
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = new URL(address)
  own.hostname = '127.0.0.1'
  own.port = String((server.address() as AddressInfo).port)
  return {
    address: own.href,
    read: () => ({ sent, received }),
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
