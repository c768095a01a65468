import 'vitest'

declare module 'vitest' {
  interface TaskMeta {
    /** The capability that the store lacks, set before `context.skip()`: a skip without it counts as a failure. */
    capability?: string
  }
}
