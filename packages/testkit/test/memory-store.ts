import { memory } from '@isomodel/memory'
import type { StoreEntry } from '../src/index.js'

export function memoryStore(name: string): StoreEntry {
  return { name, open: async () => ({ adapter: memory(), close: async () => undefined }) }
}
