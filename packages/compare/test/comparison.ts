import type { Comparison } from '../src/result.js'
import { patternNames } from '../src/shop/expected.js'

/** A comparison of one store, as tests want it: `text` stands wherever an engine, a file or an error gives the words. */
export function comparison({
  text = 'plain',
  equal = true,
  failure,
  disagreement,
}: {
  readonly text?: string
  readonly equal?: boolean
  readonly failure?: string
  readonly disagreement?: string
} = {}): Comparison {
  const side = (p50: number, throughput: number) => ({
    samples: 400,
    errors: 0,
    error: undefined,
    latency: { p50, p95: p50 * 2.5, p99: undefined },
    throughput,
  })
  return {
    format: 1,
    version: '1.2.3',
    startedAt: '2026-11-23T00:00:00.000Z',
    seconds: 90,
    settings: { stores: ['redis'], size: 'small', seed: 1, entities: 4_000, concurrency: 4, rounds: 3 },
    machine: { cpu: text, cores: 2, memory: 8, system: text, node: 'v24.0.0' },
    clients: { ioredis: text },
    findings: [{ pattern: 'payments of an invoice', says: text }],
    stores: [
      {
        name: 'redis',
        engine: { name: 'redis', version: text, source: text, caveat: text },
        vendor: { client: text, layout: text },
        verdicts: patternNames.map((pattern, at) => {
          const same = equal || at > 0
          const differences = same ? [] : [text === 'plain' ? 'name: expected "a", found "b"' : text]
          return { pattern, arguments: { id: 'c#1' }, equal: same, expected: 1, differences, roundTrips: 2 }
        }),
        load: { entities: 4_000, library: 900, vendor: 1_000, ratio: { median: 1.1, least: 1, greatest: 1.2 } },
        operations: [
          {
            operation: 'customer by customerId',
            library: side(0.5, 2_000),
            vendor: side(0.4, 2_500),
            ratio: { median: 1.25, least: 1.1, greatest: 1.4 },
            traffic: { roundTrips: 1, bytesSent: 100, bytesReceived: 200 },
            vendorTraffic: { roundTrips: 1, bytesSent: 90, bytesReceived: 190 },
            checked: 16,
            disagreements: disagreement === undefined ? [] : [disagreement],
          },
        ],
        failure,
      },
    ],
    ok: equal && failure === undefined && disagreement === undefined,
  }
}
