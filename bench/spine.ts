import { join } from 'node:path'
import Database from 'better-sqlite3'
import { eq } from 'drizzle-orm'
import { launchCampaign, readCampaign } from '../src/campaign/launch.ts'
import { planCampaign } from '../src/campaign/plan.ts'
import { businessNow } from '../src/clock.ts'
import { deliveries, messages } from '../src/db/schema.ts'
import { deliverDue } from '../src/deliver/deliver-due.ts'
import { databasePath } from '../src/main.ts'
import { importFile } from '../src/network/import/import-file.ts'
import { setUpNetwork } from '../src/network/setup.ts'
import { fanOut, startStep } from '../src/outbox/fan-out.ts'
import { compare, type Figure, type Side } from './measure.ts'
import { writePartnerFile } from './partner-file.ts'
import { benchNow, type SpaceOptions, type Workspace, workspace } from './workspace.ts'

/** One e-mail-first step to everyone. */
const campaign = `name: bench
title: { fr: Mesure, en: Measure }
class: relational
audience: { segment: tous }
anchor: { launch: 2027-01-11T10:00, timezone: recipient }
link: https://www.example.com/bench
steps:
  - { name: annonce, at: launch, intent: follow-up, template: challenge/launch }
`

export const source = { file: 'bench.yaml', text: campaign }

export interface Loaded {
  space: Workspace
  messageId: string
}

/** A network of `contacts` people with the campaign launched and its step due. */
export async function loaded(contacts: number, text = campaign, options: SpaceOptions = {}): Promise<Loaded> {
  const space = await workspace(options)
  const { context } = space.relais
  const file = join(space.folder, 'partners.csv')
  writePartnerFile(file, contacts)
  await importFile(context, { file, networkId: space.network.id, basis: 'consent' })
  await setUpNetwork(context, space.network)
  const launched = await launchCampaign(
    context,
    space.network,
    { ...source, text },
    'bench',
    new Date(benchNow.getTime() - 60_000),
  )
  return { space, messageId: launched.steps[0]!.messageId }
}

export async function fannedOut({ space, messageId }: Loaded): Promise<number> {
  const { context } = space.relais
  const now = businessNow(context.wall.now(), space.network)
  await context.db.transaction((tx) => startStep(tx, space.network, messageId, now))
  return fanOut(context, space.network, messageId, now)
}

/** The dry run, against reading the same people bare and nothing else. */
export async function benchPlan(contacts: number, pairs: number): Promise<Figure> {
  const { space } = await loaded(contacts)
  const { context } = space.relais
  const definition = await readCampaign(context, space.network, source, new Date(benchNow.getTime() - 60_000))
  const product: Side = {
    prepare: async () => async () => (await planCampaign(context, space.network, definition, benchNow)).audience,
  }
  const ceiling: Side = {
    prepare: async () => {
      const bare = new Database(databasePath(space.folder), { readonly: true })
      return async () => {
        const people = readBare(bare, space.network.id)
        bare.close()
        return people
      }
    },
  }
  const figure = await compare(
    {
      name: 'plan',
      unit: 'people',
      against: 'reading the same people, addresses and consents with prepared statements',
      floor: 0.1,
      goal: 0.5,
    },
    product,
    ceiling,
    pairs,
  )
  await space.close()
  return figure
}

function readBare(bare: Database.Database, networkId: string): number {
  const page = bare.prepare(
    'select c.*, s.* from contacts c join sites s on s.network_id = c.network_id and s.id = c.site_id where c.network_id = ? and c.id > ? order by c.id limit 200',
  )
  const addresses = bare.prepare(
    'select * from contact_addresses ca join addresses a on a.network_id = ca.network_id and a.id = ca.address_id where ca.network_id = ? and ca.contact_id > ? and ca.contact_id <= ?',
  )
  const consents = bare.prepare('select * from consents where network_id = ? and contact_id > ? and contact_id <= ?')
  let after = ''
  let people = 0
  for (;;) {
    const rows = page.raw().all(networkId, after) as unknown[][]
    if (rows.length === 0) return people
    const last = rows.at(-1)![1] as string
    addresses.raw().all(networkId, after, last)
    consents.raw().all(networkId, after, last)
    people += rows.length
    after = last
  }
}

