/** What brings somebody to a step, or starts it for everybody: the grammar of `when:`, `entry:`, `waitFor:` and `exit:`. */
import { z } from 'zod'
import { bestBranch } from '../segment/issues.ts'
import { type SegmentRule, segmentRule } from '../segment/rule.ts'
import { delay } from './delay.ts'

type Fact = string | number | boolean

/** What an event's data must say: each field equal to the value, or to one of them. */
export type DataTest = Record<string, Fact | Fact[]>

/** Conditions that start a step once for its whole audience. */
export type GroupCondition =
  | { participationDrop: { below: number; cooldown: string } }
  /** An intranet article with this topic, or `any`; with `within`, all of a period make one alert. */
  | { posted: string; within?: string }
  | { event: string; of: 'network'; with?: DataTest }

/** Conditions that bring people to a step one by one, each at their own moment. */
export type PersonCondition =
  | { notOpened: string; within: string }
  | { notActed: string; within: string }
  | { notRegistered: string; within: string }
  | { registered: true; after?: string }
  | { notStarted: true; after: string }
  | { replied: string; to?: string; after?: string }
  | { enters: string; after?: string }
  | { leaves: string; after?: string }
  | DateCondition
  | EventCondition
  | { returned: string; after?: string }
  | { any: PersonCondition[] }
  | { all: (PersonCondition | { not: PersonCondition } | { rule: SegmentRule })[] }

export interface DateCondition {
  /** A free attribute of the contact that holds a day. */
  date: string
  before?: string
  after?: string
  /** The day comes back every year: a birthday, the anniversary of a contract. */
  yearly?: boolean
  /** Local time of the recipient; 09:00 without it. */
  time?: string
}

export interface EventCondition {
  event: string
  of?: 'person'
  with?: DataTest
  after?: string
}

export type Condition = GroupCondition | PersonCondition

const stepName = z.string().min(1).max(60).meta({ description: 'The name of a step of this campaign' })

/** What programs call an event they tell us of: letters, digits, hyphens, dots. */
export const eventNamePattern = /^[a-z0-9][a-z0-9._-]{0,79}$/
export const eventNameHint =
  'An event is named in lower-case letters, digits, dots and hyphens, such as missed-appointment.'
const eventName = z.string().regex(eventNamePattern, eventNameHint)

const attributeName = z.string().trim().min(1).max(200)
const segmentName = z.string().trim().min(1).max(200)
const fact = z.union([z.string(), z.number(), z.boolean()])
const dataTest = z.record(z.string().min(1).max(80), z.union([fact, z.array(fact).min(1)]))
const isTrue = z.literal(true, { error: 'Write true.' })
const localTime = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'A time of day is written like 09:00.')

const days = z.string().regex(/^P(?=\d)(?:\d{1,3}W)?(?:\d{1,4}D)?$/, 'Days are written like P10D or P2W here.')
const participationDrop = z.strictObject({
  participationDrop: z.strictObject({
    below: z.number().gt(0).max(1).default(0.85),
    cooldown: days.default('P10D'),
  }),
})
const posted = z.strictObject({
  posted: z.string().min(1).max(80).meta({ description: 'The topic of the article, or any' }),
  within: delay.optional().meta({ description: 'Gathers the articles of this time into one alert' }),
})
const networkEvent = z.strictObject({ event: eventName, of: z.literal('network'), with: dataTest.optional() })

const personEvent = z.strictObject({
  event: eventName,
  of: z.literal('person').optional(),
  with: dataTest.optional(),
  after: delay.optional(),
})
const enters = z.strictObject({ enters: segmentName, after: delay.optional() })
const leaves = z.strictObject({ leaves: segmentName, after: delay.optional() })
const registered = z.strictObject({ registered: isTrue, after: delay.optional() })
const date = z
  .strictObject({
    date: attributeName,
    before: days.optional(),
    after: days.optional(),
    yearly: z.boolean().optional(),
    time: localTime.optional(),
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    message: 'A date has before: or after:, not both.',
  })

const nested: z.ZodType<PersonCondition> = z.lazy(() => personCondition)
const part: z.ZodType<PersonCondition | { not: PersonCondition } | { rule: SegmentRule }> = z.lazy(() =>
  z.union([z.strictObject({ not: nested }), z.strictObject({ rule: segmentRule }), nested], {
    error: (issue) => {
      const input = issue.input as object
      const isOwn = typeof input === 'object' && input !== null && ('not' in input || 'rule' in input)
      return isOwn ? 'This condition is not valid.' : personError(issue)
    },
  }),
)

const personShapes = {
  notOpened: z.strictObject({ notOpened: stepName, within: delay }),
  notActed: z.strictObject({ notActed: stepName, within: delay }),
  notRegistered: z.strictObject({ notRegistered: stepName, within: delay }),
  registered,
  notStarted: z.strictObject({ notStarted: isTrue, after: delay }),
  replied: z.strictObject({
    replied: z.string().trim().min(1).max(160).meta({ description: 'OUI, "VENTE *" or * for whatever was said' }),
    to: stepName.optional(),
    after: delay.optional(),
  }),
  enters,
  leaves,
  date,
  event: personEvent,
  returned: z.strictObject({ returned: stepName, after: delay.optional() }),
  any: z.strictObject({ any: z.array(nested).min(2, 'Put at least two conditions under any:.') }),
  all: z
    .strictObject({ all: z.array(part).min(2, 'Put at least two conditions under all:.') })
    .refine(({ all }) => all.some((one) => !('not' in one) && !('rule' in one)), {
      message: 'Under all: at least one condition must be something that happens; not: and rule: only keep people out.',
    }),
} satisfies Record<string, z.ZodType<PersonCondition>>

