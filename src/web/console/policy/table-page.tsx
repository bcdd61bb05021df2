import type { FC } from 'hono/jsx'
import { type Shadowed, shadowedRules } from '../../../routing/shadowed.ts'
import type { PolicyRule, PolicyTable } from '../../../routing/types.ts'
import { inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { type Done, home, mayEdit, PolicyPage } from './policy-page.tsx'
import { Conditions, OrderedChannels, WhatFollows } from './rule-words.tsx'

interface TableProps {
  view: View
  /** The version in force. */
  version: number
  /** What is shown: the reader’s draft, or the rules in force. */
  table: PolicyTable
  /** How many changes the reader’s draft holds; undefined without one. */
  changes?: number
  done?: Done
}

/** The rules in order, as they are or as their reader is changing them. */
export const TablePage: FC<TableProps> = ({ view, version, table, changes, done }) => {
  const { t } = view
  const isEditor = mayEdit(view)
  return (
    <PolicyPage
      view={view}
      tab="table"
      lead={t('policy.lead')}
      facts={<Badge text={t('policy.version', { version })} tone="quiet" />}
      done={done}
      action={
        isEditor && (
          <>
            <LinkButton href={inNetwork(view, `${home}/new-rule`)} text={t('policy.add')} kind="primary" icon="plus" />
            <Menu text={t('ui.actions')}>
              <ActionButton action={inNetwork(view, `${home}/shipped`)} text={t('policy.useShipped')} kind="quiet" />
              <ActionButton
                action={inNetwork(view, `${home}/companions`)}
                text={t(table.companions.intranet ? 'policy.intranetOff' : 'policy.intranetOn')}
                kind="quiet"
              />
            </Menu>
          </>
        )
      }
    >
      {changes !== undefined && isEditor && <DraftBar view={view} changes={changes} />}
      <RuleTable view={view} table={table} isEditable={isEditor} />
      <p class="note">{t(table.companions.intranet ? 'policy.intranetToo' : 'policy.intranetNot')}</p>
    </PolicyPage>
  )
}

const DraftBar: FC<{ view: View; changes: number }> = ({ view, changes }) => {
  const { t } = view
  return (
    <div class="draft-bar">
      <p>{t('policy.draft', { count: changes })}</p>
      <div class="toolbar">
        {changes > 0 && (
          <LinkButton href={inNetwork(view, `${home}/review`)} text={t('policy.review')} kind="primary" />
        )}
        <ActionButton action={inNetwork(view, `${home}/discard`)} text={t('policy.discard')} kind="quiet" />
      </div>
    </div>
  )
}

interface Row {
  rule: PolicyRule
  place: number
  isFirst: boolean
  /** The last rule stays where it is, and so does the one before it at its end. */
  isLast: boolean
  mayGoDown: boolean
  dead?: Shadowed
}

/** Rules at a glance; a phone shows each as a card. */
export const RuleTable: FC<{ view: View; table: PolicyTable; isEditable?: boolean }> = ({
  view,
  table: { rules },
  isEditable,
}) => {
  const { t } = view
  const dead = new Map(shadowedRules(rules).map((one) => [one.id, one]))
  const rows = rules.map(
    (rule, index): Row => ({
      rule,
      place: index + 1,
      isFirst: index === 0,
      isLast: index === rules.length - 1,
      mayGoDown: index < rules.length - 2,
      dead: dead.get(rule.id),
    }),
  )
  return (
    <DataTable
      view={view}
      caption={t('policy.caption')}
      rows={rows}
      url={() => inNetwork(view, home)}
      empty={t('ui.none')}
      columns={[
        {
          key: 'rule',
          head: t('policy.rule'),
          cell: (row) => <RuleName view={view} row={row} isEditable={isEditable} />,
        },
        { key: 'when', head: t('policy.when'), cell: ({ rule }) => <Conditions view={view} rule={rule} /> },
        {
          key: 'channels',
          head: t('policy.channels'),
          cell: ({ rule }) => <OrderedChannels view={view} channels={rule.channels} />,
        },
        {
          key: 'together',
          head: t('policy.together'),
          cell: ({ rule: { together = [] } }) =>
            together.length === 0 ? '–' : together.map((channel) => t(`channels.${channel}`)).join(' · '),
        },
        { key: 'then', head: t('policy.next'), cell: ({ rule }) => <WhatFollows view={view} rule={rule} /> },
        ...(isEditable
          ? [{ key: 'edit', head: t('ui.actions'), cell: (row: Row) => <Moves view={view} row={row} /> }]
          : []),
      ]}
    />
  )
}

const RuleName: FC<{ view: View; row: Row; isEditable?: boolean }> = ({
  view,
  row: { rule, place, dead },
  isEditable,
}) => {
  const { t } = view
  const name = `${place}. ${rule.id}`
  return (
    <div class="rule-name">
      {isEditable ? <a href={inNetwork(view, `${home}/rules/${rule.id}`)}>{name}</a> : <span>{name}</span>}
      {dead && (
        <>
          <Badge text={t('policy.dead')} tone="warning" />
          <small>{t('policy.deadWhy', { rules: dead.by.join(', ') })}</small>
        </>
      )}
    </div>
  )
}

const Moves: FC<{ view: View; row: Row }> = ({ view, row: { rule, isFirst, isLast, mayGoDown } }) => {
  const { t } = view
  if (isLast) return <span>–</span>
  const move = (direction: 'up' | 'down', isDisabled: boolean) => (
    <form class="action" method="post" action={inNetwork(view, `${home}/rules/${rule.id}/move`)}>
      <input type="hidden" name="direction" value={direction} />
      <button
        type="submit"
        class="quiet"
        disabled={isDisabled}
        aria-label={t(direction === 'up' ? 'policy.moveUp' : 'policy.moveDown', { rule: rule.id })}
      >
        <span aria-hidden="true">{direction === 'up' ? '↑' : '↓'}</span>
      </button>
    </form>
  )
  return (
    <div class="rule-moves">
      {move('up', isFirst)}
      {move('down', !mayGoDown)}
    </div>
  )
}
