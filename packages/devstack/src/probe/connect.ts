import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'

export interface Endpoint {
  readonly host: string
  readonly port: number
  /** Present for TLS. */
  readonly tls?: ConnectionOptions
}

/** A connection on which one request is sent and its answer collected. */
export interface Conversation {
  /** Sends `request` and gives what `read` finds in the bytes that came since; `undefined` from `read` waits for more. */
  ask<T>(request: Buffer, read: (received: Buffer) => T | undefined): Promise<T>
}

/** Connects, converses, disconnects: also when `signal` aborts. */
export async function converse<T>(
  endpoint: Endpoint,
  signal: AbortSignal,
  talk: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const { host, port, tls } = endpoint
  const socket: Socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ host, port, ...tls })
  let received: Buffer = Buffer.alloc(0)
  let wake: () => void = () => undefined
  let failure: Error | undefined
  const fail = (error: Error) => {
    failure ??= error
    wake()
  }
  const abort = () => socket.destroy(asError(signal.reason))
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    wake()
  })
  socket.once('error', fail)
  socket.once('close', () => fail(new Error(`${host}:${port} closed the connection`)))
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await talk({
      async ask(request, read) {
        received = Buffer.alloc(0)
        socket.write(request)
        for (;;) {
          const answer = read(received)
          if (answer !== undefined) return answer
          if (failure !== undefined) throw failure
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      },
    })
  } finally {
    signal.removeEventListener('abort', abort)
    socket.destroy()
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)))
