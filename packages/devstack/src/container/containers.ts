import { GenericContainer, StartupCheckStrategy, type StartupStatus } from 'testcontainers'

/**
 * A container whose port is published on 127.0.0.1 only: the library would publish it on every interface of a machine
 * on which nothing asks for a password. Not for a daemon on another machine, which could not be reached then.
 *
 * Imported only once Docker has answered: what it extends takes most of a second to load.
 */
export class LoopbackContainer extends GenericContainer {
  protected override async beforeContainerCreated(): Promise<void> {
    const bindings: Record<string, { HostIp?: string; HostPort?: string }[]> = this.hostConfig.PortBindings ?? {}
    this.hostConfig.PortBindings = Object.fromEntries(
      Object.entries(bindings).map(([port, hosts]) => [port, hosts.map((host) => ({ ...host, HostIp: '127.0.0.1' }))]),
    )
  }
}

/** Waits for nothing: the server itself is asked, which says more than the open port that the library would look for. */
export class StartedIsEnough extends StartupCheckStrategy {
  override async checkStartupState(): Promise<StartupStatus> {
    return 'SUCCESS'
  }
}
