import { expect, test } from 'vitest'
import { LoopbackContainer } from '../src/container/containers.js'

class Opened extends LoopbackContainer {
  async published(): Promise<unknown> {
    await this.beforeContainerCreated()
    return this.hostConfig.PortBindings
  }
}

test("a container's port is published on 127.0.0.1 only", async () => {
  const container = new Opened('valkey/valkey:9').withExposedPorts({ container: 6379, host: 40_000 })
  expect(await container.published()).toEqual({ '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: '40000' }] })
})
