import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { startMeter } from '../src/measure/meter.js'

it('counts what goes through it, both ways, and changes nothing', async () => {
  const server = createServer((socket) => socket.on('data', () => socket.write('hello')))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const meter = await startMeter(`redis://127.0.0.1:${(server.address() as AddressInfo).port}/3?a=b`)
  const { hostname, port, pathname, search } = new URL(meter.address)
  expect([hostname, pathname, search]).toEqual(['127.0.0.1', '/3', '?a=b'])

  const client = connect(Number(port), hostname)
  client.write('123')
  expect(String((await once(client, 'data'))[0])).toBe('hello')
  expect(meter.read()).toEqual({ sent: 3, received: 5 })

  const ended = once(client, 'close')
  await meter.close()
  await ended
  server.close()
})
