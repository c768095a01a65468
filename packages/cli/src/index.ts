export type { CommandOptions } from '@isomodel/compare'
export { run } from './run.js'
