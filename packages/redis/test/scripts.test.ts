import { expect, it } from 'vitest'
import { scripts } from '../src/scripts.js'

it.each(scripts)('$name is plain ASCII', ({ text }) => {
  // Another byte on the wire than in the digest, and the server would never know the script by its name.
  expect(/[^\t\n\x20-\x7e]/.exec(text)).toBeNull()
})
