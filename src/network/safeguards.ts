import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import { ownThresholds, type Thresholds, thresholdsOf } from '../campaign/stop-thresholds.ts'
import type { Tx } from '../db/index.ts'
import type { NetworkSettings } from '../db/schema/network.ts'
import { networks } from '../db/schema.ts'
import type { Override } from './routing-settings.ts'
import { ownSmsCountries, smsCountriesOf } from './sms-countries.ts'

interface Act {
  networkId: string
  actor: string
  /** Wall time. */
  at: Date
}

/** Sets when a network's campaigns stop by themselves, or gives the shipped shares back; written down as before and after. */
export const changeThresholds = (tx: Tx, act: Act, own: Override<Thresholds> | undefined): Promise<void> =>
  change(tx, act, 'stops', own, ({ settings }) => textOf(thresholdsOf(settings)), ownThresholds)

/** Opens a network's texts to these countries, or to the shipped ones again; written down as before and after. */
export const changeSmsCountries = (tx: Tx, act: Act, own: Override<string[]> | undefined): Promise<void> =>
  change(tx, act, 'smsCountries', own, (network) => smsCountriesOf(network).join(' '), ownSmsCountries)

type Row = typeof networks.$inferSelect

async function change(
  tx: Tx,
  { networkId, actor, at }: Act,
  key: 'stops' | 'smsCountries',
  own: Override<unknown> | undefined,
  text: (network: Row) => string,
  check: (settings: NetworkSettings) => unknown,
): Promise<void> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) return
  const { [key]: _, ...others } = network.settings.defaults ?? {}
  const settings = { ...network.settings, defaults: own ? { ...others, [key]: own } : others }
  check(settings)
  await tx.update(networks).set({ settings }).where(eq(networks.id, networkId))
  await audit(tx, {
    networkId,
    actor,
    action: 'settings.change',
    subject: key,
    data: {
      before: text(network),
      after: text({ ...network, settings }),
      ...(own ? { source: own.source } : { isDefault: true }),
    },
    at,
  })
}

const textOf = (thresholds: Thresholds): string =>
  Object.entries(thresholds)
    .map(([kind, { rate, afterSent }]) => `${kind} ${Math.round(rate * 10_000) / 100} %/${afterSent}`)
    .join('; ')
