import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { newId, type Tx } from '../db/index.ts'
import type { NetworkSettings } from '../db/schema/network.ts'
import { networks } from '../db/schema.ts'
import type { Language } from '../words.ts'

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

/** What a network is called and printed as. */
export interface GeneralSettings {
  title: string
  language: Language
  /** IANA zone. */
  timezone: string
  /** Printed as "STOP au …" under French marketing SMS; undefined where a two-way number says it. */
  stopNumber?: string
  /** Months rendered content is kept. */
  contentMonths?: number
}

/** How long rendered content is kept where a network has not said, in months: as long as raw events of tracking. */
export const defaultContentMonths = 13

/** A number people can write STOP to: a short code or a number, without blanks. */
export const stopNumberPattern = /^\+?\d{4,15}$/

type Row = typeof networks.$inferSelect

async function networkOf(tx: Tx, networkId: string): Promise<Row> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) throw new Error(`There is no network ${networkId}.`)
  return network
}

const write = (tx: Tx, networkId: string, change: Partial<Row>) =>
  tx.update(networks).set(change).where(eq(networks.id, networkId))

/** Each field that changes is written down with what it was. What is undefined is taken out. */
export async function changeGeneral(tx: Tx, { networkId, actor, at }: Act, wanted: GeneralSettings): Promise<void> {
  const network = await networkOf(tx, networkId)
  const { title, language, timezone, stopNumber, contentMonths } = wanted
  const before: GeneralSettings = {
    title: network.title,
    language: network.language,
    timezone: network.timezone,
    stopNumber: network.settings.stopNumber,
    contentMonths: network.settings.contentMonths,
  }
  const settings = without({ ...network.settings, stopNumber, contentMonths })
  await write(tx, networkId, { title, language, timezone, settings })
  for (const key of Object.keys(before) as (keyof GeneralSettings)[]) {
    if (before[key] === wanted[key]) continue
    const data = { before: before[key] ?? null, after: wanted[key] ?? null }
    await audit(tx, { networkId, actor, action: 'settings.change', subject: key, data, at })
  }
}

const without = (settings: NetworkSettings): NetworkSettings =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

export type DailyBudget = NonNullable<NetworkSettings['dailyBudget']>

/** Limits what a day may cost; undefined takes the limit away. */
export async function changeBudget(
  tx: Tx,
  { networkId, actor, at }: Act,
  dailyBudget: DailyBudget | undefined,
): Promise<void> {
  const { settings } = await networkOf(tx, networkId)
  await write(tx, networkId, { settings: without({ ...settings, dailyBudget }) })
  const data = { before: settings.dailyBudget?.millis ?? null, after: dailyBudget?.millis ?? null }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: 'dailyBudget', data, at })
}

export type NetworkClosure = NonNullable<NetworkSettings['closures']>[number]

/** A closure is a holiday, not half a year: nothing would leave. */
export const longestClosureDays = 62
export const mostClosures = 50

/** Closes the network on some days. */
export async function addClosure(
  tx: Tx,
  { networkId, actor, at }: Act,
  closure: Omit<NetworkClosure, 'id'>,
): Promise<void> {
  const { settings } = await networkOf(tx, networkId)
  const added = { ...closure, id: newId() }
  const closures = [...(settings.closures ?? []), added].sort((a, b) => (a.from < b.from ? -1 : 1))
  await write(tx, networkId, { settings: { ...settings, closures } })
  await audit(tx, { networkId, actor, action: 'holiday.change', subject: added.id, data: { after: textOf(added) }, at })
}

/** Opens it again. False when there is no such closure. */
export async function removeClosure(tx: Tx, { networkId, actor, at }: Act, id: string): Promise<boolean> {
  const { settings } = await networkOf(tx, networkId)
  const removed = settings.closures?.find((closure) => closure.id === id)
  if (!removed) return false
  const closures = settings.closures?.filter((closure) => closure.id !== id)
  await write(tx, networkId, { settings: { ...settings, closures } })
  await audit(tx, { networkId, actor, action: 'holiday.change', subject: id, data: { before: textOf(removed) }, at })
  return true
}

const textOf = ({ label, from, to, region }: NetworkClosure): string =>
  `${label}: ${from} – ${to}${region ? ` (${region})` : ''}`
