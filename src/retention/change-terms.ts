import { eq } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import { networks } from '../db/schema.ts'
import type { Override } from '../network/routing-settings.ts'
import { defaultTerms, ownTerms, type TermKind } from './terms.ts'

/** Sets a term of a network, or gives the shipped term back; written down as before and after. */
export async function changeTerm(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  kind: TermKind,
  own: Override<number> | undefined,
): Promise<void> {
  const [network] = await tx.select().from(networks).where(eq(networks.id, networkId))
  if (!network) return
  const { [kind]: before, ...others } = ownTerms(network.settings)
  const retention = own ? { ...others, [kind]: own } : others
  const settings = { ...network.settings, defaults: { ...network.settings.defaults, retention } }
  ownTerms(settings)
  await tx.update(networks).set({ settings }).where(eq(networks.id, networkId))
  const { value, unit } = defaultTerms[kind]
  await audit(tx, {
    ...{ networkId, actor, action: 'settings.change' as const, subject: `retention.${kind}`, at },
    data: {
      before: `${before?.value ?? value} ${unit}`,
      after: `${own?.value ?? value} ${unit}`,
      ...(own ? { source: own.source } : { isDefault: true }),
    },
  })
}
