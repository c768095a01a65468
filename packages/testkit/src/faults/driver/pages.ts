import type { Call, FetchRequest, ScanRequest } from '@isomodel/core/driver'
import type { DriverFault } from './driver-fault.js'
import { lose } from './unsure.js'

/** Where a query goes on whose first page was empty; no position is that, as they hold no control characters. */
const START = '\n'

/** The request as the driver knows it: what goes on behind an empty first page begins. */
export function begun({ after, ...first }: FetchRequest): FetchRequest {
  return after === undefined || after === START ? first : { ...first, after }
}

/** No rows, and yet not the end. */
export function emptyPage(
  { after = START }: { readonly after?: string },
  call: Call,
): { readonly rows: readonly never[]; readonly next: string } {
  lose(call, 'emptyPage')
  return { rows: [], next: after }
}

/** The request, or one for half as much. */
export function shortPage<R extends { readonly limit: number }>(fault: DriverFault | undefined, request: R): R {
  return fault === 'shortPage' ? { ...request, limit: half(request.limit) } : request
}

/** As `shortPage`, of the rows that a scan looks at. */
export function shortScan(fault: DriverFault | undefined, request: ScanRequest): ScanRequest {
  return fault === 'shortPage' ? { ...request, reads: half(request.reads) } : request
}

const half = (count: number): number => Math.max(1, Math.floor(count / 2))
