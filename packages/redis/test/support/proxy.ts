import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A way to a server that can fail as networks do. */
export interface Proxy extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Cuts the connection instead of passing the reply to the next request that contains this text. */
  cutReplyTo(text: string): void
  /** Cuts the connection before the next request that contains this text is passed on. */
  cutRequestOf(text: string): void
  /** Passes nothing any more, in either direction, and keeps the connections. */
  stall(): void
  /** Requests that were passed on and contain this text. */
  passed(text: string): number
}

export async function startProxy(url: string): Promise<Proxy> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const passed: string[] = []
  let cutReply: string | undefined
  let cutRequest: string | undefined
  let stalled = false

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let armed = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        upstream.destroy()
      })
    }
    client.on('data', (data) => {
      const text = data.toString('latin1')
      if (stalled) return
      if (cutRequest !== undefined && text.includes(cutRequest)) {
        cutRequest = undefined
        client.destroy()
        return
      }
      if (cutReply !== undefined && text.includes(cutReply)) {
        cutReply = undefined
        armed = true
      }
      passed.push(text)
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (stalled) return
      if (armed) client.destroy()
      else client.write(data)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = (server.address() as AddressInfo).port
  return {
    url: `redis://127.0.0.1:${own}`,
    port: own,
    cutReplyTo(text) {
      cutReply = text
    },
    cutRequestOf(text) {
      cutRequest = text
    },
    stall() {
      stalled = true
    },
    passed: (text) => passed.filter((request) => request.includes(text)).length,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
