import { type Memory, memory } from '@isomodel/memory'
import type { Harness } from '../src/conformance/index.js'

/** A harness over stores in process: one `memory()` for each namespace. */
export function memoryHarness(): Harness {
  const namespaces = new Map<string, Memory>()
  return {
    name: 'memory',
    adapter(namespace) {
      const known = namespaces.get(namespace)
      if (known !== undefined) return known
      const made = memory()
      namespaces.set(namespace, made)
      return made
    },
  }
}
