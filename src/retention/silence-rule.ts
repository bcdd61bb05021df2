import { eq, sql } from 'drizzle-orm'
import { audit } from '../accounts/audit.ts'
import type { Tx } from '../db/index.ts'
import type { NetworkSettings } from '../db/schema/network.ts'
import { networks } from '../db/schema.ts'

/**
 * Days a silent prospect has to answer, where a network sets none. No text says how many: a month leaves time for a
 * holiday (GDPR art. 12(3) gives whoever holds data the same month to answer a person).
 */
export const defaultAnswerDays = 30
/** A week is the least that is fair, a year the most that is still one question. */
export const answerDaysBetween = [7, 365] as const

export interface SilenceRule {
  /** Silent prospects are asked whether they wish to stay, and erased when they do not answer. */
  isAsked: boolean
  answerDays: number
}

export const silenceRuleOf = ({ silence }: NetworkSettings): SilenceRule => ({
  isAsked: silence?.isAsked ?? false,
  answerDays: silence?.answerDays ?? defaultAnswerDays,
})

/**
 * Has a network ask its silent prospects, or no longer; written down as before and after. The network's row is held, so
 * that two who press at once are heard one after the other.
 * @throws RangeError when the days are not between a week and a year.
 */
export async function changeSilenceRule(
  tx: Tx,
  { networkId, actor, at }: { networkId: string; actor: string; at: Date },
  rule: SilenceRule,
): Promise<void> {
  const [least, most] = answerDaysBetween
  if (!Number.isInteger(rule.answerDays) || rule.answerDays < least || rule.answerDays > most)
    throw new RangeError(`A prospect has between ${least} and ${most} whole days to answer, not ${rule.answerDays}.`)
  const own = eq(networks.id, networkId)
  await tx
    .update(networks)
    .set({ name: sql`${networks.name}` })
    .where(own)
  const [network] = await tx.select().from(networks).where(own)
  if (!network) return
  const before = silenceRuleOf(network.settings)
  if (before.isAsked === rule.isAsked && before.answerDays === rule.answerDays) return
  await tx
    .update(networks)
    .set({ settings: { ...network.settings, silence: rule } })
    .where(own)
  const data = { before: textOf(before), after: textOf(rule) }
  await audit(tx, { networkId, actor, action: 'settings.change', subject: 'silence.asked', data, at })
}

const textOf = ({ isAsked, answerDays }: SilenceRule): string => `${isAsked ? 'yes' : 'no'}, ${answerDays} day`
