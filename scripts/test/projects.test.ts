import { expect, test } from 'vitest'
import { root } from '../run/processes.mjs'
import { testProjects } from '../run/projects.mjs'

const names = (stores: string): string[] => testProjects(root, stores).map(({ name }) => name)

test('every package with tests is a project, beside those of the workspace', () => {
  expect(names('')).toEqual(expect.arrayContaining(['core', 'memory', 'workspace', 'integration', 'examples']))
})

test('STORES leaves out the adapters of other stores, and nothing else', () => {
  const all = names('')
  const adapters = ['memory', 'dynamodb', 'mongodb', 'redis']
  const only = (adapter: string): string[] => all.filter((name) => name === adapter || !adapters.includes(name))
  expect(names('memory')).toEqual(only('memory'))
  expect(names(' valkey')).toEqual(only('redis'))
})

test('STORES with another name is refused with the names that there are', () => {
  expect(() => names('redis,bogus')).toThrow(
    "STORES names 'bogus', which is no store: use memory, dynamodb, mongodb, redis, valkey, separated by commas",
  )
})
