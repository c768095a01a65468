import { expect, test } from 'vitest'
import { loadTestcontainers } from '../src/container/load-testcontainers.js'

const failing = (code: string, message: string) => () => Promise.reject(Object.assign(new Error(message), { code }))

test.each([
  ['ERR_MODULE_NOT_FOUND', "Cannot find package 'testcontainers' imported from /a/b.js"],
  ['MODULE_NOT_FOUND', "Cannot find module 'testcontainers'"],
])('without testcontainers (%s), the container way says how to install it', async (code, message) => {
  await expect(loadTestcontainers(failing(code, message))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('Docker answers, but testcontainers is not installed.'),
    remedy: expect.stringContaining('npm install --save-dev testcontainers'),
  })
})

test('one that is broken is told as such', async () => {
  const load = failing('ERR_MODULE_NOT_FOUND', "Cannot find package 'ssh2' imported from /a/testcontainers/b.js")
  await expect(loadTestcontainers(load)).rejects.toThrow(/does not load: Cannot find package 'ssh2'/)
})

test('it is loaded when it is there', async () => {
  expect(await loadTestcontainers()).toHaveProperty('getContainerRuntimeClient')
})
