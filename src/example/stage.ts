import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { putWords } from '../campaign/drafts.ts'
import { type Launched, launchCampaign } from '../campaign/launch.ts'
import { loadTemplates } from '../campaign/templates.ts'
import type { Simulation } from '../channel.ts'
import { businessNow, systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Context, Network } from '../context.ts'
import { contacts, networks } from '../db/schema.ts'
import { runJobs } from '../job/run.ts'
import { openRelais } from '../main.ts'
import { addCounterScreens } from '../network/counter-screens.ts'
import { importFile } from '../network/import/import-file.ts'
import type { ImportSummary } from '../network/import/summary.ts'
import { createNetwork, type NewNetwork } from '../network/networks.ts'
import { setUpNetwork } from '../network/setup.ts'
import { draw } from '../random.ts'
import { packageRoot } from '../root.ts'
import { parseSegments } from '../segment/parse.ts'
import { refreshSegments } from '../segment/refresh.ts'
import { listSegments, saveSegments } from '../segment/save.ts'
import { reportEvent } from '../sequence/report.ts'
import { advance } from '../time-machine.ts'
import { channelNames, languages } from '../words.ts'
import { partOf } from './part-of.ts'

export interface StageOptions {
  /** The example, a folder below `examples/`. */
  name: string
  /** Where the installation is kept; it must be empty. */
  folder: string
  seed: string
  /** Business time at which the example begins. */
  begins: Date
  network: Omit<NewNetwork, 'name' | 'mode'>
  /** The first so many hundredths of its sites; all unless told. */
  percent?: number
  /** Who stands behind the carriers, beside the seed. */
  people?: Omit<Simulation, 'seed'>
  /** Consents in its file can be shown. */
  basis?: 'consent'
  /** Hears what is being done, in a few words. */
  onStage?: (doing: string) => void
}

/** An example's own installation, with its network in it, and what its script does with it. */
export interface Stage {
  context: Context
  network: Network
  seed: string
  now(): Date
  /** Imports a file of the example. */
  import(file: string): Promise<ImportSummary>
  /** Launches one of the example's campaign files. */
  launch(file: string): Promise<Launched>
  /** Tells of something that happened to somebody of the file, as a program would by the API. */
  report(name: string, whom: string, data?: Record<string, unknown>): Promise<void>
  /** Moves the clock to an instant; everything due on the way happens, in its order. */
  to(at: string): Promise<Date>
  close(): Promise<void>
}

const mailFrom = 'Relais <bonjour@reseau.example.com>'

const folderOf = (name: string) => join(packageRoot, 'examples', name)

/**
 * Opens an installation of the example's own and sets its network up as a user would: the import, the segments, the
 * words, the counter screens. Its wall clock stands still and its randomness is drawn from the seed, so that the same
 * seed plays the same course of events, whatever the machine.
 */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { name, folder, seed, begins, people, basis, percent, onStage } = options
  let drawn = 0
  const random = {
    bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(draw(seed, 'bytes', drawn++) * 256)),
  }
  const config = readConfig({ RELAIS_DATA: folder, LOG_LEVEL: 'error', DISK_RESERVE_MB: '0', MAIL_FROM: mailFrom })
  // It stands still, so that nothing depends on how fast this machine is.
  const began = systemClock.now()
  const relais = await openRelais(config, {
    wall: { now: () => began },
    random,
    simulation: { seed, ...people },
    isReplayable: true,
  })
  const { context } = relais
  const network = await context.db.transaction(async (tx) => {
    const created = await createNetwork(tx, { ...options.network, name, mode: 'sandbox' }, begins)
    const clockOffsetMs = begins.getTime() - began.getTime()
    await tx.update(networks).set({ clockOffsetMs }).where(eq(networks.id, created.id))
    return { ...created, clockOffsetMs }
  })
  const source = folderOf(name)
  let shown = ''
  const now = () => businessNow(context.wall.now(), network)
  const importOne = async (file: string) => {
    onStage?.(`import ${file}`)
    const whole = join(source, file)
    const part = percent === undefined ? whole : await partOf(whole, percent, folder)
    const summary = await importFile(context, { file: part, name: file, networkId: network.id, basis })
    if (part !== whole) rmSync(part)
    await refreshSegments(context.db, network, now())
    return summary
  }
  await importOne('network.csv')
  await setUpNetwork(context, network)
  await saveOwnSegments(context, network, join(source, 'segments.yaml'), begins)
  await saveOwnWords(context, network, join(source, 'templates'), begins)
  await addCounterScreens(context, network)
  return {
    context,
    network,
    seed,
    now,
    import: importOne,
    launch: async (file) => {
      onStage?.(`launch ${file}`)
      const text = readFileSync(join(source, 'campaigns', file), 'utf8')
      const launched = await launchCampaign(context, network, { file, text }, 'operator', now())
      await runJobs(context)
      return launched
    },
    report: async (event, whom, data = {}) => {
      const [person] = await context.db
        .select({ id: contacts.id })
        .from(contacts)
        .where(and(eq(contacts.networkId, network.id), eq(contacts.externalId, whom)))
      if (!person) throw new Error(`Nobody in the file is ${whom}.`)
      const at = now()
      const key = `${event}:${whom}:${at.toISOString()}`
      const told = { name: event, contactId: person.id, data, key, source: 'api', at, now: at }
      await context.db.transaction((tx) => reportEvent(tx, network.id, told))
    },
    to: async (at) => {
      if (at.slice(0, 7) !== shown) onStage?.(at.slice(0, 7))
      shown = at.slice(0, 7)
      const reached = await advance(context, network, { to: new Date(at) })
      await runJobs(context)
      return reached
    },
    close: () => relais.close(),
  }
}

async function saveOwnSegments(context: Context, network: Network, file: string, now: Date): Promise<void> {
  if (!existsSync(file)) return
  const existing = (await listSegments(context.db, network.id)).map((one) => one.name)
  const definitions = parseSegments(readFileSync(file, 'utf8'), file, existing)
  await context.db.transaction((tx) => saveSegments(tx, network.id, definitions, now))
  await refreshSegments(context.db, network, now)
}

/** The words of the example become those of its network, as if they had been written in the console. */
async function saveOwnWords(context: Context, network: Network, folder: string, now: Date): Promise<void> {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return
  const catalog = loadTemplates(folder)
  const words = [...catalog.names].flatMap((template) =>
    channelNames.flatMap((channel) =>
      languages.flatMap((language) => {
        const found = catalog.find(template, channel, language)
        return found ? [{ template, channel, language, source: found.source }] : []
      }),
    ),
  )
  await context.db.transaction((tx) => putWords(tx, network.id, words, 'operator', now))
}
