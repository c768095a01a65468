const PATIENCE = 5

let turned = 0

/**
 * Lets others run before a request takes effect, as a store elsewhere would: a microtask, and after a few milliseconds of
 * nothing else a whole turn of the event loop, so that a long loop of requests keeps no timer or deadline waiting.
 */
export function turn(): Promise<void> {
  const now = performance.now()
  if (now - turned < PATIENCE) return Promise.resolve()
  turned = now
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
