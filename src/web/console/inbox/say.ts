import { longestAnswer } from '../../../inbox/compose.ts'
import type { AnsweredChannel } from '../../../inbox/whose.ts'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'

export const inboxDone = ['answered', 'assigned', 'released', 'closed', 'reopened', 'noted', 'read'] as const
export type InboxDone = (typeof inboxDone)[number]

const own = [
  'unknown_sender',
  'address_left',
  'contact_inactive',
  'suppressed_sender',
  'sender_one_way',
  'no_sender',
] as const

/** Why a conversation cannot be answered, in a sentence. */
export function whyText({ t, language }: View, code: string): string {
  const known = own.find((one) => one === code)
  return known ? t(`inbox.why.${known}`) : reasonText(code, language)
}

/** What is wrong with an answer as it was typed. */
export function answerProblem({ t, language }: View, code: string, channel: AnsweredChannel): string {
  if (code === 'empty') return t('inbox.problems.empty')
  if (code === 'sms.tooLong') return t('inbox.problems.smsTooLong')
  if (code === 'tooLong') return t('inbox.problems.tooLong', { most: longestAnswer[channel] })
  const known = own.find((one) => one === code)
  return known ? t(`inbox.why.${known}`) : reasonText(code, language)
}

/** Whom a conversation is with: a person by name, else what is known of the address. */
export function withWhom(
  { t }: View,
  { channel, firstName, lastName, siteName, hasAddress }: Named,
): { name: string; note?: string } {
  const name = [firstName, lastName].filter(Boolean).join(' ')
  if (name !== '') return { name, note: siteName ?? undefined }
  if (siteName) return { name: siteName }
  return { name: t(hasAddress ? (channel === 'sms' ? 'inbox.sharedNumber' : 'inbox.sharedMailbox') : 'inbox.unknown') }
}

interface Named {
  channel: string
  firstName: string | null
  lastName: string | null
  siteName: string | null
  /** The address is somebody's in the network. */
  hasAddress: boolean
}
