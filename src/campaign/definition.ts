/** A campaign as data: the one source of its grammar. The JSON Schema for editors is generated from it. */
import { z } from 'zod'
import { challengeBlock } from '../challenge/definition.ts'
import { checkExperiment, experimentSchema } from '../experiment/definition.ts'
import { durationMs } from '../segment/duration.ts'
import { segmentRule } from '../segment/rule.ts'
import { condition, entry, exit, reentry, task, waitFor } from '../sequence/condition.ts'
import { delay } from '../sequence/delay.ts'
import { channelNames, intents, type Language, languages, messageClasses, urgencies, urgentReasons } from '../words.ts'
import { localised } from './localised.ts'
import { moment } from './moment-schema.ts'
import { checkPrint, printSchema } from './print-dates.ts'
import { checkRecurrence, recurrenceKeys } from './recurrence-schema.ts'

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'Use lower-case letters, digits and hyphens, at most 60, such as grand-nord.')

const duration = z.string().refine((text) => durationMs(text) !== undefined, {
  message: 'A duration is written like PT48H, P10D or P2W (a month has no fixed length: count days).',
})

const timezone = z
  .string()
  .refine((zone) => zone === 'recipient' || isTimezone(zone), {
    message: 'Unknown time zone: use recipient (each reader’s own) or a name such as Europe/Paris.',
  })
  .meta({ description: 'recipient, or an IANA time zone; without it, the network’s' })

const isTimezone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

const anchor = z
  .object({
    launch: moment.meta({ description: 'A local date and time such as 2027-01-11T08:30, or now' }),
    timezone: timezone.optional(),
  })
  .catchall(moment)
  .meta({ description: 'The dates steps are counted from: launch, and any you name' })

/** Names that mean something else in a template's `campaign.…`. */
export const reservedValues = ['name', 'title', 'class', 'link', 'dates', 'values'] as const

const values = z
  .record(
    z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'A value’s name is letters, digits and _, as in a template.'),
    z.union([z.string(), z.number(), z.boolean(), localised], {
      error: 'Expected text, a number, or { fr: …, en: … }.',
    }),
  )
  .superRefine((fields, context) => {
    for (const key of Object.keys(fields)) {
      if (!(reservedValues as readonly string[]).includes(key)) continue
      context.addIssue({
        code: 'custom',
        path: [key],
        message: `"${key}" is already a field of every campaign; name it otherwise.`,
      })
    }
  })

const link = z.url({ protocol: /^https?$/, error: 'Expected an address beginning with https:// or http://.' })

const channels = z
  .array(z.enum(channelNames))
  .min(1)
  .refine((list) => new Set(list).size === list.length, { message: 'A channel is listed twice.' })

const fallback = z.strictObject({
  ifNot: z.enum(['opened', 'acted', 'acknowledged']),
  after: duration,
  // biome-ignore lint/suspicious/noThenProperty: the word a campaign file uses; the object is never awaited.
  then: z.literal('next-best').default('next-best'),
})

const step = z
  .strictObject({
    name,
    at: moment.optional(),
    ...recurrenceKeys,
    print: printSchema.optional(),
    when: condition.optional().meta({ description: 'A condition that starts the step, or brings people to it' }),
    waitFor: waitFor.optional().meta({ description: 'What each person is waited for after this step, and what then' }),
    cooldown: delay.optional().meta({
      description: 'With it people may come to the step again, and a condition start it again, no sooner than this',
    }),
    propose: z
      .boolean()
      .optional()
      .meta({ description: 'true: the step is proposed, and sent when somebody approves' }),
    task: task.optional().meta({ description: 'Something for somebody to do instead of a message: call' }),
    to: segmentRule.optional().meta({ description: 'Whom of the audience, decided when the step is due' }),
    intent: z.enum(intents).optional(),
    purpose: z.enum(intents).optional().meta({ description: 'Synonym of intent' }),
    urgency: z.enum(urgencies).default('normal'),
    channels: channels.optional().meta({ description: 'Fixed by the author; without it the policy decides' }),
    template: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'Group and name below templates/, such as challenge/teaser; only a task has none' }),
    fallback: fallback.optional(),
    experiment: experimentSchema.optional(),
    expires: duration.optional().meta({ description: 'How long after it was due the message is still worth sending' }),
    onQuiet: z.enum(['defer', 'drop', 'switch_channel']).default('defer'),
    asksReply: z.boolean().default(false),
    asksAcknowledgement: z.boolean().default(false),
    asksRegistration: z
      .boolean()
      .default(false)
      .meta({ description: 'true: readers are asked to register; who does has acted, who does not has not' }),
  })
  .superRefine((written, context) => {
    checkRecurrence(written, context)
    checkPrint(written, context)
    checkExperiment(written, context)
    if (written.at !== undefined && written.when !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['when'],
        message: `Step "${written.name}" has both at: and when:; keep one.`,
      })
    }
    if (written.task !== undefined && written.template !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['task'],
        message: `Step "${written.name}" has both template: and task:; keep one.`,
      })
    }
    if (written.task === undefined && written.template === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['template'],
        message: `Step "${written.name}" needs template: (group and name, such as challenge/teaser), or task:.`,
      })
    }
    if (written.task === undefined && written.intent === undefined && written.purpose === undefined) {
      context.addIssue({
        code: 'custom',
        message: `Step "${written.name}" needs intent:, one of ${intents.join(', ')}.`,
      })
    }
    if (written.intent !== undefined && written.purpose !== undefined && written.intent !== written.purpose) {
      context.addIssue({
        code: 'custom',
        path: ['purpose'],
        message: 'purpose is a synonym of intent; keep one of them.',
      })
    }
  })
  .transform(({ purpose, intent, template, ...rest }) => ({
    ...rest,
    intent: intent ?? purpose ?? 'follow-up',
    template: template ?? '',
  }))

