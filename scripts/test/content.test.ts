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
const source = 'https://github.com/isomodel/isomodel'
const manifest = {
  description: 'a',
  keywords: ['isomodel'],
  license: 'Apache-2.0',
  author: 'The isomodel authors',
  homepage: `${source}/tree/main/packages/core#readme`,
  repository: { type: 'git', url: `git+${source}.git`, directory: 'packages/core' },
  bugs: { url: `${source}/issues` },
  exports: { '.': { import: { types: './dist/esm/index.d.ts', default: './dist/esm/index.js' } } },
}

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
  expect(judged(good, { ...manifest, exports: { '.': { 'isomodel-source': './src/index.ts' } } })[1]).toContain(
    'publishConfig',
  )
})

test.each(['description', 'keywords', 'license', 'author', 'homepage', 'repository', 'bugs'])(
  'it says its %s',
  (field) => {
    expect(judged(good, { ...manifest, [field]: undefined })).toContain(
      `package.json has no ${field}, or another than its like`,
    )
  },
)

test('the README links to what is there on npm', () => {
  const links = [
    `${source}/blob/main/docs/guide.md#keys`,
    `${source}/tree/main/packages/core`,
    '#top',
    'https://zod.dev',
  ]
  expect(judged({ ...good, 'README.md': links.map((link) => `[a](${link})`).join('\n') })).toEqual([])
  expect(judged({ ...good, 'README.md': `[a](../core) [b](${source}/blob/main/docs/no.md)` })).toEqual([
    `README.md links to ../core, which is not there on npm: begin it with ${source}/blob/main/`,
    'README.md links to docs/no.md, which does not exist',
  ])
})

test('source maps carry their sources', () => {
  expect(judged(without('dist/esm/index.js.map'))).toEqual(['dist/esm/index.js has no source map'])
  const bare = JSON.stringify({ sources: ['../../src/index.ts'] })
  expect(judged({ ...good, 'dist/esm/index.js.map': bare })).toEqual([
    'dist/esm/index.js.map does not carry its sources',
  ])
})
