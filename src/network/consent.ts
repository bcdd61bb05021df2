import { and, asc, eq, isNull, notLike, or } from 'drizzle-orm'
import { newId, oneOf, type Tx } from '../db/index.ts'
import { consents, trackingChoices } from '../db/schema.ts'
import { checkSoon } from '../segment/check.ts'
import type { ChannelName, ConsentAction, ConsentBasis, ConsentPurpose, Language } from '../words.ts'

export interface ConsentEntry {
  networkId: string
  contactId: string
  channel: ChannelName
  purpose: ConsentPurpose
  action: ConsentAction
  /** For `import`, what the file said; otherwise it follows from the action. */
  value?: 'yes' | 'no'
  basis: ConsentBasis
  wordingVersion?: string
  wordingHash?: string
  language?: Language
  /** Where it was said: a form, an import and its line, a STOP, a List-Unsubscribe post, a call, a scan. */
  source: string
  actor: string
  evidenceRef?: string
  occurredAt: Date
}

export type ConsentState = 'granted' | 'denied' | 'unstated'
export interface CurrentConsent {
  state: ConsentState
  basis: ConsentBasis
}
export type ContactConsents = Partial<Record<ChannelName, CurrentConsent>>

/** `learning`: an objection to the channel being chosen by their own past acts (GDPR art. 21). */
export type TrackingSubject = 'opens' | 'clicks' | 'learning'
export interface TrackingChoice {
  networkId: string
  contactId: string
  subject: TrackingSubject
  choice: 'granted' | 'refused' | 'unstated'
  source: string
  occurredAt: Date
}
export type ContactTracking = Record<'opens' | 'clicks', TrackingChoice['choice']> & {
  learning?: TrackingChoice['choice']
}

const contactsPerQuery = 500

function* pages<T>(list: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < list.length; start += contactsPerQuery) yield list.slice(start, start + contactsPerQuery)
}

/** Adds entries to the ledger; nothing in it is ever changed or removed (GDPR art. 7(1): consent must be shown). */
export async function appendConsents(tx: Tx, entries: readonly ConsentEntry[], recordedAt: Date): Promise<void> {
  await tx.insertRows(
    consents,
    entries.map((entry) => ({
      id: newId(),
      networkId: entry.networkId,
      contactId: entry.contactId,
      channel: entry.channel,
      purpose: entry.purpose,
      action: entry.action,
      value: entry.value ?? (entry.action === 'grant' ? ('yes' as const) : ('no' as const)),
      basis: entry.basis,
      wordingVersion: entry.wordingVersion ?? null,
      wordingHash: entry.wordingHash ?? null,
      language: entry.language ?? null,
      source: entry.source,
      actor: entry.actor,
      evidenceRef: entry.evidenceRef ?? null,
      occurredAt: entry.occurredAt,
      recordedAt,
    })),
  )
  await checkConcerned(tx, entries)
}

async function checkConcerned(tx: Tx, said: readonly { networkId: string; contactId: string }[]): Promise<void> {
  for (const networkId of new Set(said.map((one) => one.networkId)))
    await checkSoon(
      tx,
      networkId,
      said.filter((one) => one.networkId === networkId).map((one) => one.contactId),
    )
}

/** Adds what contacts said of being measured; the last one holds. */
export async function appendTrackingChoices(tx: Tx, choices: readonly TrackingChoice[]): Promise<void> {
  await tx.insertRows(
    trackingChoices,
    choices.map((choice) => ({ ...choice, id: newId() })),
  )
  await checkConcerned(tx, choices)
}

export interface LastConsent extends CurrentConsent {
  action: ConsentAction
  value: 'yes' | 'no'
}

/**
 * What an entry of the ledger means now. An imported "yes" opens only under a stated basis; an expired consent is
 * no refusal, but no permission either.
 */
export function stateOfConsent(entry: {
  action: ConsentAction
  value: 'yes' | 'no'
  basis: ConsentBasis
}): ConsentState {
  if (entry.action === 'expire') return 'unstated'
  if (entry.action === 'deny' || entry.action === 'withdraw' || entry.value === 'no') return 'denied'
  return entry.action === 'import' && entry.basis === 'unstated' ? 'unstated' : 'granted'
}

/** What stands beside whatever an import has written; its line follows. */
export const importMark = (importId: string): string => `import:${importId}#`

/**
 * The last entry by channel for purpose `receive`, by time of saying and then by id; contacts without any are absent.
 * `exceptImport` passes over what that import has written.
 */
export async function lastConsents(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  exceptImport?: string,
): Promise<Map<string, Partial<Record<ChannelName, LastConsent>>>> {
  const folded = new Map<string, Partial<Record<ChannelName, LastConsent>>>()
  for (const page of pages(contactIds)) {
    const rows = await tx
      .select({
        contactId: consents.contactId,
        channel: consents.channel,
        action: consents.action,
        value: consents.value,
        basis: consents.basis,
      })
      .from(consents)
      .where(
        and(
          eq(consents.networkId, networkId),
          oneOf(consents.contactId, page),
          eq(consents.purpose, 'receive'),
          exceptImport === undefined
            ? undefined
            : or(isNull(consents.evidenceRef), notLike(consents.evidenceRef, `${importMark(exceptImport)}%`)),
        ),
      )
      .orderBy(asc(consents.occurredAt), asc(consents.id))
    for (const { contactId, channel, ...entry } of rows) {
      let byChannel = folded.get(contactId)
      if (!byChannel) {
        byChannel = {}
        folded.set(contactId, byChannel)
      }
      byChannel[channel] = { ...entry, state: stateOfConsent(entry) }
    }
  }
  return folded
}

/** The fold of the ledger for purpose `receive`; contacts and channels never spoken of are absent. */
export async function currentConsents(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
): Promise<Map<string, ContactConsents>> {
  const last = await lastConsents(tx, networkId, contactIds)
  const current = new Map<string, ContactConsents>()
  for (const [contactId, byChannel] of last) {
    const states: ContactConsents = {}
    for (const [channel, { state, basis }] of Object.entries(byChannel))
      states[channel as ChannelName] = { state, basis }
    current.set(contactId, states)
  }
  return current
}

/**
 * The last tracking choice of each contact. Silence is `unstated`, never agreement (CNIL, deliberation 2026-042 on
 * tracking pixels); contacts who never chose are absent. `exceptImport` passes over what that import has written.
 */
export async function trackingOf(
  tx: Tx,
  networkId: string,
  contactIds: readonly string[],
  exceptImport?: string,
): Promise<Map<string, ContactTracking>> {
  const folded = new Map<string, ContactTracking>()
  for (const page of pages(contactIds)) {
    const rows = await tx
      .select({
        contactId: trackingChoices.contactId,
        subject: trackingChoices.subject,
        choice: trackingChoices.choice,
      })
      .from(trackingChoices)
      .where(
        and(
          eq(trackingChoices.networkId, networkId),
          oneOf(trackingChoices.contactId, page),
          exceptImport === undefined ? undefined : notLike(trackingChoices.source, `${importMark(exceptImport)}%`),
        ),
      )
      .orderBy(asc(trackingChoices.occurredAt), asc(trackingChoices.id))
    for (const { contactId, subject, choice } of rows) {
      let choices = folded.get(contactId)
      if (!choices) {
        choices = { opens: 'unstated', clicks: 'unstated' }
        folded.set(contactId, choices)
      }
      choices[subject] = choice
    }
  }
  return folded
}
