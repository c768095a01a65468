/** As in package.json; a test compares them. */
export const VERSION = '0.0.0'

/** The semantic conventions that names and values follow. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.45.0'
