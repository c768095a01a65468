import type { Changes, Collections, Plan, ReadCall, Scans } from '@isomodel/core/driver'
import { begun, emptyPage, shortPage, shortScan } from './pages.js'
import { type PickFault, refuse } from './refuse.js'

/** Collections in pages that are empty or short. */
export function faultyCollections(
  collections: Collections,
  pick: PickFault,
  judge: (plan: Plan, call: ReadCall) => void,
): Collections {
  return {
    plan: (members) => collections.plan(members),
    async fetch(plan, request, call) {
      for (const member of plan.members) judge(member, call)
      const fault = pick('collection', request)
      refuse(fault, call)
      if (fault === 'emptyPage') return emptyPage(request, call)
      return collections.fetch(plan, shortPage(fault, begun(request)), call)
    },
  }
}

/** Scans in pages that are empty or short. */
export function faultyScans(scans: Scans, pick: PickFault): Scans {
  return {
    segments: scans.segments,
    plan: (scan) => scans.plan(scan),
    async fetch(plan, request, call) {
      // A scan's cursor holds where it has come to, and at its start that is nowhere.
      const fault = pick('scan', request, request.after === undefined ? ['emptyPage'] : [])
      refuse(fault, call)
      if (fault === 'emptyPage') return { ...emptyPage(request, call), reads: 0 }
      return scans.fetch(plan, shortScan(fault, request), call)
    },
  }
}

/** A feed that refuses for now, or gives few changes at a time. */
export function faultyChanges(changes: Changes, pick: PickFault): Changes {
  return {
    async open(entities, after, call) {
      refuse(pick('changes', entities, ['shortPage']), call)
      const reader = await changes.open(entities, after, call)
      return {
        get position() {
          return reader.position
        },
        async read(request, running) {
          const fault = pick('changes', request)
          refuse(fault, running)
          return reader.read(shortPage(fault, request), running)
        },
        close: () => reader.close(),
      }
    },
  }
}