type Issues = { input?: unknown; errors?: readonly (readonly z.core.$ZodIssue[])[] }
const personNames = Object.keys(personShapes)
const unionOf = <T>(shapes: Record<string, z.ZodType>) =>
  Object.values(shapes) as [z.ZodType<T>, z.ZodType<T>, ...z.ZodType<T>[]]

const personError = (issue: Issues) => bestBranch(issue.input, [[], ...(issue.errors ?? [])], personNames).message

/** What brings one person somewhere. */
export const personCondition: z.ZodType<PersonCondition> = z
  .union(unionOf<PersonCondition>(personShapes), { error: (issue) => personError(issue as Issues) })
  .meta({ id: 'PersonCondition' })

const allShapes = { participationDrop, posted, networkEvent, ...personShapes }
const allNames = ['participationDrop', 'posted', 'networkEvent', ...personNames]

/** What a step's `when:` may say. */
export const condition: z.ZodType<Condition> = z.union(unionOf<Condition>(allShapes), {
  error: (issue) => {
    const { input, errors } = issue as Issues
    const isNetwork = typeof input === 'object' && input !== null && 'of' in input && input.of === 'network'
    const seen = isNetwork ? { networkEvent: true } : input
    return bestBranch(seen, [[], ...(errors ?? [])], allNames).message
  },
})

/** What a campaign may be entered by. */
export const entry = z.union([personEvent, enters, leaves, registered, date], {
  error:
    'A campaign is entered by one of event, enters, leaves, registered or date, such as { event: missed-appointment }.',
})
export type Entry = z.output<typeof entry>

/** Told by a program, or a rule like those of segments. */
export const goal = z.union([personEvent.omit({ after: true }), segmentRule], {
  error: 'A goal is an event such as { event: appointment-booked }, or a rule such as registered.',
})
export type Goal = EventCondition | SegmentRule

export const exit = z.strictObject({ when: goal })

export const reentry = z
  .string()
  .regex(/^(?:never|always|after .+)$/, 'Write never, always or after P30D.')
  .refine((text) => !text.startsWith('after ') || delay.safeParse(text.slice(6)).success, {
    message: 'Write never, always or after P30D.',
  })

const branch = z.string().min(1).max(60).meta({ description: 'The name of a step, or exit' })

export const waitFor = z
  .strictObject({
    event: eventName.optional(),
    with: dataTest.optional(),
    replied: z.string().trim().min(1).max(160).optional(),
    opened: isTrue.optional(),
    acted: isTrue.optional(),
    registered: isTrue.optional(),
    upTo: delay,
    // biome-ignore lint/suspicious/noThenProperty: the word a campaign file uses; the object is never awaited.
    then: branch.optional().meta({ description: 'Where to go when it happened in time; without it, nothing follows' }),
    else: branch.meta({ description: 'Where to go when the time is over' }),
  })
  .refine(
    ({ event, replied, opened, acted, registered }) =>
      [event, replied, opened, acted, registered].filter((one) => one !== undefined).length === 1,
    { message: 'waitFor: needs exactly one of event, replied, opened, acted or registered.' },
  )
  .refine(({ with: data, event }) => data === undefined || event !== undefined, {
    message: 'with: says more of an event; write event: too.',
  })
export type WaitFor = z.output<typeof waitFor>

export const task = z
  .union([
    z.literal('call'),
    z.strictObject({
      kind: z.literal('call'),
      assignee: z
        .union([z.enum(['owner', 'correspondent']), z.email()], {
          error: 'A task is for owner (of the campaign), correspondent (of the outlet) or the e-mail of a user.',
        })
        .optional(),
      due: delay.optional(),
      note: z.string().min(1).max(500).optional(),
    }),
  ])
  .transform((written) => {
    const {
      assignee = 'owner',
      due = 'P1D',
      note,
    }: { assignee?: string; due?: string; note?: string } = written === 'call' ? {} : written
    return { kind: 'call' as const, assignee, due, note }
  })
export type TaskRule = z.output<typeof task>

const groupKeys = ['participationDrop', 'posted'] as const

/** Whether a condition starts a step once for its audience. */
export const isGroupCondition = (written: Condition): written is GroupCondition =>
  groupKeys.some((key) => key in written) || ('of' in written && written.of === 'network')

/** What happens to one person, every part of a condition that can bring them; what only keeps people out is left out. */
export function* causesOf(
  written: PersonCondition,
): Generator<Exclude<PersonCondition, { any: unknown } | { all: unknown }>> {
  if ('any' in written) for (const one of written.any) yield* causesOf(one)
  else if ('all' in written) {
    for (const one of written.all) if (!('not' in one) && !('rule' in one)) yield* causesOf(one)
  } else yield written
}

/** Every condition inside, those that keep people out among them. */
export function* conditionsWithin(written: Condition): Generator<Condition> {
  yield written
  if ('any' in written) for (const one of written.any) yield* conditionsWithin(one)
  else if ('all' in written)
    for (const one of written.all) {
      if ('rule' in one) continue
      yield* conditionsWithin('not' in one ? one.not : one)
    }
}
