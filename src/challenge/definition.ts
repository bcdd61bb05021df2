/** The `challenge:` block of a campaign file: who takes part, what counts, when, and by which ways. */
import { z } from 'zod'
import { localised } from '../campaign/localised.ts'
import { moment } from '../campaign/moment-schema.ts'
import { entryWays } from '../db/schema/challenge.ts'
import { durationMs } from '../segment/duration.ts'
import { profiles } from '../words.ts'
import { criterion, slug } from './criterion.ts'
import { themeNames } from './theme/journey.ts'

export type { Criterion } from './criterion.ts'

/** Fewer give no direction, more are not remembered. */
const fewestCriteria = 2
const mostCriteria = 4

/** Outlets of like potential that are ranked together; in larger groups most never see themselves near the top. */
export const largestLeague = 30

const duration = z.string().refine((text) => durationMs(text) !== undefined, {
  message: 'A duration is written like PT48H, P10D or P2W (a month has no fixed length: count days).',
})

const role = z
  .strictObject({
    name: slug,
    title: localised.optional(),
    who: z
      .enum(['people', 'companies'])
      .default('people')
      .meta({ description: 'people: those of these profiles or functions; companies: the outlets as such' }),
    profiles: z.array(z.enum(profiles)).min(1).optional(),
    functions: z
      .array(z.string().trim().min(2))
      .min(1)
      .optional()
      .meta({ description: 'Words in a person’s function, such as technicien or avant-vente; before profiles' }),
    criteria: z.array(criterion),
  })
  .superRefine(({ name, criteria, who, profiles: named, functions }, context) => {
    const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
    if (criteria.length < fewestCriteria)
      issue(
        ['criteria'],
        `Role "${name}" has ${criteria.length} criteria: give at least ${fewestCriteria}, such as what is sold and what is learned, or people do the one thing and nothing else.`,
      )
    if (criteria.length > mostCriteria)
      issue(
        ['criteria'],
        `Role "${name}" has ${criteria.length} criteria: keep at most ${mostCriteria}, nobody works towards more at once. Join some, or leave the lightest out.`,
      )
    const sum = criteria.reduce((all, one) => all + one.weight, 0)
    if (criteria.length > 0 && sum !== 100)
      issue(['criteria'], `The weights of role "${name}" add up to ${sum}: make them 100.`)
    for (const [index, { name: own }] of criteria.entries())
      if (criteria.findIndex((other) => other.name === own) < index)
        issue(['criteria', index, 'name'], `Another criterion of role "${name}" is also named "${own}".`)
    if (who === 'companies' && (named || functions))
      issue(['who'], `Role "${name}" is for companies, which have neither profile nor function.`)
  })

const season = z
  .partialRecord(z.string().regex(/^(?:[1-9]|1[0-2])$/, 'Months are numbered 1 to 12.'), z.number().min(0).max(100))
  .refine((months) => Math.abs(Object.values(months).reduce<number>((all, one) => all + (one ?? 0), 0) - 100) < 0.001, {
    message: 'The weights of the months add up to something else than 100.',
  })
  .meta({ description: 'Share of a year’s business by month, 1 to 12; together 100' })

const tiers = z
  .array(
    z.strictObject({
      name: slug,
      title: localised,
      from: z.int().min(0).meta({ description: 'The points from which it is reached' }),
    }),
  )
  .min(2)
  .max(10)
  .refine((all) => all.every(({ from }, at) => at === 0 || from > all[at - 1]!.from), {
    message: 'Write the tiers from the lowest to the highest, each from more points than the one before.',
  })
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, {
    message: 'Two tiers have the same name.',
  })
  .meta({ description: 'Levels that points come to, such as bronze, argent, or: they rise and fall with them' })

const keyword = z
  .string()
  .trim()
  .regex(/^\p{L}[\p{L}\p{N}]{1,19}$/u, 'A keyword is one word of 2 to 20 letters and digits, such as VENTE.')

