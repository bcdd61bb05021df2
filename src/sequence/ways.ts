/** How a campaign's steps begin, and what they lead to, read from its definition alone. */
import { anchorsOf } from '../campaign/anchor.ts'
import type { CampaignDefinition, StepDefinition } from '../campaign/definition.ts'
import { isRecurring } from '../campaign/occurrences.ts'
import { parseMoment } from '../campaign/schedule.ts'
import { isExperimental } from '../experiment/variant.ts'
import {
  type Condition,
  causesOf,
  conditionsWithin,
  type GroupCondition,
  isGroupCondition,
  type PersonCondition,
} from './condition.ts'

/**
 * dated: for the whole audience on a date · entered: counted from each person's own entry · person: each by what
 * happened to them · group: for everybody, when something happened · branch: where a wait leads.
 */
export type Way = 'dated' | 'entered' | 'person' | 'group' | 'branch'

export function wayOf(campaign: CampaignDefinition, step: Pick<StepDefinition, 'at' | 'when'>): Way {
  if (step.when !== undefined) return isGroupCondition(step.when) ? 'group' : 'person'
  if (step.at === undefined) return 'branch'
  return campaign.entry !== undefined && countsFromEntry(step.at, anchorsOf(campaign)) ? 'entered' : 'dated'
}

/** The anchor every person has for themselves. */
export const entryAnchor = 'entry'

function countsFromEntry(text: string, anchors: Readonly<Record<string, string>>): boolean {
  let at: string | undefined = text
  for (let hops = 0; at !== undefined && hops < 100; hops++) {
    const parsed = parseMoment(at)
    if ('problem' in parsed || parsed.moment.base.kind !== 'anchor') return false
    const { name }: { name: string } = parsed.moment.base
    if (name === entryAnchor) return true
    at = Object.hasOwn(anchors, name) ? anchors[name] : undefined
  }
  return false
}

/** Whether late joiners catch up on a step: it had its date, once, for everybody. */
export const isCaughtUpOn = (campaign: CampaignDefinition, step: StepDefinition): boolean =>
  wayOf(campaign, step) === 'dated' && !isRecurring(step) && !isExperimental(step)

/** Whether people come to the step one by one. */
export const isPersonal = (campaign: CampaignDefinition, step: Pick<StepDefinition, 'at' | 'when'>): boolean =>
  ['entered', 'person', 'branch'].includes(wayOf(campaign, step))

export const personConditionOf = (step: Pick<StepDefinition, 'when'>): PersonCondition | undefined =>
  step.when !== undefined && !isGroupCondition(step.when) ? step.when : undefined

export const groupConditionOf = (step: Pick<StepDefinition, 'when'>): GroupCondition | undefined =>
  step.when !== undefined && isGroupCondition(step.when) ? step.when : undefined

/** What somebody did not do about a step, in the words of the conditions that wait for it. */
export const silences = ['notOpened', 'notActed', 'notRegistered'] as const
export type Silence = (typeof silences)[number]

export interface SilentCause {
  silence: Silence
  step: string
  within: string
}

export function silentCause(part: Condition): SilentCause | undefined {
  if ('notOpened' in part) return { silence: 'notOpened', step: part.notOpened, within: part.within }
  if ('notActed' in part) return { silence: 'notActed', step: part.notActed, within: part.within }
  if ('notRegistered' in part) return { silence: 'notRegistered', step: part.notRegistered, within: part.within }
  return undefined
}

/** The steps that wait for silence after a step, each with how long. */
export const followersOf = (
  campaign: CampaignDefinition,
  stepName: string,
): { step: StepDefinition; cause: SilentCause }[] =>
  campaign.steps.flatMap((step) => {
    const when = personConditionOf(step)
    if (!when) return []
    return [...causesOf(when)].flatMap((part) => {
      const cause = silentCause(part)
      return cause?.step === stepName ? [{ step, cause }] : []
    })
  })

/** Whether anybody may still come to a step, however long nothing happens: such a campaign ends only by being closed. */
export function isOpenEnded(campaign: CampaignDefinition): boolean {
  if (campaign.entry !== undefined) return true
  return campaign.steps.some((step) => {
    if (step.when === undefined) return false
    if (isGroupCondition(step.when)) return true
    return [...causesOf(step.when)].some((part) => silentCause(part) === undefined)
  })
}

/** The segments a campaign's conditions listen to. */
export const segmentsWatched = (campaign: CampaignDefinition): string[] => [
  ...new Set(
    [campaign.entry, ...campaign.steps.map((step) => step.when)].flatMap((when) =>
      when === undefined
        ? []
        : [...conditionsWithin(when as Condition)].flatMap((part) =>
            'enters' in part ? [part.enters] : 'leaves' in part ? [part.leaves] : [],
          ),
    ),
  ),
]
