import type { AddressInfo } from 'node:net'
import { createServer, type Socket, connect as tcpConnect } from 'node:net'
import { BSON, type Document } from 'mongodb'

/** What a proxy does with the commands and replies that pass through it. */
export interface ProxyRules {
  /** 'lose': the server gets the command and its reply is lost with the connection. 'cut': the server never gets it. */
  readonly command?: (command: Document) => 'pass' | 'lose' | 'cut'
  /** Changes what a server says of itself. */
  readonly hello?: (reply: Document) => Document
  /** Changes any other reply. Its numbers are in BSON's own classes. */
  readonly reply?: (reply: Document) => Document
}

export interface WireProxy extends AsyncDisposable {
  readonly address: string
  /** Every command that passed, in order, without the client's own. */
  readonly commands: readonly Document[]
  rules: ProxyRules
}

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER = 16
const CHECKSUM = 1
const OWN_COMMANDS = ['hello', 'ismaster', 'isMaster', 'endSessions', 'ping']

/** Stands between a client and a MongoDB server, on a port of its own, and understands what passes. */
export async function wireProxy(address: string, rules: ProxyRules = {}): Promise<WireProxy> {
  const { hostname, port } = new URL(address)
  const sockets = new Set<Socket>()
  const commands: Document[] = []
  const proxy = { rules }
  const server = createServer((client) => {
    const upstream = tcpConnect(Number(port), hostname)
    const lost = new Set<number>()
    const drop = (): void => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', drop)
      socket.on('close', () => {
        sockets.delete(socket)
        drop()
      })
    }
    onMessage(client, (message) => {
      const command = commandOf(message)
      const name = Object.keys(command)[0] ?? ''
      if (OWN_COMMANDS.includes(name)) {
        upstream.write(message)
        return
      }
      commands.push(command)
      const fate = proxy.rules.command?.(command) ?? 'pass'
      if (fate === 'cut') return drop()
      if (fate === 'lose') lost.add(message.readInt32LE(4))
      upstream.write(message)
    })
    onMessage(upstream, (message) => {
      if (lost.has(message.readInt32LE(8))) return drop()
      const { hello, reply } = proxy.rules
      const told = hello === undefined ? message : withHello(message, hello)
      client.write(reply === undefined ? told : withReply(told, reply))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const own = (server.address() as AddressInfo).port
  return {
    address: `mongodb://127.0.0.1:${own}/?directConnection=true`,
    commands,
    get rules() {
      return proxy.rules
    },
    set rules(changed) {
      proxy.rules = changed
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Cuts a stream into messages; each begins with its length. */
function onMessage(socket: Socket, handle: (message: Buffer) => void): void {
  let rest = Buffer.alloc(0)
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data])
    while (rest.length >= 4 && rest.length >= rest.readInt32LE(0)) {
      const length = rest.readInt32LE(0)
      handle(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  })
}

function commandOf(message: Buffer): Document {
  const opcode = message.readInt32LE(12)
  if (opcode === OP_MSG)
    return BSON.deserialize(message.subarray(HEADER + 5), { allowObjectSmallerThanBufferSize: true })
  if (opcode !== OP_QUERY) throw new Error(`The proxy does not know the opcode ${opcode}.`)
  const name = message.indexOf(0, HEADER + 4)
  return BSON.deserialize(message.subarray(name + 9), { allowObjectSmallerThanBufferSize: true })
}

/** The reply with another document, where it is one that a server says of itself. */
function withHello(message: Buffer, change: (reply: Document) => Document): Buffer {
  const at = message.readInt32LE(12) === OP_REPLY ? HEADER + 20 : HEADER + 5
  const reply = BSON.deserialize(message.subarray(at), { allowObjectSmallerThanBufferSize: true })
  if (reply.maxWireVersion === undefined) return message
  const changed = Buffer.concat([message.subarray(0, at), BSON.serialize(change(reply))])
  changed.writeInt32LE(changed.length, 0)
  return changed
}

/** The reply with another document, where it is none that a server says of itself. */
function withReply(message: Buffer, change: (reply: Document) => Document): Buffer {
  if (message.readInt32LE(12) !== OP_MSG) return message
  const at = HEADER + 5
  const reply = BSON.deserialize(message.subarray(at), { allowObjectSmallerThanBufferSize: true, promoteValues: false })
  if (reply.maxWireVersion !== undefined) return message
  const changed = Buffer.concat([message.subarray(0, at), BSON.serialize(change(reply))])
  changed.writeInt32LE(changed.length, 0)
  // What follows is a document; the server's checksum, if it sent one, was of the other.
  changed.writeInt32LE(changed.readInt32LE(HEADER) & ~CHECKSUM, HEADER)
  return changed
}

/** What a standalone server says of itself: nothing of a replica set. */
export function asStandalone(reply: Document): Document {
  const { setName: _, setVersion: _v, hosts: _h, primary: _p, me: _m, electionId: _e, lastWrite: _l, ...own } = reply
  return own
}
