import type { Case } from '../case.js'
import { aliasing } from './aliasing.js'
import { containers } from './containers.js'
import { fieldNames } from './names.js'
import { nesting } from './nesting.js'
import { scalars } from './scalars.js'
import { schemas } from './schemas.js'
import { sizes } from './sizes.js'
import { storedNames } from './stored-names.js'
import { unions } from './unions.js'

/** P1: whatever is accepted comes back equal, and what cannot be held is refused before it is sent. */
export const values: readonly Case[] = [
  ...scalars,
  ...containers,
  ...fieldNames,
  ...nesting,
  ...unions,
  ...schemas,
  ...aliasing,
  ...sizes,
  ...storedNames,
]
