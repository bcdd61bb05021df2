import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, asc, count, desc, inArray, isNotNull } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { run } from '../../src/cli/program.ts'
import { readConfig } from '../../src/config.ts'
import { events } from '../../src/db/schema.ts'
import { openRelais, type Relais } from '../../src/main.ts'
import { packageRoot } from '../../src/root.ts'
import { startRelais } from '../cli/process.ts'
import { commandsIn, type Fence, fencesOf } from './fences.ts'

const file = join(packageRoot, 'README.md')
const readme = readFileSync(file, 'utf8')
const fences = fencesOf(readme)
const scripts = (
  JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
).scripts
/** UPDATE_DOCS=1 writes what the commands print into the README instead of comparing. */
const isUpdating = process.env.UPDATE_DOCS !== undefined

/** Each block of `relais` commands with the block that shows what they print. */
const walk = fences.flatMap((fence, index) => {
  const commands = fence.language === 'sh' ? commandsIn(fence) : []
  const shown = fences[index + 1]
  return commands.some((command) => command.startsWith('npm run relais -- ')) && shown ? [{ commands, shown }] : []
})

const ids = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** Ids are new at every run; the columns of what follows chance are compared, not its figures. */
const withoutIds = (text: string) => text.replace(ids, '<id>')
const shapeOf = (text: string) =>
  withoutIds(text)
    .split('\n')
    .filter((line) => /^(The clock of|reseau|status|event|at) /.test(line))
    .map((line) => line.replace(/\d+/g, '0').replace(/ +/g, ' '))
const isLeftToChance = (commands: readonly string[]) =>
  commands.some((command) => / -- (advance|contact) /.test(command))

describe('the README', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-readme-'))
  const printed: { shown: Fence; text: string }[] = []
  let relais: Relais

  beforeAll(async () => {
    const pilot = fences.find((fence) => fence.language === 'yaml')
    writeFileSync(join(folder, 'pilot.yaml'), pilot!.text)
    const config = readConfig({ RELAIS_DATA: join(folder, 'data'), LOG_LEVEL: 'silent' })
    relais = await openRelais(config, { wall: { now: () => new Date('2026-11-23T09:00:00Z') } })
  })

  afterAll(async () => {
    await relais.close()
    rmSync(folder, { recursive: true, force: true })
    if (!isUpdating) return
    let text = readme
    for (const { shown, text: output } of printed.toReversed())
      text = `${text.slice(0, shown.start)}${output}${text.slice(shown.end)}`
    writeFileSync(file, text)
  })

  /** Whoever has the longest story. */
  const someone = async (): Promise<string> => {
    const told = await relais.context.db
      .select({ contactId: events.contactId, total: count() })
      .from(events)
      .where(and(isNotNull(events.contactId), inArray(events.type, ['open', 'click', 'register', 'reply'])))
      .groupBy(events.contactId)
      .orderBy(desc(count()), asc(events.contactId))
      .limit(1)
    const [first] = told
    if (!first?.contactId) throw new Error('Nobody answered anything: the simulated people have gone quiet.')
    return first.contactId
  }

  const relaisSays = async (command: string): Promise<string> => {
    const words = command.replace('npm run relais -- ', '').split(' ')
    if (words[0] === 'contact') words[1] = await someone()
    if (words[0] === 'import') words[1] = join(packageRoot, words[1]!)
    let out = ''
    let err = ''
    const io: Io = {
      cwd: folder,
      columns: 120,
      out: (text) => {
        out += text
      },
      err: (text) => {
        err += text
      },
    }
    expect({ exit: await run(words, io, async () => relais), err }, command).toEqual({ exit: 0, err: '' })
    return out
  }

  it('has a walk of commands with what they print', () => {
    expect(walk.flatMap(({ commands }) => commands.map((command) => command.split(' ')[4]))).toEqual([
      'import',
      'segment',
      'plan',
      'launch',
      'advance',
      'status',
      'contact',
    ])
  })

  it('shows what its commands really print', { timeout: 180_000 }, async () => {
    for (const { commands, shown } of walk) {
      const outputs: string[] = []
      for (const command of commands) outputs.push(await relaisSays(command))
      const text = outputs.join('\n')
      printed.push({ shown, text })
      if (isUpdating) continue
      if (isLeftToChance(commands)) expect(shapeOf(shown.text), commands.join('; ')).toEqual(shapeOf(text))
      else expect(withoutIds(shown.text), commands.join('; ')).toBe(withoutIds(text))
    }
  })

  it('starts as it says, with the lines it shows', { timeout: 120_000 }, async () => {
    const shown = fences.find((fence) => fence.text.includes('Relais is at'))!.text
    const masked = (text: string) =>
      text
        .trim()
        .replace(/localhost:\d+/g, 'localhost')
        .replace(/sign-in\/[\w-]+/g, 'sign-in/…')
    const { child } = startRelais(['serve'], {
      cwd: packageRoot,
      env: { PORT: '0', RELAIS_DATA: join(folder, 'served'), LOG_LEVEL: 'error' },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let out = ''
    let err = ''
    child.stderr!.on('data', (chunk: string) => {
      err += chunk
    })
    child.stdout!.on('data', (chunk: string) => {
      out += chunk
      if (out.includes('Stop with Ctrl-C')) child.kill('SIGTERM')
    })
    const exit = await new Promise((resolve) => child.once('close', resolve))
    expect({ exit, err: exit === 0 ? '' : err }).toEqual({ exit: 0, err: '' })
    expect(masked(out)).toBe(masked(shown))
  })

  it('names npm commands that exist and are those of CI', () => {
    const commands = fences
      .filter((fence) => fence.language === 'sh')
      .flatMap(commandsIn)
      .filter((command) => !command.startsWith('npm run relais -- '))
    expect(commands).toEqual(['npm ci', 'npm start', 'npm ci', 'npm test', 'npm run bench'])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'bench', 'relais']))
    expect(scripts.start).toMatch(/cli\.js serve$/)
    const ci = readFileSync(join(packageRoot, '.ci/run'), 'utf8').split('\n')
    expect(ci.filter((line) => line.startsWith('npm '))).toEqual(['npm ci', 'npm test', 'npm run accept -- --ci'])
  })
})
