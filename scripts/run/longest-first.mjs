import { BaseSequencer } from 'vitest/node'

/**
 * The conformance suite first: it takes minutes on some engines, and a worker that begins with it at the end keeps the run
 * waiting while the other has nothing to do. Vitest itself orders by the size of a file, and those are a few lines.
 */
export class LongestFirst extends BaseSequencer {
  /**
   * @override
   * @param {import('vitest/node').TestSpecification[]} files
   */
  async sort(files) {
    const sorted = await super.sort(files)
    /** @param {import('vitest/node').TestSpecification} file */
    const isLong = ({ moduleId }) => moduleId.includes('/test/conformance/')
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