export const challengeBlock = z
  .strictObject({
    participants: z
      .strictObject({
        companies: z.boolean().default(true).meta({ description: 'Outlets register and are ranked' }),
        people: z.boolean().default(true).meta({ description: 'Those who work there register and are ranked' }),
        teams: z
          .union([z.enum(['none', 'site']), z.strictObject({ attribute: z.string().min(1) })])
          .default('site')
          .meta({ description: 'none, site (an outlet is a team), or { attribute: … } of the person' }),
        companyFirst: z
          .boolean()
          .default(false)
          .meta({ description: 'true: people may register once their company has' }),
      })
      .prefault({}),
    roles: z.array(role).min(1, 'A challenge needs at least one role with its criteria.'),
    period: z.strictObject({ from: moment.default('launch'), to: moment.default('end') }).prefault({}),
    registration: z
      .strictObject({
        from: moment.default('launch - 21 working days'),
        to: moment.default('end'),
        ways: z
          .array(z.enum(entryWays))
          .min(1)
          .default([...entryWays]),
      })
      .prefault({}),
    results: z
      .strictObject({
        until: moment.default('end + 3 working days').meta({ description: 'Until when results may still be told' }),
        ways: z
          .array(z.enum(entryWays))
          .min(1)
          .default([...entryWays]),
        doubleWithin: z
          .int()
          .min(0)
          .max(31)
          .default(1)
          .meta({ description: 'Days within which the same quantity told twice is held for a person' }),
      })
      .prefault({}),
    keywords: z
      .strictObject({
        register: z.array(keyword).default(['OUI', 'JEPARTICIPE']),
        leave: z.array(keyword).default(['JEQUITTE']),
        results: z
          .record(keyword, slug)
          .default({})
          .meta({ description: 'Which criterion a word stands for: { VENTE: ventes }' }),
      })
      .prefault({}),
    freeze: duration.optional().meta({ description: 'How long before the end rankings are hidden, such as P10D' }),
    leagues: z
      .strictObject({
        history: slug.optional(),
        attribute: z.string().min(1).optional(),
        size: z.int().min(2).max(largestLeague).default(largestLeague),
      })
      .refine(({ history, attribute }) => (history === undefined) !== (attribute === undefined), {
        message: 'Leagues need exactly one of history and attribute: what an outlet could sell.',
      })
      .optional(),
    seniority: z
      .strictObject({
        attribute: z.string().min(1).meta({ description: 'The column with the day they began, YYYY-MM-DD' }),
        steps: z
          .array(
            z.strictObject({
              belowMonths: z.int().min(1),
              share: z.string().regex(/^\d{1,3} ?%$/, 'A share is written like 60%.'),
            }),
          )
          .min(1),
      })
      .optional(),
    season: season.optional(),
    tiers: tiers.optional(),
    lateJoiners: z
      .enum(['pro-rata', 'whole'])
      .default('pro-rata')
      .meta({ description: 'What is asked of who joins after the start: the part of the period that is left, or all' }),
    theme: z
      .enum(themeNames)
      .optional()
      .meta({ description: 'The journey it is told as; sled-race where none is named' }),
    budget: z
      .number()
      .min(0)
      .optional()
      .meta({ description: 'What the prizes may cost at most, in the network’s currency' }),
    terms: localised.optional().meta({ description: 'What people agree to when they register, in a few sentences' }),
  })
  .superRefine((block, context) => {
    const issue = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const [index, { name }] of block.roles.entries())
      if (block.roles.findIndex((other) => other.name === name) < index)
        issue(['roles', index, 'name'], `Another role is also named "${name}".`)
    if (block.participants.people && !block.roles.some(({ who }) => who === 'people'))
      issue(['roles'], 'People take part, but no role is for people.')
    if (!block.participants.people && !block.participants.companies)
      issue(['participants'], 'Nobody takes part: set companies or people to true.')
    if (block.participants.companyFirst && !block.participants.companies)
      issue(['participants', 'companyFirst'], 'Companies do not register here, so nobody can wait for theirs.')
    const units = new Map<string, string>()
    for (const [at, { criteria }] of block.roles.entries())
      for (const [index, { name, unit }] of criteria.entries()) {
        const written = JSON.stringify(unit ?? null)
        if ((units.get(name) ?? written) !== written)
          issue(
            ['roles', at, 'criteria', index, 'unit'],
            `Criterion "${name}" has another unit in another role: give it another name.`,
          )
        units.set(name, written)
      }
    for (const [word, name] of Object.entries(block.keywords.results))
      if (!units.has(name)) issue(['keywords', 'results', word], `There is no criterion "${name}".`)
    const words = [...block.keywords.register, ...block.keywords.leave, ...Object.keys(block.keywords.results)].map(
      (one) => one.toLowerCase(),
    )
    const double = words.find((word, index) => words.indexOf(word) < index)
    if (double !== undefined) issue(['keywords'], `The keyword ${double.toUpperCase()} stands for two things.`)
    const steps = block.seniority?.steps ?? []
    if (steps.some(({ belowMonths }, index) => index > 0 && belowMonths <= steps[index - 1]!.belowMonths))
      issue(['seniority', 'steps'], 'Write the steps of seniority from the shortest to the longest.')
  })
  .meta({ description: 'A challenge: who takes part, what counts and how it is told' })

/** The rules of a challenge, as validated. */
export type ChallengeRules = z.output<typeof challengeBlock>
export type ChallengeRole = ChallengeRules['roles'][number]
