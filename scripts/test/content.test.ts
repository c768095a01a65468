import { expect, test } from 'vitest'
import { judgeContent } from '../packages/content.mjs'

const map = JSON.stringify({ sources: ['../../src/index.ts'], sourcesContent: ['export {}'] })
const good: Record<string, string> = {
  LICENSE: '',
  'README.md': '',
  'package.json': '',
  'dist/esm/index.js': '',
  'dist/esm/index.js.map': map,
  'dist/esm/index.d.ts': '',
}
const manifest = { exports: { '.': { import: { types: './dist/esm/index.d.ts', default: './dist/esm/index.js' } } } }

const judged = (files: Record<string, string>, published: object = manifest): string[] =>
  judgeContent({
    name: 'a',
    tarball: 'a.tgz',
    files: Object.keys(files),
    manifest: published,
    read: (file) => files[file] ?? '',
  })

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(good).filter(([file]) => file !== name))

test('a package as it should be', () => {
  expect(judged(good)).toEqual([])
})

test.each(['LICENSE', 'README.md', 'dist/esm/index.d.ts', 'dist/esm/index.js'])('%s is not left out', (file) => {
  expect(judged(without(file))).toContain(`${file} is missing`)
})

test('nothing else is published', () => {
  expect(judged({ ...good, 'src/index.ts': '' })).toEqual(['src/index.ts should not be published'])
  expect(judged({ ...good, 'dist/tsconfig.json': '' })).toEqual(['dist/tsconfig.json should not be published'])
})

test('the workspace leaves no trace in package.json', () => {
  expect(judged(good, { ...manifest, dependencies: { b: 'workspace:^' } })).toHaveLength(1)
  expect(judged(good, { exports: { '.': { 'isomodel-source': './src/index.ts' } } })[1]).toContain('publishConfig')
})

test('source maps carry their sources', () => {
  expect(judged(without('dist/esm/index.js.map'))).toEqual(['dist/esm/index.js has no source map'])
  const bare = JSON.stringify({ sources: ['../../src/index.ts'] })
  expect(judged({ ...good, 'dist/esm/index.js.map': bare })).toEqual([
    'dist/esm/index.js.map does not carry its sources',
  ])
})
