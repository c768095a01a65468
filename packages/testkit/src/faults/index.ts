/**
 * Stores and connections that fail on purpose: what happens to an application, or to an adapter, on a bad day.
 *
 * @module
 */
export type { DriverCall, DriverFault } from './driver/driver-fault.js'
export { type DriverFaultPlan, type FaultyAdapter, faulty } from './driver/faulty.js'
export type { FaultCounts, FaultPlan, FaultStep } from './plan.js'
export { type FaultyProxy, faultyProxy } from './proxy/faulty-proxy.js'
export type { ProxyFault, ProxyFaultPlan, ProxyStep } from './proxy/proxy-fault.js'
