import { StoreError } from '../errors/store-error.js'

const CALL = ['signal', 'deadline']
const READ = [...CALL, 'consistency']
const GUARD = ['if', 'ifRevision']
const WRITE = [...CALL, ...GUARD, 'return']

/** The options of each operation. A misspelt guard would not guard, so no name is passed over. */
const KNOWN: { readonly [operation: string]: readonly string[] } = {
  connect: [
    'now',
    'cursorSecret',
    'readPolicy',
    'onWarning',
    'deadline',
    'attempts',
    'coalesce',
    'onCall',
    'onRequest',
    'signal',
  ],
  setup: CALL,
  fillIndexes: [...CALL, 'segments', 'onProgress'],
  check: CALL,
  get: READ,
  getMany: READ,
  create: [...CALL, 'return'],
  put: WRITE,
  upsert: WRITE,
  update: [...WRITE, 'orCreate'],
  delete: WRITE,
  putMany: CALL,
  deleteMany: CALL,
  transact: [...CALL, 'token'],
  transactGet: CALL,
  'query.page': [...CALL, 'size', 'cursor'],
  'query.measure': [...CALL, 'size', 'cursor'],
  'query.explain': ['rows', 'itemBytes'],
  'query.all': CALL,
  'query.first': CALL,
  'query.one': CALL,
  'query.count': CALL,
  'query.iterate': CALL,
  changes: [...CALL, 'after'],
  'changes.read': [...CALL, 'limit', 'wait'],
  'collection.page': [...CALL, 'size', 'cursor'],
  'collection.measure': [...CALL, 'size', 'cursor'],
  'collection.all': CALL,
  'collection.count': CALL,
  'collection.iterate': CALL,
  scan: ['allowScan', 'budget', 'segments'],
  'scan.page': [...CALL, 'size', 'cursor'],
  'scan.all': CALL,
  'scan.first': CALL,
  'scan.count': CALL,
  'scan.iterate': CALL,
}

/** Throws `VALIDATION` for options that the operation does not have, naming those that it has. */
export function checkOptions(operation: string, options: unknown): void {
  const known = KNOWN[operation]
  if (options === undefined || known === undefined) return
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const got = options === null ? 'null' : Array.isArray(options) ? 'a list' : typeof options
    throw invalid(operation, `takes its options as an object; it got ${got}.`)
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw invalid(operation, `has no option ${JSON.stringify(unknown)}; there are ${known.join(', ')}.`)
  }
}

function invalid(operation: string, message: string): StoreError {
  return new StoreError(`${operation} ${message}`, { code: 'VALIDATION' })
}
