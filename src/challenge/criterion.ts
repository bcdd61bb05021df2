/** What counts in a challenge: something counted in units, or something shown by evidence. */
import { z } from 'zod'
import { localised } from '../campaign/localised.ts'

export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'Use lower-case letters, digits and hyphens, at most 40, such as ventes.')

export const evidenceKinds = ['text', 'photo', 'file', 'attestation'] as const
export type EvidenceKind = (typeof evidenceKinds)[number]

const percent = z
  .string({ error: 'A share is written like 10%.' })
  .regex(/^-?\d{1,3}(\.\d+)? ?%$/, 'A share is written like 10%.')

const objective = z
  .strictObject({
    history: slug.optional().meta({ description: 'The measure of past results to build on, such as ventes' }),
    attribute: z
      .string()
      .min(1)
      .optional()
      .meta({ description: 'The column of the file that holds what was done in a year, such as ca_2026' }),
    fixed: z.int().min(1).optional().meta({ description: 'The same for everyone' }),
    growth: percent.default('0%').meta({ description: 'More than before, such as 10%' }),
    atLeast: z.int().min(1).default(1),
    atMost: z.int().min(1).optional(),
  })
  .refine((given) => [given.history, given.attribute, given.fixed].filter((one) => one !== undefined).length === 1, {
    message: 'An objective needs exactly one of history, attribute and fixed.',
  })
  .refine((given) => given.atMost === undefined || given.atMost >= given.atLeast, {
    path: ['atMost'],
    message: 'atMost is below atLeast.',
  })

const common = {
  name: slug,
  title: localised.optional(),
  weight: z.int().min(1).max(100).meta({ description: 'Its share of the objective; those of a role add up to 100' }),
  points: z.int().min(1).max(100_000).meta({ description: 'Points for one unit' }),
  capPerDay: z.int().min(1).optional().meta({ description: 'Units that count in one day at most' }),
  objective: objective.optional(),
}

const quantitative = z.strictObject({
  ...common,
  kind: z.literal('quantitative').default('quantitative'),
  unit: localised.meta({ description: 'What is counted, in the singular: { fr: vente, en: sale }' }),
  evidence: z.array(z.enum(evidenceKinds)).optional(),
  validatedUpTo: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'A result of this many units or fewer counts at once; more waits for a person' }),
})

const qualitative = z.strictObject({
  ...common,
  kind: z.literal('qualitative'),
  unit: localised.optional(),
  evidence: z.array(z.enum(evidenceKinds)).min(1).meta({ description: 'What a person judges it by' }),
})

export const criterion = z.union([qualitative, quantitative])

export type Criterion = z.output<typeof criterion>

/** Units that count without a person having looked: what is shown by evidence is always looked at. */
export const validatedUpTo = (given: Criterion): number => (given.kind === 'quantitative' ? given.validatedUpTo : 0)

/** "10%" as hundredths of the whole, 10. */
export const hundredths = (share: string): number => Number.parseFloat(share)
