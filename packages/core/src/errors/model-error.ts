/** A definition that cannot work, found at `defineEntity` or `connect`, before any store is touched. */
export class ModelError extends Error {
  override readonly name: string = 'ModelError'
  /** The entity that is defined, when its name is known. */
  readonly entity: string | undefined

  constructor(entity: string | undefined, message: string) {
    super(entity === undefined ? message : `Entity ${entity}: ${message}`)
    this.entity = entity
  }
}
