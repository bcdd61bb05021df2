import type { PolicyChange } from '../routing/policy-diff.ts'
import type { PolicyRule } from '../routing/types.ts'

/** A rule on one line: `field: profile field → sms, email, intranet`. */
export function ruleText({
  id,
  when,
  channels,
  together = [],
  waterfallMinutes,
  fallback,
  learns,
}: PolicyRule): string {
  const conditions = Object.entries(when).map(([on, values]) => `${on} ${values.join('|')}`)
  const more = [
    together.length > 0 && `together with ${together.join(', ')}`,
    waterfallMinutes !== undefined && `urgent: the next every ${waterfallMinutes} min`,
    fallback && `the next once if not ${fallback.ifNot} within ${fallback.afterMinutes} min`,
    learns === false && 'fixed order',
  ].filter((part) => part !== false && part !== undefined)
  const tail = more.length > 0 ? ` (${more.join('; ')})` : ''
  return `${id}: ${conditions.join(', ') || 'everything else'} → ${channels.join(', ')}${tail}`
}

/** A change on one line, or two where a rule says something else. */
export function changeText(change: PolicyChange): string {
  switch (change.is) {
    case 'added':
      return `+ ${change.position}. ${ruleText(change.rule)}`
    case 'removed':
      return `- ${change.position}. ${ruleText(change.rule)}`
    case 'moved':
      return `~ ${change.rule.id}: from place ${change.from} to ${change.to}`
    case 'changed':
      return `- ${ruleText(change.before)}\n+ ${ruleText(change.after)}`
    case 'companions':
      return change.intranet
        ? '+ everything is also stored on the intranet'
        : '- nothing is stored on the intranet beside'
  }
}
