import { dynamodb } from '@isomodel/dynamodb'

// DynamoDB Local takes any credentials. On AWS leave `client` out: region and credentials come from the environment.
const endpoint = process.env.DYNAMODB_ENDPOINT ?? 'http://127.0.0.1:8000'
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

const table = process.env.NAMESPACE ?? 'examples'

export const store = dynamodb({ client: { endpoint, region: 'us-east-1', credentials }, table })
