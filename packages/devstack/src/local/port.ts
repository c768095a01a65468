import { createServer } from 'node:net'

/** A port on 127.0.0.1 that is free now. Somebody else may take it before it is used: whoever uses it tries again. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

/** What the engines say, each in its words, of a port that is taken. */
export const PORT_TAKEN: RegExp =
  /already in use|already allocated|EADDRINUSE|errno 98|failed to bind|only one usage of each socket address/i
