import { StoreError } from '@isomodel/core'

const injected = 'injected by a test'

export function throttled(): StoreError {
  return new StoreError(`The store takes no more requests for now (${injected}).`, {
    code: 'THROTTLED',
    retryable: true,
  })
}

export function conflict(): StoreError {
  return new StoreError(`Others kept changing the entity (${injected}).`, { code: 'CONFLICT', retryable: true })
}

export function unavailable(): StoreError {
  return new StoreError(`The store cannot be reached (${injected}).`, { code: 'UNAVAILABLE', retryable: true })
}

export function cut(): StoreError {
  return new StoreError(`The connection broke before the reply came (${injected}).`, {
    code: 'UNAVAILABLE',
    retryable: true,
    outcome: 'unknown',
  })
}

export function late(): StoreError {
  return new StoreError(`The store did not answer in time (${injected}).`, {
    code: 'TIMEOUT',
    retryable: true,
    outcome: 'unknown',
  })
}
