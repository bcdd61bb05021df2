import { createHash } from 'node:crypto'
import { and, eq, inArray } from 'drizzle-orm'
import type { Tx } from '../db/index.ts'
import { contactAddresses } from '../db/schema.ts'
import {
  appendConsents,
  appendTrackingChoices,
  lastConsents,
  type TrackingSubject,
  trackingOf,
} from '../network/consent.ts'
import type { Language } from '../words.ts'
import { unsubscribe } from './close-address.ts'
import { type Leavable, leavable, pageWords } from './page-words.ts'

export interface Preferences {
  opens: 'granted' | 'refused' | 'unstated'
  clicks: 'granted' | 'refused' | 'unstated'
  /** Channels on which marketing has been refused. */
  left: Leavable[]
}

/** What the contacts behind a link have chosen; of several, what any of them refused is shown as refused. */
export async function preferencesOf(tx: Tx, networkId: string, contactIds: readonly string[]): Promise<Preferences> {
  const tracking = await trackingOf(tx, networkId, contactIds)
  const consents = await lastConsents(tx, networkId, contactIds)
  const choice = (subject: TrackingSubject) => {
    const choices = contactIds.map((id) => tracking.get(id)?.[subject] ?? 'unstated')
    if (choices.includes('refused')) return 'refused'
    return choices.length > 0 && choices.every((one) => one === 'granted') ? 'granted' : 'unstated'
  }
  const left = leavable.filter((channel) => contactIds.some((id) => consents.get(id)?.[channel]?.state === 'denied'))
  return { opens: choice('opens'), clicks: choice('clicks'), left }
}

export interface Chosen {
  opens?: 'granted' | 'refused'
  clicks?: 'granted' | 'refused'
  leave: readonly Leavable[]
}

export interface Chooser {
  networkId: string
  contactIds: readonly string[]
  /** Nobody can agree for the others: only refusals are taken. */
  isShared: boolean
  language: Language
  source: string
  /** Business time. */
  at: Date
}

const purposes = { opens: 'track_open_performance', clicks: 'track_click' } as const

/**
 * Writes down what was chosen: tracking choices with the wording they answered, and the channels left. Refusing
 * is as easy as agreeing (CNIL, deliberation 2026-042).
 */
export async function savePreferences(tx: Tx, chooser: Chooser, chosen: Chosen): Promise<void> {
  const { networkId, contactIds, isShared, language, source, at } = chooser
  const before = await preferencesOf(tx, networkId, contactIds)
  for (const subject of ['opens', 'clicks'] as const) {
    const choice = chosen[subject]
    if (!choice || choice === before[subject] || (choice === 'granted' && isShared)) continue
    const wording = pageWords[language].tracking[subject]
    await appendTrackingChoices(
      tx,
      contactIds.map((contactId) => ({ networkId, contactId, subject, choice, source, occurredAt: at })),
    )
    await appendConsents(
      tx,
      contactIds.map((contactId) => ({
        networkId,
        contactId,
        channel: 'email' as const,
        purpose: purposes[subject],
        action: choice === 'granted' ? ('grant' as const) : ('withdraw' as const),
        basis: 'consent' as const,
        wordingVersion: '1',
        wordingHash: createHash('sha256').update(wording).digest('hex'),
        language,
        source,
        actor: 'contact',
        occurredAt: at,
      })),
      at,
    )
  }
  for (const channel of chosen.leave) if (!before.left.includes(channel)) await leave(tx, chooser, channel)
}

const kinds = { email: 'email', sms: 'mobile' } as const

async function leave(tx: Tx, { networkId, contactIds, source, at }: Chooser, channel: Leavable): Promise<void> {
  const said = { networkId, channel, reason: 'unsubscribe', source, occurredAt: at, recordedAt: at }
  if (channel === 'print') {
    // The letterbox is the site's: one person's wish does not close it for the others.
    await appendConsents(
      tx,
      contactIds.map((contactId) => ({
        ...{ networkId, contactId, channel, purpose: 'receive' as const, action: 'withdraw' as const },
        ...{ basis: 'consent' as const, source, actor: 'contact', occurredAt: at },
      })),
      at,
    )
    return
  }
  const theirs = await tx
    .selectDistinct({ id: contactAddresses.addressId })
    .from(contactAddresses)
    .where(
      and(
        eq(contactAddresses.networkId, networkId),
        inArray(contactAddresses.contactId, [...contactIds]),
        eq(contactAddresses.kind, kinds[channel]),
      ),
    )
  for (const { id } of theirs) await unsubscribe(tx, { ...said, addressId: id, contactIds })
}
