import { eq } from 'drizzle-orm'
import { audit } from '../../accounts/audit.ts'
import type { Tx } from '../../db/index.ts'
import type { NetworkSettings } from '../../db/schema/network.ts'
import { networks } from '../../db/schema.ts'
import { type SmicReference, type SmicRow, smicRows } from './smic.ts'

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

type OwnRow = NonNullable<NonNullable<NetworkSettings['smic']>['rows']>[number]

/** The rows a network has set for itself; those of Relais from the same day no longer count. */
export const ownSmic = ({ smic }: NetworkSettings): SmicRow[] =>
  (smic?.rows ?? []).map(({ from, hourlyCents, source, checkedOn }) => ({
    ...{ from, hourlyCents, source, checkedOn },
    status: 'set by the network',
  }))

/** Which minimum wage of a year counts in this network. */
export const smicReferenceOf = ({ smic }: NetworkSettings): SmicReference => smic?.reference ?? 'january'

/** Every row that counts, the latest first, with the one of Relais it stands for. */
export function smicRowsOf(settings: NetworkSettings): { row: SmicRow; own?: OwnRow; shipped?: SmicRow }[] {
  const own = settings.smic?.rows ?? []
  const days = [...new Set([...smicRows, ...own].map(({ from }) => from))].sort().reverse()
  return days.map((from) => {
    const shipped = smicRows.find((row) => row.from === from)
    const set = own.find((row) => row.from === from)
    return {
      row: ownSmic(settings).find((row) => row.from === from) ?? shipped!,
      ...(set ? { own: set } : {}),
      ...(shipped ? { shipped } : {}),
    }
  })
}

async function change(tx: Tx, networkId: string, to: (settings: NetworkSettings) => NetworkSettings['smic']) {
  const [row] = await tx.select({ settings: networks.settings }).from(networks).where(eq(networks.id, networkId))
  if (!row) throw new Error(`There is no network ${networkId}.`)
  const { smic: _, ...rest } = row.settings
  const smic = to(row.settings)
  await tx
    .update(networks)
    .set({ settings: { ...rest, ...(smic ? { smic } : {}) } })
    .where(eq(networks.id, networkId))
}

/** Sets the minimum wage from a day on, in place of what Relais knows of that day, if anything. */
export async function setSmic(tx: Tx, { networkId, actor, at }: Act, set: Omit<OwnRow, 'setBy'>): Promise<void> {
  let before: number | null = null
  await change(tx, networkId, (settings) => {
    before = smicRowsOf(settings).find(({ row }) => row.from === set.from)?.row.hourlyCents ?? null
    const rows = [...(settings.smic?.rows ?? []).filter(({ from }) => from !== set.from), { ...set, setBy: actor }]
    return { ...settings.smic, rows: rows.sort((a, b) => (a.from < b.from ? -1 : 1)) }
  })
  const data = { before, after: set.hourlyCents, source: set.source }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: `smic ${set.from}`, data, at })
}

/** Takes an own row away: what Relais knows of that day counts again. False where there was none. */
export async function removeSmic(tx: Tx, { networkId, actor, at }: Act, from: string): Promise<boolean> {
  let removed: OwnRow | undefined
  await change(tx, networkId, (settings) => {
    removed = settings.smic?.rows?.find((row) => row.from === from)
    return { ...settings.smic, rows: settings.smic?.rows?.filter((row) => row.from !== from) ?? [] }
  })
  if (!removed) return false
  const after = smicRows.find((row) => row.from === from)?.hourlyCents ?? null
  const data = { before: (removed as OwnRow).hourlyCents, after }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: `smic ${from}`, data, at })
  return true
}

/** Says which minimum wage of a year counts when it rises within it. */
export async function setSmicReference(tx: Tx, { networkId, actor, at }: Act, reference: SmicReference): Promise<void> {
  let before: SmicReference = 'january'
  await change(tx, networkId, (settings) => {
    before = smicReferenceOf(settings)
    return { ...settings.smic, reference }
  })
  const data = { before, after: reference }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: 'smic reference', data, at })
}
