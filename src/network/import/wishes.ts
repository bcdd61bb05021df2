import type { ChannelName, ConsentBasis } from '../../words.ts'
import { type ConsentEntry, importMark, type LastConsent, type TrackingChoice } from '../consent.ts'
import type { Suppression } from '../suppression.ts'

/**
 * What a file's "yes" or "no" to a channel adds to the ledger, if anything. The same wish again adds nothing. A
 * "no" always counts. A "yes" never reopens what was refused, withdrawn, stopped or has expired (only the person
 * does that); under a stated basis it may strengthen an earlier imported "yes".
 */
export function wishToRecord(
  wish: boolean,
  last: LastConsent | undefined,
  basis: ConsentBasis,
  isStopped: boolean,
): 'record' | 'nothing' | 'opted_out_before' {
  if (!wish) return last?.state === 'denied' ? 'nothing' : 'record'
  if (isStopped || last?.state === 'denied' || last?.action === 'expire') return 'opted_out_before'
  if (!last) return 'record'
  return last.action === 'import' && basis !== 'unstated' && basis !== last.basis ? 'record' : 'nothing'
}

/** The choice a file's tracking column stands for: agreement counts only as stated consent (CNIL, 2026-042). */
export const trackingChoice = (wish: boolean, basis: ConsentBasis): TrackingChoice['choice'] =>
  wish ? (basis === 'consent' ? 'granted' : 'unstated') : 'refused'

/** Whether a file's choice is news: a refusal always, agreement never after a refusal, "unstated" only as the first word. */
export function isNewChoice(choice: TrackingChoice['choice'], last: TrackingChoice['choice'] | undefined): boolean {
  if (last === undefined) return true
  if (choice === last || last === 'refused') return false
  return choice === 'refused' || (choice === 'granted' && last === 'unstated')
}

/** True when one of these closures of an address closes the channel, whoever writes. */
export const stopsChannel = (suppressions: readonly Suppression[], channel: ChannelName): boolean =>
  suppressions.some(
    ({ scope, channel: closed }) =>
      scope === 'address' ||
      (scope === 'marketing' && (closed === '' || closed === channel)) ||
      (scope === 'channel_sender' && closed === channel),
  )

/** The ledger entry of an imported wish. */
export function importedConsent(facts: {
  networkId: string
  contactId: string
  channel: ChannelName
  wish: boolean
  basis: ConsentBasis
  importId: string
  line: number
  occurredAt: Date
}): ConsentEntry {
  return {
    networkId: facts.networkId,
    contactId: facts.contactId,
    channel: facts.channel,
    purpose: 'receive',
    action: 'import',
    value: facts.wish ? 'yes' : 'no',
    basis: facts.basis,
    source: 'import',
    actor: 'import',
    evidenceRef: `${importMark(facts.importId)}${facts.line}`,
    occurredAt: facts.occurredAt,
  }
}
