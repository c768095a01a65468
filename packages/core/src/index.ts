export type {
  Adapter,
  CapabilitiesOf,
  Capability,
  Capacity,
  CheckProblem,
  CheckReport,
  Claims,
  Consistency,
  Explanation,
  NativeOf,
  SetupReport,
  Target,
} from './driver/contract.js'
export { BatchError, type BatchFailure } from './errors/batch-error.js'
export { ModelError } from './errors/model-error.js'
export {
  type ErrorCode,
  type Outcome,
  StoreError,
  type StoreErrorDetails,
  UnsupportedError,
} from './errors/store-error.js'
export { TransactionError } from './errors/transaction-error.js'
export { type Definition, defineEntity } from './model/define-entity.js'
export type {
  AnyEntity,
  ArgumentOf,
  Entity,
  EntityOf,
  EntitySchema,
  IndexPartitionOf,
  KeyOf,
  ObjectChanges,
  PartitionOf,
} from './model/infer.js'
export type { EntityModel, IndexModel, KeyField, KeyModel, Model } from './model/model.js'
export type { CallEvent, CallFailure, RequestEvent, Within } from './observe/events.js'
export type { Condition, OrderedValue } from './query/condition.js'
export type {
  BigintField,
  BooleanField,
  BytesField,
  ContainerField,
  DateField,
  Field,
  FieldsOf,
  ListField,
  NumberField,
  NumericField,
  ObjectField,
  OrderedField,
  RecordField,
  SetField,
  StringField,
} from './query/fields.js'
export type { ConditionOperators, Reach } from './query/operators.js'
export type { Capable, Needs, Refused, StoreLimits } from './repository/capability-types.js'
export type {
  ChangeBatch,
  ChangeFeed,
  ChangeKind,
  ChangesOptions,
  EntityChange,
  FollowChanges,
  ReadChangesOptions,
} from './repository/change-types.js'
export type {
  Collect,
  Collection,
  CollectionExplanation,
  CollectionItems,
  CollectionPage,
  CollectionRow,
  MeasuredCollection,
} from './repository/collection-types.js'
export { connect } from './repository/connect.js'
export type {
  ReadTransaction,
  Transact,
  Transaction,
  TransactionItem,
  TransactionReads,
  TransactionResults,
  TransactionWrites,
  TransactOptions,
} from './repository/transaction-types.js'
export type {
  AssumedRows,
  CallOptions,
  ChangesArgument,
  ConditionArgument,
  ConnectOptions,
  Db,
  DbHandle,
  Entities,
  ExplainCalls,
  FillOptions,
  FillReport,
  GuardOptions,
  MeasuredQuery,
  Page,
  PageOptions,
  Query,
  QueryExplanation,
  ReadOptions,
  Repository,
  Returned,
  Returning,
  Scan,
  ScanOptions,
  SetupResult,
  WriteOptions,
} from './repository/types.js'
export type { Path, Value, Values } from './schema/value.js'
export type { Change } from './write/change.js'
export type { UpdateOperators } from './write/operators.js'
