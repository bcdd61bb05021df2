/**
 * The real program in a process of its own, to be killed: a server or a command line, on a clock that goes
 * CHAOS_CLOCK = "<real start> <time it shows then> <speed>" (milliseconds), so that a grace of a minute passes while
 * somebody is looking on. Providers are waited for CHAOS_TIMEOUT_MS, in proportion. SIGUSR2 sets its clock on by an
 * hour, SIGWINCH back.
 */

import { read as readLine, run } from '../cli/program.ts'
import { report } from '../cli/report.ts'
import { serve } from '../cli/serve.ts'
import { work } from '../cli/work.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { openRelais, type Relais } from '../main.ts'

const { CHAOS_CLOCK, CHAOS_TIMEOUT_MS, ...env } = process.env
const [began = 0, shown = 0, speed = 1] = (CHAOS_CLOCK ?? '').split(' ').map(Number)
const steadyNow = () => shown + (systemClock.now().getTime() - began) * speed
let set = 0
const wall = { now: () => new Date(steadyNow() + set) }
const hour = 3_600_000
process.on('SIGUSR2', () => {
  set += hour
})
process.on('SIGWINCH', () => {
  set -= hour
})
const timeoutMs = Number(CHAOS_TIMEOUT_MS)

const read = readConfig(env)
const config = {
  ...read,
  ...(read.twilio ? { twilio: { ...read.twilio, timeoutMs } } : {}),
  ...(read.sendgrid ? { sendgrid: { ...read.sendgrid, timeoutMs } } : {}),
}
const io = {
  cwd: process.cwd(),
  columns: 80,
  out: (text: string) => void process.stdout.write(text),
  err: (text: string) => void process.stderr.write(text),
}
const argv = process.argv.slice(2)
if (argv[0] === 'serve')
  process.exit(await serve(config, { worker: !argv.includes('--no-worker'), json: true }, io, { wall, steadyNow }))
if (argv[0] === 'worker') {
  const reading = await readLine(argv, io)
  if ('exit' in reading) process.exit(reading.exit)
  if (reading.needs === 'worker')
    process.exit(await work(config, reading.options, io, { wall }).catch((error: unknown) => report(error, io)))
}

let opened: Promise<Relais> | undefined
const open = () => {
  opened ??= openRelais(config, { wall, steadyNow })
  return opened
}
// Several command lines one after another, with a word of its own between them: each start costs seconds.
for (let rest = argv; rest.length > 0 && !process.exitCode; ) {
  const end = rest.includes('then') ? rest.indexOf('then') : rest.length
  process.exitCode = await run(rest.slice(0, end), io, open)
  rest = rest.slice(end + 1)
}
await (await opened)?.close()
