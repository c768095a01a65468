import { arch, availableParallelism, cpus, release, type as systemType, totalmem } from 'node:os'

/** What the comparison ran on, for the report. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  /** GiB. */
  readonly memory: number
  readonly system: string
  readonly node: string
}

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${systemType()} ${release()} ${arch()}`,
    node: process.version,
  }
}
