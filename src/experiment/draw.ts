import type { Person } from '../audience/people.ts'
import type { Step } from '../outbox/step.ts'
import { draw } from '../random.ts'
import type { Variant } from './definition.ts'
import { testAndRoll } from './size.ts'

/** The rate of action a first experiment reckons with, where the network has none of its own. */
export const usualRate = 0.25

/** The share of an audience each variant is tried on, 0 … 0.5, so that the whole list gains most. */
export const shareFor = (audience: number): number =>
  audience < 2 ? 0.5 : Math.min(0.5, testAndRoll(audience, usualRate).perVariant / audience)

/** Whose turn it is: one of the variants, or to wait for the better one. */
export type Part = Variant | 'rest'

/**
 * Which part of an experiment somebody is in: fixed by network, campaign, step and person, so that a replay draws
 * alike. Each is drawn alone: of a small audience the parts come near their share, not to the head.
 */
export function partOf(
  experiment: { network: string; campaign: string; step: string; share: number },
  { contact }: Pick<Person, 'contact'>,
): Part {
  const drawn = draw(experiment.network, 'experiment', experiment.campaign, experiment.step, contact.identityKey)
  if (drawn < experiment.share) return 'a'
  return drawn < 2 * experiment.share ? 'b' : 'rest'
}

/** Whether a message is the one for somebody: of the messages of an experiment, one is. */
export const isOfThisPart = ({ experiment, network, campaign, message }: Step, person: Person): boolean =>
  experiment === undefined ||
  message.occurrence ===
    partOf({ network: network.name, campaign: campaign.name, step: message.step, share: experiment.share }, person)