/** Fan-out, against raw prepared inserts of the very rows it writes, into the same tables with the same indexes. */
export async function benchFanOut(contacts: number, pairs: number): Promise<Figure> {
  const spaces: Workspace[] = []
  const product: Side = {
    prepare: async () => {
      const made = await loaded(contacts)
      spaces.push(made.space)
      return () => fannedOut(made)
    },
  }
  const ceiling: Side = {
    prepare: async () => {
      const made = await loaded(contacts)
      spaces.push(made.space)
      await fannedOut(made)
      return bareInserts(databasePath(made.space.folder), contacts)
    },
  }
  const figure = await compare(
    {
      name: 'fan-out',
      unit: 'recipients',
      against: 'raw prepared inserts of the same rows, same tables and indexes',
      floor: 0.12,
      goal: 0.5,
    },
    product,
    ceiling,
    pairs,
  )
  for (const space of spaces) await space.close()
  return figure
}

const written = ['decisions', 'deliveries', 'delivery_members', 'pressures']

/** Takes the rows a fan-out wrote out of the file and measures writing them back. */
function bareInserts(path: string, contacts: number): () => Promise<number> {
  const bare = new Database(path)
  bare.pragma('synchronous = FULL')
  bare.pragma('foreign_keys = ON')
  const tables = written.map((name) => {
    const rows = bare.prepare(`select * from ${name}`).raw().all() as unknown[][]
    return { rows, insert: bare.prepare(`insert into ${name} values (${rows[0]?.map(() => '?') ?? '?'})`) }
  })
  for (const name of [...written].reverse()) bare.exec(`delete from ${name}`)
  return async () => {
    for (const { rows, insert } of tables)
      for (let start = 0; start < rows.length; start += 500) {
        bare.exec('begin immediate')
        for (const row of rows.slice(start, start + 500)) insert.run(row)
        bare.exec('commit')
      }
    bare.close()
    return contacts
  }
}

/** Sandbox delivery of what is due, against the two writes nobody can do without: status and event, 1,000 a commit. */
export async function benchDelivery(contacts: number, pairs: number): Promise<Figure> {
  const spaces: Workspace[] = []
  const due = async () => {
    const made = await loaded(contacts)
    spaces.push(made.space)
    await fannedOut(made)
    return made
  }
  const product: Side = {
    prepare: async () => {
      const { space } = await due()
      const { context } = space.relais
      return () => deliverDue(context, space.network, businessNow(context.wall.now(), space.network))
    },
  }
  const ceiling: Side = {
    prepare: async () => {
      const { space, messageId } = await due()
      const rows = await space.relais.context.db
        .select({ id: deliveries.id })
        .from(deliveries)
        .innerJoin(messages, eq(messages.id, deliveries.messageId))
        .where(eq(messages.id, messageId))
      const bare = new Database(databasePath(space.folder))
      bare.pragma('synchronous = FULL')
      const update = bare.prepare(
        'update deliveries set status = ?, sent_at = ?, provider_ref = ? where network_id = ? and id = ?',
      )
      const insert = bare.prepare(
        `insert into events (network_id, id, type, delivery_id, dedupe_key, data, occurred_at, recorded_at) values (?,?,'sent',?,?,'{}',?,?)`,
      )
      return async () => {
        const at = benchNow.getTime()
        for (let start = 0; start < rows.length; start += 1_000) {
          bare.exec('begin immediate')
          for (const { id } of rows.slice(start, start + 1_000)) {
            update.run('accepted', at, `bare:${id}`, space.network.id, id)
            insert.run(space.network.id, id, id, id, at, at)
          }
          bare.exec('commit')
        }
        bare.close()
        return rows.length
      }
    },
  }
  const figure = await compare(
    {
      name: 'delivery',
      unit: 'deliveries',
      against: 'bare UPDATE + INSERT event, 1,000 a transaction',
      floor: 0.018,
      goal: 0.4,
    },
    product,
    ceiling,
    pairs,
  )
  for (const space of spaces) await space.close()
  return figure
}
