import * as z from 'zod'
import { channelNames, intents, type Language, languages, messageClasses, profiles, urgencies } from '../words.ts'
import { type ReasonCode, reasonCodes } from './codes.ts'
import type { Decision, RoutableContact, RoutableMessage } from './types.ts'

/** What somebody of a case can be reached by; `shared_email` is a mailbox the whole outlet reads. */
export const caseMeans = ['email', 'shared_email', 'mobile', 'postal', 'screen'] as const
export type CaseMeans = (typeof caseMeans)[number]

/** Channels on which a contact's word on marketing counts. */
export const caseConsents = ['sms', 'email', 'print'] as const
export const consentStates = ['granted', 'denied', 'unstated'] as const

/** An example of what a policy must do: a message for somebody at a moment, and what is to come of it. */
export interface PolicyCase {
  name: Record<Language, string>
  message: Pick<RoutableMessage, 'class' | 'urgency' | 'intent' | 'onQuiet' | 'asksReply' | 'channels'>
  contact: Pick<RoutableContact, 'profile' | 'language' | 'preferredChannel'> & {
    typology?: string
    tier?: string
    /** ISO 3166-1 alpha-2, of the site and of the addresses alike. */
    country: string
    /** IANA. */
    timezone: string
    reachableBy: CaseMeans[]
    consents: Partial<Record<(typeof caseConsents)[number], (typeof consentStates)[number]>>
  }
  /** Local time at the site, `2026-11-24T10:00`. */
  at: string
  expected: {
    outcome: Exclude<Decision['outcome'], 'holdout'>
    channel?: (typeof channelNames)[number]
    /** The id of the rule that must match. */
    rule?: string
    /** A code that must be among the reasons. */
    reason?: ReasonCode
  }
}

const isTimezone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

const word = z.string().trim().min(1).max(120)

/** A case as it is stored, checked before it tries anything. */
export const policyCaseSchema: z.ZodType<PolicyCase> = z.strictObject({
  name: z.record(z.enum(languages), word),
  message: z.strictObject({
    class: z.enum(messageClasses),
    urgency: z.enum(urgencies),
    intent: z.enum(intents),
    onQuiet: z.enum(['defer', 'drop', 'switch_channel']),
    asksReply: z.boolean(),
    channels: z.array(z.enum(channelNames)).min(1).optional(),
  }),
  contact: z.strictObject({
    profile: z.enum(profiles),
    language: z.enum(languages),
    preferredChannel: z.enum(channelNames).optional(),
    typology: word.optional(),
    tier: word.optional(),
    country: z.string().regex(/^[A-Z]{2}$/),
    timezone: z.string().refine(isTimezone),
    reachableBy: z.array(z.enum(caseMeans)),
    consents: z.partialRecord(z.enum(caseConsents), z.enum(consentStates)),
  }),
  at: z.iso.datetime({ local: true, precision: -1 }),
  expected: z
    .strictObject({
      outcome: z.enum(['send', 'defer', 'none']),
      channel: z.enum(channelNames).optional(),
      rule: word.optional(),
      reason: z.enum(reasonCodes as [ReasonCode, ...ReasonCode[]]).optional(),
    })
    .refine(({ outcome, channel }) => outcome !== 'none' || channel === undefined, {
      path: ['channel'],
      error: 'nothing is sent, so there is no channel',
    }),
})
