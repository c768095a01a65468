import type { $ZodType, $ZodTypeDef } from 'zod/v4/core'
import type { Handler } from './compiler.js'

type Refused =
  | 'any'
  | 'unknown'
  | 'never'
  | 'symbol'
  | 'nan'
  | 'int'
  | 'map'
  | 'intersection'
  | 'transform'
  | 'catch'
  | 'success'
  | 'file'
  | 'promise'
  | 'function'

const open = 'say what it holds; for any portable value use z.looseObject or z.json()'

const remedies: { readonly [K in Refused & $ZodTypeDef['type']]: string } = {
  any: open,
  unknown: open,
  never: 'leave it out',
  symbol: 'use z.string()',
  nan: 'use z.number().nullable()',
  int: 'use z.int()',
  map: 'use z.record, or z.array(z.tuple([key, value]))',
  intersection: 'merge the objects: a.extend(b.shape)',
  transform: 'use z.codec with both directions',
  catch: 'leave the catch out; the read policy says what becomes of a stored value that does not fit',
  success: 'store a z.boolean()',
  file: 'store its bytes: z.instanceof(Uint8Array)',
  promise: 'await it before the call',
  function: 'leave it out',
}

function refuse(type: Refused): Handler<$ZodType> {
  return (_schema, _node, compiler) => compiler.refuse(`is of Zod type ${type}, which cannot be stored`, remedies[type])
}

/** What Zod has and no store can hold; each is refused by name, with what to use instead. */
export const refused = Object.fromEntries((Object.keys(remedies) as Refused[]).map((type) => [type, refuse(type)])) as {
  readonly [K in Refused]: Handler<$ZodType>
}
