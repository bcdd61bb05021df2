import type { NetworkSettings } from '../db/schema/network.ts'
import { type MessageClass, messageClasses, type Urgency } from '../words.ts'

/** What a network asks for before anything of it is launched. */
export interface LaunchRules {
  /** Whether somebody has to approve: not at all, or of these classes and from so many people on. */
  approval: { isRequired: boolean; classes: readonly MessageClass[]; fromPeople: number }
  /** Who wrote a campaign or asked for its approval may not approve it. */
  isFourEyes: boolean
  /** The users who may approve; empty: everybody whose role allows it. */
  approvers: readonly string[]
  /** How many have to approve. */
  needed: number
  deadlineHours: number
  /** Seconds in which a launch may be undone. */
  holdSeconds: number
  /** The same of an urgent notice. */
  urgentHoldSeconds: number
  /** Urgent notices one sender may launch in a calendar month. */
  urgentPerMonth: number
  /** From so many people on, whoever launches types the campaign’s name. */
  typedFrom: number
}

/** A launch may be undone for two minutes at most, an urgent notice for ten seconds: it is urgent. */
export const longestHold = 120
export const longestUrgentHold = 10

export const defaultLaunchRules: LaunchRules = {
  approval: { isRequired: false, classes: [], fromPeople: 0 },
  isFourEyes: true,
  approvers: [],
  needed: 1,
  deadlineHours: 48,
  holdSeconds: 60,
  urgentHoldSeconds: 5,
  urgentPerMonth: 4,
  typedFrom: 500,
}

const within = (value: number | undefined, most: number, otherwise: number): number =>
  value === undefined || !Number.isInteger(value) || value < 0 ? otherwise : Math.min(value, most)

/** A network’s rules, the shipped ones where it has set none. */
export function launchRulesOf({ launching = {} }: Pick<NetworkSettings, 'launching'>): LaunchRules {
  const shipped = defaultLaunchRules
  const { approval } = launching
  return {
    approval: {
      isRequired: approval?.isRequired ?? shipped.approval.isRequired,
      classes: messageClasses.filter((one) => approval?.classes?.includes(one)),
      fromPeople: within(approval?.fromPeople, 10_000_000, 0),
    },
    isFourEyes: launching.isFourEyes ?? shipped.isFourEyes,
    approvers: launching.approvers ?? [],
    needed: Math.max(1, within(launching.needed, 5, shipped.needed)),
    deadlineHours: Math.max(1, within(launching.deadlineHours, 24 * 30, shipped.deadlineHours)),
    holdSeconds: within(launching.holdSeconds, longestHold, shipped.holdSeconds),
    urgentHoldSeconds: within(launching.urgentHoldSeconds, longestUrgentHold, shipped.urgentHoldSeconds),
    urgentPerMonth: within(launching.urgentPerMonth, 1_000, shipped.urgentPerMonth),
    typedFrom: within(launching.typedFrom, 10_000_000, shipped.typedFrom),
  }
}

/** Whether a campaign of this class for so many people needs an approval: both limits have to be met. */
export const needsApproval = ({ approval }: LaunchRules, campaign: { class: MessageClass }, people: number): boolean =>
  approval.isRequired &&
  (approval.classes.length === 0 || approval.classes.includes(campaign.class)) &&
  people >= approval.fromPeople

/** For how long a launch may be undone, in milliseconds. */
export const holdMsOf = (
  rules: LaunchRules,
  campaign: { class: MessageClass; steps: readonly { urgency: Urgency }[] },
): number => {
  const isUrgent = campaign.class === 'urgent_service' || campaign.steps.some(({ urgency }) => urgency === 'immediate')
  return 1_000 * (isUrgent ? Math.min(rules.urgentHoldSeconds, longestUrgentHold) : rules.holdSeconds)
}
