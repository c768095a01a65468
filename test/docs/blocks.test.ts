import { expect, test } from 'vitest'
import { readModules } from './blocks.js'

const page = (...lines: string[]): string => lines.join('\n')

test('each block is a module, with its lines where the page has them', () => {
  const text = page('# Title', '```ts', 'const a = 1', '```', 'text', '```ts no-run', 'const b = 2', '```')
  expect(readModules('p.md', text)).toEqual([
    { page: 'p.md', line: 3, runs: true, code: '\n\nconst a = 1\nexport {}\n' },
    { page: 'p.md', line: 7, runs: false, code: '\n\n\n\n\n\nconst b = 2\nexport {}\n' },
  ])
})

test('a block that continues joins the one before, and what is hidden the one after', () => {
  const text = page('<!-- ts', 'const a = 1', '-->', '```ts', 'a', '```', '```ts continues', 'a + 1', '```')
  expect(readModules('p.md', text)).toEqual([
    { page: 'p.md', line: 5, runs: true, code: '\nconst a = 1\n\n\na\n\n\na + 1\nexport {}\n' },
  ])
})

test('other languages are left alone, longer fences hold shorter ones', () => {
  expect(readModules('p.md', page('```sh', 'npm test', '```', '````md', '```ts', 'x', '```', '````'))).toEqual([])
})

test('the indent of a list does not shift the code', () => {
  expect(readModules('p.md', page('- item', '  ```ts', '  const a = 1', '  ```'))[0]?.code).toContain('\nconst a = 1\n')
})

test.each([
  ['```typescript', 'p.md:1: use `ts` for code, so that it is checked, not `typescript`'],
  ['```js', 'p.md:1: use `ts` for code, so that it is checked, not `js`'],
  ['```ts norun', "p.md:1: no word 'norun' after ts: use continues or no-run"],
  ['```ts continues', 'p.md:1: there is no block to continue'],
])('%s is refused', (fence, message) => {
  expect(() => readModules('p.md', page(fence, 'x', '```'))).toThrow(message)
})
