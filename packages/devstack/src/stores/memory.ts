import { load } from './load.js'
import type { OpenNamespace } from './store-entry.js'

export async function openMemory(): Promise<OpenNamespace> {
  const { memory } = await load(['@isomodel/memory'], () => import('@isomodel/memory'))
  return { adapter: memory(), close: async () => undefined }
}
