import {
  compareText,
  type Driver,
  decodeIndexText,
  evaluate,
  type Fetched,
  type FetchRequest,
  type GetRequest,
  indexText,
  isInside,
  keyText,
  type Plan,
  partitionText,
  placeText,
  type ReadCall,
  type Row,
  type Stored,
  setOwn,
  textRange,
  type Values,
} from '@isomodel/core/driver'

interface Written {
  readonly place: GetRequest
  /** What was there before; nothing, or something that was not to be read then. */
  readonly before: Stored | undefined
  readonly at: number
}

/** Remembers what was there before the last writes of all connections, and shows an index as it was then. */
export class IndexLag {
  readonly #window: number
  #log: Written[] = []

  constructor(window: number) {
    this.#window = window
  }

  async remembering<T>(driver: Driver, places: readonly GetRequest[], work: () => Promise<T>): Promise<T> {
    const before = await read(driver, places)
    try {
      return await work()
    } finally {
      const at = performance.now()
      this.#log = this.#recent(at)
      for (const [index, place] of places.entries()) {
        const found = before[index]
        if (found !== 'throttled') this.#log.push({ place, before: found, at })
      }
    }
  }

  /** The page as an index gives it that has not heard of the last writes: in their place is what was there before. */
  older(page: Fetched, plan: Plan, { after, limit }: FetchRequest): Fetched {
    const { entity, index, reverse } = plan.query
    if (index === undefined) return page
    const before = new Map<string, Stored | undefined>()
    for (const { place, before: was } of this.#recent(performance.now())) {
      const text = placeText(keyText(place.entity, place.key))
      if (place.entity.name === entity.name && !before.has(text)) before.set(text, was)
    }
    if (before.size === 0) return page
    const sign = reverse ? -1 : 1
    const follows = (sort: string, other: string | undefined): boolean =>
      other === undefined || compareText(sort, other) * sign > 0
    const partition = partitionText(index, plan.query.partition)
    const rows = page.rows
      .map((row) => ({ sort: row.position(), row }))
      // Of a narrow projection the values need not have the key; the position has.
      .filter(({ sort }) => {
        const key = decodeIndexText(entity, index, { partition, sort })
        return !before.has(placeText(keyText(entity, key)))
      })
    const range = textRange(entity, index, plan.range)
    for (const was of before.values()) {
      const text = was && indexText(entity, index, was.values)
      if (was === undefined || text?.partition !== partition || !isInside(text.sort, range)) continue
      if (!follows(text.sort, after) || (page.next !== undefined && follows(text.sort, page.next))) continue
      if (plan.pushed !== undefined && !evaluate(plan.pushed, was.values)) continue
      rows.push({ sort: text.sort, row: rowOf(was, text.sort, plan) })
    }
    rows.sort((left, right) => compareText(left.sort, right.sort) * sign)
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    const cutOff = rows.length > limit && last !== undefined
    const next = cutOff ? last.sort : page.next
    return { rows: shown.map(({ row }) => row), ...(next === undefined ? {} : { next }) }
  }

  #recent(now: number): Written[] {
    return this.#log.filter(({ at }) => now - at < this.#window)
  }
}

async function read(
  driver: Driver,
  places: readonly GetRequest[],
): Promise<readonly (Stored | undefined | 'throttled')[]> {
  const call: ReadCall = { signal: undefined, sent: () => () => undefined, consistency: 'strong' }
  const found: (Stored | undefined | 'throttled')[] = []
  const { getBatch } = driver.limits
  for (let from = 0; from < places.length; from += getBatch) {
    found.push(...(await driver.get(places.slice(from, from + getBatch), call)))
  }
  return found
}

/** What lay there, of the asked fields; a copy, as it may be shown again. */
function rowOf({ values, token }: Stored, sort: string, { query }: Plan): Row {
  const { entity, select } = query
  const names = new Set([...(select ?? []), ...[...entity.key.partition, ...entity.key.sort].map(({ name }) => name)])
  if (entity.ttl !== undefined) names.add(entity.ttl)
  const kept: Values = {}
  for (const [name, value] of Object.entries(structuredClone(values))) {
    if (select === undefined || names.has(name)) setOwn(kept, name, value)
  }
  return { stored: { values: kept, token }, position: () => sort }
}
