/**
 * A worker in a process of its own, to be killed: with `queue FILE` it puts an import of that file into the queue and
 * ends, without it works on the jobs that wait, says "idle" and ends.
 */
import { readFileSync } from 'node:fs'
import { readConfig } from '../../src/config.ts'
import { runJobs } from '../../src/job/run.ts'
import { openRelais } from '../../src/main.ts'
import { networkForImport } from '../../src/network/networks.ts'
import { queueImport } from '../job/imports.ts'

const wall = { now: () => new Date() }
const { context, close } = await openRelais({ ...readConfig(process.env), logLevel: 'error' }, { wall })
const [what, file] = process.argv.slice(2)
if (what === 'queue' && file) {
  const network = await networkForImport(context.db, 'reseau', 'sandbox', wall.now())
  process.stdout.write(`${await queueImport(context, network, readFileSync(file, 'utf8'), wall.now())}\n`)
} else {
  await runJobs(context)
  process.stdout.write('idle\n')
}
await close()
