import type {
  Driver,
  Fetched,
  FetchRequest,
  Plan,
  ReadCall,
  Scanned,
  ScanPlan,
  ScanRequest,
  Scans,
} from '@isomodel/core/driver'
import type { DriverFault } from './driver-fault.js'
import { lose } from './unsure.js'

/** Where a query goes on whose first page was empty; no position is that, as they hold no control characters. */
const START = '\n'

/** The request as the driver knows it: what goes on behind an empty first page begins. */
export function begun({ after, ...first }: FetchRequest): FetchRequest {
  return after === undefined || after === START ? first : { ...first, after }
}

/** A page of a query as the fault says. */
export async function fetchPage(
  fault: DriverFault | undefined,
  driver: Pick<Driver, 'fetch'>,
  plan: Plan,
  request: FetchRequest,
  call: ReadCall,
): Promise<Fetched> {
  if (fault === 'emptyPage') {
    lose(call, fault)
    return { rows: [], next: request.after ?? START }
  }
  return driver.fetch(plan, fault === 'shortPage' ? { ...request, limit: half(request.limit) } : request, call)
}

/** A page of a scan as the fault says. */
export async function scanPage(
  fault: DriverFault | undefined,
  scans: Scans,
  plan: ScanPlan,
  request: ScanRequest,
  call: ReadCall,
): Promise<Scanned> {
  if (fault === 'emptyPage' && request.after !== undefined) {
    lose(call, fault)
    return { rows: [], next: request.after, reads: 0 }
  }
  return scans.fetch(plan, fault === 'shortPage' ? { ...request, reads: half(request.reads) } : request, call)
}

const half = (count: number): number => Math.max(1, Math.floor(count / 2))
