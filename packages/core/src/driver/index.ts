/**
 * What an adapter is made with: the driver contract, and the kit that every store needs alike.
 *
 * @module
 */
export { ModelError } from '../errors/model-error.js'
export * from '../errors/store-error.js'
export type * from '../model/model.js'
export { compareValues, equalValues } from '../query/compare-values.js'
export type * from '../query/condition.js'
export { evaluate, stepInto, valueAt } from '../query/evaluate.js'
export { invalidCursor } from '../query/invalid-cursor.js'
export {
  ALWAYS,
  isAlways,
  isLeaf,
  isNever,
  join,
  type LeafCondition,
  mapCondition,
  NEVER,
  simplify,
} from '../query/simplify.js'
export { changePresenter } from '../repository/present-changes.js'
export { slotAt } from '../schema/slot-at.js'
export type * from '../schema/type.js'
export { formatPath, getOwn, type Path, setOwn, type Value, type Values } from '../schema/value.js'
export { isKind, type ValueKind, type ValueOfKind, valueKind } from '../schema/value-kind.js'
export { addNumbers, MAX_INT64, MIN_INT64 } from '../write/add-numbers.js'
export { type Applied, applyChanges, type ChangeRefusal } from '../write/apply.js'
export type * from '../write/change.js'
export { abortError, throwIfAborted } from './abort.js'
export { afterCommit } from './after-commit.js'
export { type Analysis, analyse } from './analyse.js'
export { type Backoff, fullJitter, sleep } from './backoff.js'
export { type BatchReply, type BatchResult, type BatchSpec, getBatch, runBatch, writeBatch } from './batch.js'
export { changedFields } from './changed-fields.js'
export { compileCodec, type EntityCodec, type UnknownFields, type ValueCodec } from './codec.js'
export { CodecError, type CodecTable, type WireClass, type WireCodec } from './codec-table.js'
export { compareText, successor } from './compare-text.js'
export type * from './contract.js'
export { FORMAT_VERSION } from './format-version.js'
export { type IndexWork, indexWork } from './index-work.js'
export { isExpired, type Judgement, judge, judgeGuard, liveOf, outcomeOf } from './judge.js'
export { decodeComponent, encodeComponent } from './key-component.js'
export { decodeIndexText, decodeKeyText, indexText, type KeyText, keyText, partitionText } from './key-text.js'
export { fetchApart, type MemberRanges, memberRanges } from './member-ranges.js'
export { placeIn, placeOf, placeText } from './place-text.js'
export type * from './range.js'
export { type ReadModifyWrite, type RewritePace, readModifyWrite } from './read-modify-write.js'
export { type ShownKey, shownKey, shownKeyAt } from './shown-key.js'
export { type SplitCondition, splitCondition } from './split-condition.js'
export { isInside, keyRanges, type TextRange, textRange } from './text-range.js'
export { checkToken, newToken, tokenTime } from './token.js'
