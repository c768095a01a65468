import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'
import { request as requestSecure } from 'node:https'
import { EngineError } from '../engine-error.js'
import type { Probe } from './probe.js'

const BODY = '{"Limit":1}'

/** An emulator takes any signature. AWS refuses this one, in the way only DynamoDB does: that is an answer as well. */
const SIGNED_BY_NOBODY =
  'AWS4-HMAC-SHA256 Credential=local/20200101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0'

/** `ListTables` for one table. */
export const probeDynamoDB: Probe = async (address, signal) => {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new EngineError('INVALID_ARGUMENT', 'It is not an HTTP address.', 'Write http://host:port, or https://.')
  }
  const { response, text } = await post(url, {
    method: 'POST',
    signal,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': BODY.length,
      'x-amz-target': 'DynamoDB_20120810.ListTables',
      'x-amz-date': new Date().toISOString().replaceAll(/[-:]|\.\d+/g, ''),
      authorization: SIGNED_BY_NOBODY,
      connection: 'close',
    },
  })
  const known = response.statusCode === 200 ? /"TableNames"/.test(text) : /"__type"\s*:\s*"com\.amazon/.test(text)
  if (!known) throw new Error(`what answers (HTTP ${response.statusCode}) is not DynamoDB: ${text.slice(0, 100)}`)

  const version = response.headers['x-dynoxide-version']
  if (typeof version === 'string') return { engine: 'dynoxide', version }
  const jetty = String(response.headers.server ?? '').startsWith('Jetty')
  return jetty ? { engine: 'dynamodb-local' } : {}
}

/** Not by `fetch`, which refuses to talk to some ports at all. */
function post(url: URL, options: RequestOptions): Promise<{ response: IncomingMessage; text: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain
    const request = send(url, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.once('end', () => resolve({ response, text }))
      response.once('error', reject)
    })
    request.once('error', reject)
    request.end(BODY)
  })
}
