import { placeText } from '@isomodel/core/driver'
import { describe, expect, it } from 'vitest'
import { engineNames, runEngine } from './support/engines.js'
import { open } from './support/open.js'
import { NOW, Sample } from './support/sample.js'

const scan = { entity: Sample.model, where: undefined, select: undefined, segments: 1 }

describe.each(engineNames)('scans on %s', (name) => {
  const running = runEngine(name)

  it.each([
    ['no sort part', { partition: 'Sample#p', sort: '' }],
    ['a partition that is too long', { partition: 'p'.repeat(2_049), sort: 's' }],
    ['a sort part that is too long', { partition: 'Sample#p', sort: 's'.repeat(1_025) }],
    ['half a character in its partition', { partition: 'Sample#\ud800', sort: 's' }],
    ['half a character in its sort part', { partition: 'Sample#p', sort: '\udc00' }],
  ])('refuse a cursor whose place has %s', async (_, place) => {
    const { driver, strong } = await open(running().client, [Sample])
    const { scans } = driver
    const request = { segment: 0, reads: 10, now: NOW, after: placeText(place) }
    await expect(scans.fetch(scans.plan(scan), request, strong)).rejects.toMatchObject({ code: 'INVALID_CURSOR' })
  })

  it('go on behind a place where nothing lies', async () => {
    const { driver, strong } = await open(running().client, [Sample])
    const { scans } = driver
    const request = { segment: 0, reads: 10, now: NOW, after: placeText({ partition: 'Other#p', sort: 'Other#s' }) }
    expect(await scans.fetch(scans.plan(scan), request, strong)).toMatchObject({ rows: [] })
  })
})
