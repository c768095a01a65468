import { describe, expect, test } from 'vitest'
import { readModule } from '../imports/read.mjs'
import { judge } from '../imports/rules.mjs'

const manifest = (name: string, ...dependencies: string[]) => ({
  name,
  peerDependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '*'])),
})

const refusals = (path: string, code: string, ...dependencies: string[]): string[] => {
  const [folder = '', ...file] = path.split('/')
  const name = file.join('/')
  return judge(folder, name, readModule(name, code), manifest(`@isomodel/${folder}`, '@isomodel/core', ...dependencies))
}

describe('import directions', () => {
  test.each([
    ['a statement', `import { a } from '@isomodel/redis'`],
    ['a type', `import type { A } from '@isomodel/redis'`],
    ['a re-export', `export * from '@isomodel/redis'`],
    ['an import() type', `export type A = import('@isomodel/redis').A`],
    ['an import()', `export const a = await import('@isomodel/redis')`],
    ['a require()', `const a = require('@isomodel/redis')`],
    ['a module augmentation', `declare module '@isomodel/redis' { interface A { a: 1 } }`],
  ])('an adapter never imports another by %s', (_, code) => {
    expect(refusals('dynamodb/src/a.ts', code, '@isomodel/redis')).toEqual([
      `packages/dynamodb/src/a.ts:1 '@isomodel/redis': an adapter never imports another adapter: what both need belongs in @isomodel/core/driver`,
    ])
  })

  test('nor in its tests', () => {
    expect(refusals('dynamodb/test/a.test.ts', `import '@isomodel/redis'`)).toHaveLength(1)
  })

  test('what is allowed is not refused', () => {
    expect(
      refusals(
        'redis/src/a.ts',
        `import '@isomodel/core/driver'; import './b.js'; import 'node:fs'; import 'ioredis'`,
        'ioredis',
      ),
    ).toEqual([])
    expect(
      refusals('redis/test/a.test.ts', `import '@isomodel/devstack'; import '../src/a.js'; import 'vitest'`),
    ).toEqual([])
    expect(refusals('testkit/test/a.test.ts', `import '@isomodel/memory'`)).toEqual([])
  })

  test("an adapter's source knows core only", () => {
    expect(refusals('redis/src/a.ts', `import '@isomodel/devstack'`, '@isomodel/devstack')).toHaveLength(1)
  })

  test('the testkit knows no adapter', () => {
    expect(refusals('testkit/src/a.ts', `import '@isomodel/memory'`, '@isomodel/memory')).toHaveLength(1)
  })

  test('a relative import stays in its package, and source in src', () => {
    expect(refusals('redis/src/a.ts', `import '../../core/src/index.js'`)[0]).toContain(
      'import the other package by its name',
    )
    expect(refusals('redis/src/deep/a.ts', `import '../../test/b.js'`)[0]).toContain('leaves src')
    expect(refusals('redis/src/deep/a.ts', `import '../b.js'`)).toEqual([])
  })

  test('what source imports is declared', () => {
    expect(refusals('redis/src/a.ts', `import 'left-pad/sub'`)[0]).toContain('left-pad is not among the dependencies')
  })

  test("core's code names no store, its comments may", () => {
    expect(refusals('core/src/a.ts', `// DynamoDB refuses empty keys\nexport const a = 'a'`)).toEqual([])
    expect(refusals('core/src/a.ts', `export const is = (n: string) => n === 'memory'`)).toHaveLength(1)
    expect(refusals('core/src/a.ts', `export const text = \`on \${1} Redis\``)).toHaveLength(1)
    expect(refusals('core/src/a.ts', `export const mongoLimit = 1`)).toHaveLength(1)
    expect(refusals('core/test/a.test.ts', `export const mongoLimit = 1`)).toEqual([])
  })

  test('quotes in comments, regular expressions and templates are not imports', () => {
    const code = `const a = /['"] from '@isomodel\\/redis'/ // import '@isomodel/redis'\nconst b = \`import '@isomodel/redis'\``
    expect(refusals('dynamodb/src/a.ts', code)).toEqual([])
  })
})
