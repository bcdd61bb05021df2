/** The grammar of an experiment on a step: two variants of one thing, and what decides between them. Pure. */
import { z } from 'zod'
import { localised } from '../campaign/localised.ts'
import { durationMs } from '../segment/duration.ts'
import { channelNames } from '../words.ts'

/** What two variants may differ in: one thing, or nobody could tell what made the difference. */
export const varied = ['subject', 'template', 'hour', 'channels'] as const
export type Varied = (typeof varied)[number]

const hour = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'An hour is written 09:00, from 00:00 to 23:59.')
const template = z.string().regex(/^[\w-]+\/[\w-]+$/, 'A template is a group and a name, such as challenge/teaser.')
const channels = z.array(z.enum(channelNames)).min(1)

const common = {
  metric: z
    .enum(['acted', 'opened'])
    .default('acted')
    .meta({ description: 'What counts: acted, or opened (only of those who agreed to be measured)' }),
  wait: z
    .string()
    .refine((text) => (durationMs(text) ?? 0) >= 3_600_000 && (durationMs(text) ?? 0) <= 5 * 86_400_000, {
      message:
        'Wait from one hour to five days before choosing, such as PT4H; hours outside 8–20 on working days do not count.',
    })
    .optional()
    .meta({ description: 'Working time before the better one goes to the rest: PT1H by SMS alone, otherwise PT4H' }),
}

/** Both variants of a value; without `a`, the step as it is written is the first. */
const variants = <V extends Varied, T extends z.ZodType>(vary: V, value: T) =>
  z.strictObject({ vary: z.literal(vary), a: value.optional(), b: value, ...common })

export const experimentSchema = z
  .discriminatedUnion(
    'vary',
    [
      variants('subject', localised),
      variants('template', template),
      variants('hour', hour),
      variants('channels', channels),
    ],
    { error: `An experiment varies one thing: vary: ${varied.join(', ')}, with b: (and a:) as its variants.` },
  )
  .meta({
    description: 'Tries two variants of one thing on a part of the audience; the rest gets the one that did better',
  })

export type Experiment = z.output<typeof experimentSchema>
export type Variant = 'a' | 'b'

/** What a step with an experiment cannot be besides. */
export function checkExperiment(
  written: {
    name: string
    at?: string
    every?: unknown
    when?: unknown
    urgency?: string
    propose?: boolean
    task?: unknown
    experiment?: unknown
  },
  context: { addIssue(issue: { code: 'custom'; path?: PropertyKey[]; message: string }): void },
): void {
  if (written.experiment === undefined) return
  const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['experiment'], message })
  if (written.at === undefined || written.when !== undefined)
    refuse(`Step "${written.name}" starts on a condition: only a dated step can be tried on a part of its audience.`)
  if (written.every !== undefined)
    refuse(`Step "${written.name}" recurs: make each experiment on a step that comes once.`)
  if (written.task !== undefined || written.propose)
    refuse(`Step "${written.name}" sends nothing by itself: it has no variants.`)
  if (written.urgency === 'immediate' || written.urgency === 'high')
    refuse(`Step "${written.name}" is urgent: nobody may wait for the outcome of an experiment.`)
}
