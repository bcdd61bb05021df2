import type { LaunchNotice } from '../../../campaign/launch-notices.ts'
import type { CampaignProblem } from '../../../campaign/problems.ts'
import type { View } from '../../view.ts'

const obstacleKeys = {
  'step.condition': 'obstacle.stepCondition',
  'urgent.reason': 'obstacle.urgentReason',
  'reply.one_way': 'obstacle.replyOneWay',
  'sender.unknown': 'obstacle.senderUnknown',
  'audience.unknown': 'obstacle.audienceUnknown',
  'challenge.reach': 'obstacle.challengeReach',
  'audience.empty': 'obstacle.audienceEmpty',
  'clock.gap': 'obstacle.clockGap',
  'clock.overlap': 'obstacle.clockOverlap',
  'step.past': 'obstacle.stepPast',
  'shop.unknown': 'obstacle.shopUnknown',
  'experiment.small': 'obstacle.experimentSmall',
  'slack.august': 'obstacle.slackAugust',
  'slack.bridge': 'obstacle.slackBridge',
  'slack.closed': 'obstacle.slackClosed',
} as const satisfies Record<LaunchNotice['code'], string>

/** What an author should know before launching, in the reader's language. */
export const noticeText = ({ t, formats }: View, notice: LaunchNotice): string =>
  t(obstacleKeys[notice.code], {
    step: 'step' in notice ? (notice.step ?? '') : '',
    date: 'at' in notice ? formats.long(notice.at) : '',
    share: 'share' in notice ? notice.share : 0,
  })

/** Whether it keeps the campaign from being launched, or is only good to know. */
export const isObstacle = ({ code }: LaunchNotice): boolean =>
  code === 'step.condition' ||
  code === 'reply.one_way' ||
  code === 'sender.unknown' ||
  code === 'audience.unknown' ||
  code === 'challenge.reach' ||
  code === 'urgent.reason'

/**
 * What is wrong with a draft, in the reader's language where it is one of the faults a form can make. What is wrong
 * with the finer points of a file is said as the command line says it.
 */
export function problemText({ t, language }: View, { path, message, suggestion }: CampaignProblem): string {
  const hint = suggestion === undefined ? '' : ` ${t('draft.suggestion', { text: suggestion })}`
  if (language === 'en') return message + hint
  if (path === 'anchor.launch' && message.includes('is in the past')) return t('draft.past')
  if (/^(anchor\.|steps\.\d+\.at$)/.test(path) && !message.includes('in a circle')) return t('draft.momentWrong') + hint
  if (path === 'audience.segment') return t('draft.segmentGone') + hint
  if (/^steps\.\d+\.template$/.test(path) && message.startsWith('There is no template'))
    return t('draft.templateGone') + hint
  if (path === 'link') return t('draft.linkWrong')
  return message + hint
}

/** The problems of a draft by the field of its form that shows them; the rest stand at its head. */
export function byField(
  view: View,
  problems: readonly CampaignProblem[],
  fields: readonly string[],
): { fields: Record<string, string>; others: CampaignProblem[] } {
  const placed: Record<string, string> = {}
  const others: CampaignProblem[] = []
  for (const problem of problems) {
    const field = fields.find((name) => problem.path === name || problem.path.startsWith(`${name}.`))
    if (field === undefined) others.push(problem)
    else placed[field] ??= problemText(view, problem)
  }
  return { fields: placed, others }
}
