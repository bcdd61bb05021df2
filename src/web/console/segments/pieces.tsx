import type { FC } from 'hono/jsx'
import { stringify } from 'yaml'
import { type Described, describeRule, type Explained } from '../../../segment/explain.ts'
import type { Reach } from '../../../segment/reach.ts'
import type { SegmentRule } from '../../../segment/rule.ts'
import type { Usage } from '../../../segment/usage.ts'
import { inNetwork } from '../../in-network.ts'
import { inLanguage, type View } from '../../view.ts'

export const segmentsPath = '/console/segments'

/** A rule as it stands in a file. */
export const yamlOf = (rule: SegmentRule): string => stringify(rule, { lineWidth: 100 }).trimEnd()

const isExplained = (part: Described | Explained): part is Explained => 'held' in part

/** A rule in words, a condition a line; explained, each says whether it held. */
export const RuleTree: FC<{ view: View; rule: Described | Explained }> = ({ view, rule }) => (
  <ul class="rule-tree">
    <RuleBranch view={view} rule={rule} />
  </ul>
)

const RuleBranch: FC<{ view: View; rule: Described | Explained }> = ({ view, rule }) => (
  <li class={isExplained(rule) ? (rule.held ? 'held' : 'not-held') : undefined}>
    {isExplained(rule) && <strong>{view.t(rule.held ? 'segments.held' : 'segments.notHeld')} · </strong>}
    {rule.text}
    {rule.parts.length > 0 && (
      <ul>
        {rule.parts.map((part) => (
          <RuleBranch view={view} rule={part} />
        ))}
      </ul>
    )}
  </li>
)

export const reachText = ({ t }: View, { byChannel, nowhere }: Reach): string =>
  t('segments.reachText', { ...byChannel, nowhere })

/** How many a rule means, how they can be reached, and what the figures leave out. */
export const ReachFigures: FC<{ view: View; reach: Reach }> = ({ view, reach }) => (
  <>
    <p class="segment-size">{view.t('segments.peopleNow', { count: reach.people })}</p>
    <p>{view.t('segments.reachable', { text: reachText(view, reach) })}</p>
    {reach.isMore && <p class="note">{view.t('segments.among', { count: reach.looked })}</p>}
  </>
)

/** Size, words and YAML of a rule: what the builder shows beside the form. */
export const RuleFacts: FC<{ view: View; rule: SegmentRule; reach?: Reach }> = ({ view, rule, reach }) => (
  <>
    {reach && (
      <section class="panel" aria-labelledby="now-title">
        <h2 id="now-title">{view.t('segments.now')}</h2>
        <ReachFigures view={view} reach={reach} />
      </section>
    )}
    <section class="panel" aria-labelledby="rule-title">
      <h2 id="rule-title">{view.t('segments.rule')}</h2>
      <RuleTree view={view} rule={describeRule(rule, view.language)} />
    </section>
    <section class="panel" aria-labelledby="yaml-title">
      <h2 id="yaml-title">{view.t('segments.asText')}</h2>
      <p class="note">{view.t('segments.asTextNote')}</p>
      <pre tabindex={0}>{yamlOf(rule)}</pre>
    </section>
  </>
)

export const usersOf = (view: View, { campaigns, segments }: Usage): { text: string; href: string }[] => [
  ...campaigns.map(({ id, name, title }) => ({
    text: view.t('segments.campaign', { name: inLanguage(title, view.language, name) }),
    href: inNetwork(view, `/console/campaigns/${id}`),
  })),
  ...segments.map(({ id, name, title }) => ({
    text: view.t('segments.segment', { name: inLanguage(title, view.language, name) }),
    href: inNetwork(view, `${segmentsPath}/${id}`),
  })),
]

/** What uses a segment, each to go to. */
export const Users: FC<{ view: View; usage: Usage }> = ({ view, usage }) => {
  const users = usersOf(view, usage)
  if (users.length === 0) return <span>{view.t('segments.unused')}</span>
  return (
    <span class="segment-users">
      {users.map(({ text, href }) => (
        <a href={href}>{text}</a>
      ))}
    </span>
  )
}
