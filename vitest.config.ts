import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/run/longest-first.mjs'
import { testProjects } from './scripts/run/projects.mjs'
import { luaVitePlugin } from './scripts/source/lua.mjs'

// Everything inside the workspace is tested from its source, so that no test ever passes on yesterday's build. `module` is
// left out: it leads to a dependency's files for bundlers, which Node cannot load.
const conditions = ['isomodel-source', 'node', 'development|production']

export default defineConfig({
  plugins: [luaVitePlugin],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['isomodel-source', 'node'] } },
  test: {
    projects: testProjects(import.meta.dirname).map(({ name, root }) => ({
      extends: true,
      test: { name, root, include: ['**/*.test.ts'] },
    })),
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    // A store's answer is a matter of milliseconds; a Java engine's first one, on a busy machine, is not.
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
    restoreMocks: true,
    allowOnly: false,
    passWithNoTests: false,
  },
})
