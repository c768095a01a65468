/**
 * OpenTelemetry spans and metrics of isomodel's calls.
 *
 * @module
 */
export { IsomodelInstrumentation, type IsomodelInstrumentationConfig } from './instrumentation.js'
