/** What a machine can say of a campaign before it is launched: fine, worth a look, or not to be launched so. */
export const checkStates = ['ok', 'warn', 'stop'] as const
export type CheckState = (typeof checkStates)[number]

/** Every check, in the order they are read. Its sentence is in the console’s words under `checklist.<code>.<state>`. */
export const checkCodes = [
  'text',
  'halt',
  'approval',
  'audience',
  'usual',
  'words',
  'subject',
  'fields',
  'links',
  'unsubscribe',
  'sms',
  'hours',
  'august',
  'caps',
  'unreachable',
  'repeat',
  'expiry',
  'domain',
  'domainUntried',
  'budget',
  'sender',
] as const
export type CheckCode = (typeof checkCodes)[number]

export interface CheckItem {
  code: CheckCode
  state: CheckState
  /** What the sentence needs. */
  params: Record<string, string | number>
  /** Where it is mended: a path of the console. */
  href?: string
}
