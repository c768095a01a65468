import { CreateTableCommand, DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { startEngine } from '../src/index.js'
import { collectLog } from './machine.js'

test('DynamoDB Local adds to sets of any language, also in the C locale', async () => {
  const { LC_ALL: _, LANG: __, ...inherited } = process.env
  const env = { ...inherited, LC_ALL: 'C' }
  await using engine = await startEngine('dynamodb-local', { env, log: collectLog().log })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: engine.address, region: 'us-east-1', credentials })
  await client.send(
    new CreateTableCommand({
      TableName: 'words',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  const words = ['é', 'e\u0301', '語', '😀']
  await client.send(new PutItemCommand({ TableName: 'words', Item: { pk: { S: 'é' }, words: { SS: words } } }))
  const { Attributes } = await client.send(
    new UpdateItemCommand({
      TableName: 'words',
      Key: { pk: { S: 'é' } },
      UpdateExpression: 'ADD words :more',
      ExpressionAttributeValues: { ':more': { SS: ['ß'] } },
      ReturnValues: 'ALL_NEW',
    }),
  )
  expect(new Set(Attributes?.words?.SS)).toEqual(new Set([...words, 'ß']))
  client.destroy()
})
