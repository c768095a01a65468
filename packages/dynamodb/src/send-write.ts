import {
  type ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { type Call, StoreError } from '@isomodel/core/driver'
import type { Item } from './codec.js'
import type { EntityLayout } from './layout.js'
import { type LowLevelClient, sendOnce } from './send.js'
import type { SwapWrite } from './swap.js'
import type { SingleWrite } from './write-request.js'

export type Answer =
  | { readonly written: true; readonly attributes: Item | undefined }
  /** The condition was false; the image is the item that it was false of. */
  | { readonly written: false; readonly image: Item | undefined }

/** Sends one write of one item. Throws StoreError; a condition that is false is an answer. */
export async function sendWrite(
  client: LowLevelClient,
  layout: EntityLayout,
  request: SingleWrite,
  call: Call,
): Promise<Answer> {
  try {
    return { written: true, attributes: await sendCommand(client, layout, request, call) }
  } catch (error) {
    if (error instanceof StoreError && isConditionFailure(error.cause))
      return { written: false, image: error.cause.Item }
    throw error
  }
}

/** A swap as a write of its own. */
export function singleWrite({ command, input }: SwapWrite): SingleWrite {
  const alone = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ReturnConsumedCapacity: 'TOTAL' } as const
  switch (command) {
    case 'PutItem':
      return { command, input: { ...input, ...alone } }
    case 'UpdateItem':
      return { command, input: { ...input, ...alone } }
    case 'DeleteItem':
      return { command, input: { ...input, ...alone } }
  }
}

async function sendCommand(
  client: LowLevelClient,
  layout: EntityLayout,
  { command, input }: SingleWrite,
  call: Call,
): Promise<Item | undefined> {
  const concerned = { command, tables: [layout.table], writes: true }
  switch (command) {
    case 'PutItem':
      return (await sendOnce(client, new PutItemCommand(input), concerned, call)).Attributes
    case 'UpdateItem':
      return (await sendOnce(client, new UpdateItemCommand(input), concerned, call)).Attributes
    case 'DeleteItem':
      return (await sendOnce(client, new DeleteItemCommand(input), concerned, call)).Attributes
  }
}

/** By name, not by class: the client may come from another copy of the SDK. */
function isConditionFailure(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException'
}