const holdout = z
  .string({ error: 'A share is written like 10% (from 1% to 50%).' })
  .regex(/^\d{1,2}(\.\d+)? ?%$/, 'A share is written like 10% (from 1% to 50%).')
  .refine((text) => Number.parseFloat(text) >= 1 && Number.parseFloat(text) <= 50, {
    message: 'Hold out from 1% to 50% of the outlets.',
  })

const sender = z.union([z.string().min(1), z.partialRecord(z.enum(channelNames), z.string().min(1))], {
  error: 'Expected the name of a sender, or one per channel: { sms: …, email: … }.',
})

/** Who joins the audience after a step was sent: gets what is to come, what was missed as well, or nothing. */
export const lateJoiningRules = ['next', 'catch-up', 'none'] as const
export type LateJoining = (typeof lateJoiningRules)[number]

/** What becomes of a message nobody can say of whether it left. */
export const onDoubts = ['hold', 'resend'] as const
export type OnDoubt = (typeof onDoubts)[number]

export const campaignDefinition = z.strictObject({
  name,
  title: localised,
  class: z.enum(messageClasses),
  reason: z
    .enum(urgentReasons)
    .optional()
    .meta({ description: 'Why it is urgent; asked for, in a live network, of class urgent_service' }),
  topic: z.string().default('').meta({ description: 'What a reader may turn off alone, such as challenges' }),
  audience: z.union(
    [
      z.strictObject({ segment: z.string().min(1) }),
      z.strictObject({ rule: segmentRule }),
      z.strictObject({
        site: z.string().min(1).meta({ description: 'The code of one site: everyone who works there' }),
      }),
      z.strictObject({ contact: z.string().min(1).meta({ description: 'The identifier of one person' }) }),
    ],
    { error: 'Expected { segment: NAME }, { rule: … }, { site: CODE } or { contact: IDENTIFIER }.' },
  ),
  anchor,
  entry: entry.optional().meta({
    description: 'What brings people into the campaign one by one; steps are then counted from entry',
  }),
  reentry: reentry.optional().meta({ description: 'Whether people may enter again: never, always or after P30D' }),
  lateJoiners: z.enum(lateJoiningRules).optional().meta({
    description:
      'Who joins the audience after a step was sent: next gets the steps to come (the default), catch-up also what was missed, one a working day, none gets nothing',
  }),
  exit: exit.optional().meta({ description: 'The goal: who reaches it gets nothing more of this campaign' }),
  values: values.optional().meta({ description: 'Your own fields for the templates: {{ campaign.prize }}' }),
  link: link.optional().meta({ description: 'Where the main button leads: {{ link }}' }),
  sender: sender.optional(),
  onDoubt: z.enum(onDoubts).optional().meta({
    description:
      'When nobody can tell whether an e-mail left: hold leaves it to a person, resend says it once more after ten silent minutes; without it only urgent messages are resent',
  }),
  coBranding: z
    .boolean()
    .optional()
    .meta({ description: 'true: e-mails and letters show the recipient’s partner beside the network' }),
  holdout: holdout.optional().meta({
    description:
      'Share of the outlets that get nothing, drawn by lot, to measure what the campaign changes (10%); only for class relational or marketing',
  }),
  challenge: challengeBlock.optional(),
  steps: z.array(step).min(1, 'A campaign needs at least one step.'),
})

export type CampaignDefinition = z.output<typeof campaignDefinition>
export type StepDefinition = CampaignDefinition['steps'][number]
export type LocalisedText = z.output<typeof localised>

/** The share of outlets a campaign asks to leave out, 0 … 1. */
export const holdoutShare = ({ holdout: written }: Pick<CampaignDefinition, 'holdout'>): number | undefined =>
  written === undefined ? undefined : Number.parseFloat(written) / 100

/** The text in a language, or in the other one when it was not written. */
export function localise(text: LocalisedText, language: Language): string {
  return text[language] ?? languages.map((other) => text[other]).find((found) => found !== undefined) ?? ''
}
