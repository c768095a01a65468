import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { type FaultyProxy, faultyProxy, type ProxyFaultPlan } from '../src/faults/index.js'

/** Answers each piece with the same in capitals, and keeps what it got. */
async function shouting(): Promise<AsyncDisposable & { readonly port: number; readonly heard: string[] }> {
  const heard: string[] = []
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (data) => {
      heard.push(String(data))
      socket.write(String(data).toUpperCase())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}

/** What comes back for a word on a connection of its own: the answer, or how the connection ended. */
function say(proxy: FaultyProxy, word: string): Promise<string> {
  return new Promise((resolve) => {
    const [host, port] = proxy.address.split(':')
    const socket = connect(Number(port), host)
    let answer = ''
    socket.on('data', (data) => {
      answer += data
      if (answer.length === word.length) socket.end()
    })
    socket.on('error', ({ code }: NodeJS.ErrnoException) => resolve(`${answer}|${code}`))
    socket.on('close', () => resolve(answer.length === word.length ? answer : `${answer}|closed`))
    socket.write(word)
  })
}

async function between(plan?: ProxyFaultPlan) {
  const server = await shouting()
  const proxy = await faultyProxy(`127.0.0.1:${server.port}`, plan)
  return {
    heard: server.heard,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

test('passes what it is given', async () => {
  await using t = await between()
  expect(await say(t.proxy, 'hello')).toBe('HELLO')
  const large = 'x'.repeat(3_000_000)
  expect((await say(t.proxy, large)).length).toBe(large.length)
  await expect.poll(() => t.proxy.connections).toBe(0)
})

test('each fault does what it says, once', async () => {
  await using t = await between({ delay: 20 })
  const broken = /^\|(ECONNRESET|closed)$/
  t.proxy.next({ fault: 'lostRequest' })
  expect(await say(t.proxy, 'one')).toMatch(broken)
  t.proxy.next({ fault: 'tornRequest', bytes: 2 })
  expect(await say(t.proxy, 'two')).toMatch(broken)
  t.proxy.next({ fault: 'lostReply' })
  expect(await say(t.proxy, 'three')).toMatch(broken)
  t.proxy.next({ fault: 'tornReply', bytes: 2 })
  expect(await say(t.proxy, 'four')).toMatch(/^FO\|/)
  t.proxy.next({ fault: 'lateRequest' })
  expect(await say(t.proxy, 'five')).toMatch(broken)
  await expect.poll(() => t.heard).toEqual(['tw', 'three', 'four', 'five'])
  t.proxy.next({ fault: 'duplicate' })
  expect(await say(t.proxy, 'six')).toBe('SIX')
  await expect.poll(() => t.heard.filter((word) => word === 'six').length).toBe(2)
  t.proxy.next({ fault: 'slow' })
  expect(await say(t.proxy, 'seven')).toBe('SEVEN')
  t.proxy.next({ fault: 'refused' })
  expect(await say(t.proxy, 'eight')).toMatch(broken)
  expect(await say(t.proxy, 'nine')).toBe('NINE')
  expect(Object.values(t.proxy.injected)).toEqual([1, 1, 1, 1, 1, 1, 1, 1])
  expect(t.proxy.left).toBe(0)
})

test('a step waits for the request that it is about', async () => {
  await using t = await between({ script: [{ fault: 'lostReply', on: /write/, after: 1, times: 2 }] })
  const words = ['read', 'write 1', 'read', 'write 2', 'write 3', 'write 4']
  const answers: string[] = []
  for (const word of words) answers.push((await say(t.proxy, word)).replace(/\|.*/, '(cut)'))
  expect(answers).toEqual(['READ', 'WRITE 1', 'READ', '(cut)', '(cut)', 'WRITE 4'])
  expect(t.heard).toEqual(words)
})

test('by chance it is the same from the same seed, and quiet when asked to be', async () => {
  const answers = async (seed: number): Promise<string[]> => {
    await using t = await between({ seed, rates: { lostReply: 0.3, refused: 0.2 }, on: /^[^!]/ })
    const found: string[] = []
    for (let n = 0; n < 20; n += 1) found.push((await say(t.proxy, 'word')).replace(/\|.*/, '(cut)'))
    expect(await t.proxy.quietly(() => say(t.proxy, 'word'))).toBe('WORD')
    expect(found.filter((answer) => answer === '(cut)').length).toBe(
      t.proxy.injected.lostReply + t.proxy.injected.refused,
    )
    return found
  }
  expect(await answers(1)).toEqual(await answers(1))
  expect(await answers(1)).not.toEqual(await answers(2))
})

test('holds, cuts and refuses on command', async () => {
  await using t = await between()
  t.proxy.hold()
  const held = say(t.proxy, 'held')
  expect(await Promise.race([held, new Promise((resolve) => setTimeout(resolve, 50, 'silence'))])).toBe('silence')
  t.proxy.release()
  expect(await held).toBe('HELD')

  t.proxy.hold()
  const cut = say(t.proxy, 'cut')
  await expect.poll(() => t.proxy.connections).toBe(1)
  t.proxy.cut()
  expect(await cut).toMatch(/^\|/)
  t.proxy.release()

  await t.proxy.refuse()
  expect(await say(t.proxy, 'refused')).toBe('|ECONNREFUSED')
  await t.proxy.accept()
  expect(await say(t.proxy, 'again')).toBe('AGAIN')

  await t.proxy.close()
  expect(await say(t.proxy, 'closed')).toBe('|ECONNREFUSED')
  await expect(t.proxy.accept()).rejects.toThrow('This proxy was closed; make another one.')
})

test('a server that is down is a connection that breaks', async () => {
  await using proxy = await faultyProxy('127.0.0.1:1')
  expect(await say(proxy, 'hello')).toMatch(/^\|/)
})

test('takes addresses as engines give them, and gives its own in the same form', async () => {
  for (const [address, own] of [
    ['redis://user:pass@127.0.0.1:6379/2', /^redis:\/\/user:pass@127\.0\.0\.1:\d+\/2$/],
    ['http://localhost:8000', /^http:\/\/127\.0\.0\.1:\d+$/],
    ['mongodb://127.0.0.1/?directConnection=true', /^mongodb:\/\/127\.0\.0\.1:\d+\/\?directConnection=true$/],
    ['[::1]:6379', /^127\.0\.0\.1:\d+$/],
  ] as const) {
    await using proxy = await faultyProxy(address)
    expect(proxy.address).toMatch(own)
  }
})

test('refuses an address or a plan that cannot be', async () => {
  for (const address of ['', 'localhost', 'mongodb://a:1,b:2/', 'mongodb+srv://cluster.example', '127.0.0.1:99999']) {
    await expect(faultyProxy(address), address).rejects.toThrow('faultyProxy: the address names no single server')
  }
  await expect(faultyProxy('a:1', { rates: { lost: 1 } as never })).rejects.toThrow('there are refused, lostRequest,')
  await expect(faultyProxy('a:1', { delay: -1 })).rejects.toThrow('faultyProxy: delay is -1')
  await expect(faultyProxy('a:1', { rate: 1 } as never)).rejects.toThrow('faultyProxy has no option rate')
})
