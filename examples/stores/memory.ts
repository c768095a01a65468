import { memory } from '@isomodel/memory'

export const store = memory()
