import type { Tx } from '../../db/index.ts'
import type { ChannelName, ConsentBasis } from '../../words.ts'
import {
  appendConsents,
  appendTrackingChoices,
  type ConsentEntry,
  type ContactTracking,
  importMark,
  type LastConsent,
  lastConsents,
  type TrackingChoice,
  type TrackingSubject,
  trackingOf,
} from '../consent.ts'
import type { Suppression } from '../suppression.ts'
import type { ImportedRow } from './row.ts'
import { importedConsent, isNewChoice, stopsChannel, trackingChoice, wishToRecord } from './wishes.ts'

export interface WishContext {
  networkId: string
  basis: ConsentBasis
  importId: string
  occurredAt: Date
}

/** What the rows of one chunk add to the consent ledger and the tracking choices. */
export function wishFold(context: WishContext) {
  let ledger = new Map<string, Partial<Record<ChannelName, LastConsent>>>()
  let choices = new Map<string, ContactTracking>()
  let entries: ConsentEntry[] = []
  let chosen: TrackingChoice[] = []
  let smsWishes = 0
  let closedSmsWishes = 0
  let isReplaying = false
  let marked = { smsWishes, closedSmsWishes }

  return {
    mark(): void {
      marked = { smsWishes, closedSmsWishes }
    },
    rewind(): void {
      ;({ smsWishes, closedSmsWishes } = marked)
    },
    /** Wishes for SMS that stand without a basis, so far. */
    unstatedSmsWishes: () => smsWishes,
    /** Wishes for SMS that stand on a basis other than consent, which opens marketing SMS in few countries, so far. */
    smsWishesOnOtherBasis: () => closedSmsWishes,
    /** Rows that were taken in before an interruption are read against what stood before this import. */
    replay(isOn: boolean): void {
      isReplaying = isOn
    },
    async load(tx: Tx, contactIds: readonly string[]): Promise<void> {
      entries = []
      chosen = []
      const known = isReplaying ? context.importId : undefined
      ledger = contactIds.length === 0 ? new Map() : await lastConsents(tx, context.networkId, contactIds, known)
      choices = contactIds.length === 0 ? new Map() : await trackingOf(tx, context.networkId, contactIds, known)
    },

    /** Says whether anything was new, and whether someone who had opted out was left alone. */
    take(
      row: ImportedRow,
      contactId: string,
      closures: Partial<Record<ChannelName, readonly Suppression[]>>,
    ): { isChanged: boolean; optedOut: ChannelName[] } {
      const { networkId, basis, importId, occurredAt } = context
      const optedOut: ChannelName[] = []
      let isChanged = false
      const isOther = basis !== 'unstated' && basis !== 'consent'
      for (const [name, wish] of Object.entries(row.wishes)) {
        const channel = name as ChannelName
        const last = ledger.get(contactId)?.[channel]
        const verdict = wishToRecord(wish, last, basis, stopsChannel(closures[channel] ?? [], channel))
        if (verdict === 'opted_out_before') optedOut.push(channel)
        else if (channel === 'sms' && wish && basis === 'unstated' && (last?.state ?? 'unstated') === 'unstated')
          smsWishes++
        else if (channel === 'sms' && wish && isOther && !(last?.state === 'granted' && last.basis === 'consent'))
          closedSmsWishes++
        if (verdict !== 'record') continue
        isChanged = true
        entries.push(
          importedConsent({ networkId, contactId, channel, wish, basis, importId, line: row.line, occurredAt }),
        )
        const state = wish ? (basis === 'unstated' ? ('unstated' as const) : ('granted' as const)) : ('denied' as const)
        const entry: LastConsent = { action: 'import', value: wish ? 'yes' : 'no', basis, state }
        ledger.set(contactId, { ...ledger.get(contactId), [channel]: entry })
      }
      for (const [name, wish] of Object.entries(row.tracking)) {
        const subject = name as TrackingSubject
        const choice = trackingChoice(wish, basis)
        // `trackingOf` says `unstated` for a subject never spoken of, once another was.
        const last = choices.get(contactId)?.[subject]
        if (!isNewChoice(choice, last)) continue
        isChanged = true
        chosen.push({ networkId, contactId, subject, choice, source: `${importMark(importId)}${row.line}`, occurredAt })
        choices.set(contactId, {
          opens: 'unstated',
          clicks: 'unstated',
          ...choices.get(contactId),
          [subject]: choice,
        })
      }
      return { isChanged, optedOut }
    },

    async save(tx: Tx, recordedAt: Date): Promise<void> {
      if (entries.length > 0) await appendConsents(tx, entries, recordedAt)
      if (chosen.length > 0) await appendTrackingChoices(tx, chosen)
    },
  }
}
export type WishFold = ReturnType<typeof wishFold>
