import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { type EngineName, startEngine } from '../src/index.js'
import { PORT_TAKEN } from '../src/local/port.js'
import { connectTo } from './clients.js'
import { accepts, collectLog, exists, ownTemporaryFolder, portOf } from './machine.js'

const versions: Partial<Record<EngineName, RegExp>> = {
  'dynamodb-local': /^3\.3\.0$/,
  dynoxide: /^1\.2\.1$/,
  'secantus-mdb': /^0\.5\.3-beta\.196$/,
  'secantusdb-py': /^0\.7\.0b3$/,
  redis: /^([7-9]|\d\d)\./,
  valkey: /^9\.1\.2$/,
}
vi.setConfig({ testTimeout: 120_000 })

const names = Object.keys(versions) as EngineName[]

describe.each(names)('%s', (name) => {
  const temporary = ownTemporaryFolder()

  test('starts, answers its own client, says what it is, and leaves nothing behind', async () => {
    const { log, lines } = collectLog()
    const engine = await startEngine(name, { log })
    const { pid = 0, address } = engine
    const port = portOf(address)

    expect(engine.engine).toBe(name)
    expect(engine.version).toMatch(versions[name] ?? /never/)
    expect(lines.at(-1)).toContain(`${name} ${engine.version}`)
    expect(lines.at(-1)).toContain(`at ${address}`)
    expect(exists(pid)).toBe(true)
    expect(temporary.entries()).toEqual([expect.stringMatching(`^isomodel-${name}-`)])

    {
      await using client = await connectTo(engine)
      await client.write('key', 'value ✓')
      expect(await client.read('key')).toBe('value ✓')
    }
    // A server on every interface would answer on any loopback address.
    expect(await accepts('127.0.0.1', port)).toBe(true)
    expect(await accepts('127.0.0.2', port)).toBe(false)

    await engine.stop()
    expect(exists(pid)).toBe(false)
    expect(engine.pid).toBeUndefined()
    expect(temporary.entries()).toEqual([])
    expect(await accepts('127.0.0.1', port)).toBe(false)
  })

  test('durable: writes survive kill and restart, on the same port, though another program has it for a while', async () => {
    const { log } = collectLog()
    await using engine = await startEngine(name, { durable: true, log })
    await using client = await connectTo(engine)
    const { address, pid } = engine
    await client.write('key', 'kept')

    await engine.kill()
    expect(engine.pid).toBeUndefined()
    expect(await accepts('127.0.0.1', portOf(address))).toBe(false)

    const squatter = createServer((socket) => socket.destroy())
    await new Promise<void>((done) => squatter.listen(portOf(address), '127.0.0.1', done))
    const restarted = engine.restart()
    const [folder = ''] = temporary.entries()
    const said = () => readFileSync(join(temporary.path, folder, 'server.log'), 'utf8')
    await expect.poll(said, { timeout: 60_000 }).toMatch(PORT_TAKEN)
    squatter.close()
    await restarted

    expect(engine.address).toBe(address)
    expect(engine.pid).not.toBe(pid)
    expect(await client.read('key')).toBe('kept')
  })
})
