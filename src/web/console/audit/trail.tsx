import type { FC } from 'hono/jsx'
import { type AuditAction, auditActions } from '../../../accounts/audit-actions.ts'
import type { TrailEntry } from '../../../accounts/audit-trail.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { FilterSelect, Filters, FilterText } from '../../ui/filters.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { SettingsTabs } from '../settings/settings-page.tsx'

export const trailPath = '/console/settings/audit'

export interface TrailAsked {
  action?: AuditAction
  actor?: string
  /** Days of the network, as they were typed. */
  since?: string
  until?: string
  cursor?: string
}

/** Who an entry is about, as people call them. */
export function actorText({ t }: View, { actor, actorName }: Pick<TrailEntry, 'actor' | 'actorName'>): string {
  if (actorName !== undefined) return actor.startsWith('key:') ? t('audit.aKey', { name: actorName }) : actorName
  if (actor === 'operator') return t('audit.operator')
  if (actor === 'relais') return t('audit.system')
  return actor === '' ? t('audit.nobody') : t('audit.gone')
}

/** A sentence; an act that this version does not know, from a later one, is said by its code. */
export function actText(view: View, entry: Pick<TrailEntry, 'action' | 'actor' | 'actorName'>): string {
  const action = auditActions.find((known) => known === entry.action)
  const who = actorText(view, entry)
  return action ? view.t(`audit.actions.${action}`, { who }) : `${who} · ${entry.action}`
}

/** The act without who did it, for choosing among them. */
const choiceText = ({ t }: View, action: AuditAction): string => t(`audit.actions.${action}`, { who: '…' })

const rooms: Record<string, string> = {
  campaign: '/console/campaigns',
  contact: '/console/contacts',
  site: '/console/sites',
  delivery: '/console/outbox',
  import: '/console/imports',
}

function hrefOf({ action, subject }: TrailEntry): string | undefined {
  const [noun = '', verb = ''] = action.split('.')
  const room = rooms[noun]
  return room && !/^(delete|erase|merge)$/.test(verb) ? `${room}/${subject}` : undefined
}

const detailText = (data: Record<string, unknown>): string =>
  Object.entries(data)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name} = ${Array.isArray(value) ? value.join(', ') : value}`)
    .join(' · ')

/** The audit trail of a network in words, for those who answer for it. */
export const TrailPage: FC<{
  view: View
  entries: readonly TrailEntry[]
  next?: string
  asked: TrailAsked
  actors: readonly { id: string; name: string }[]
  /** A day that was typed does not exist. */
  isDateWrong?: boolean
}> = ({ view, entries, next, asked, actors, isDateWrong }) => {
  const { t, formats } = view
  const isFiltered = Boolean(asked.action || asked.actor || asked.since || asked.until)
  const url = (change: Record<string, string | undefined>) => {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...asked, ...change })) if (value) query.set(name, value)
    return inNetwork(view, query.size > 0 ? `${trailPath}?${query}` : trailPath)
  }
  return (
    <ConsolePage view={view} title={t('audit.title')} current="settings">
      <PageHeading title={t('audit.title')} lead={t('audit.lead')} />
      <SettingsTabs view={view} current="audit" />
      {isDateWrong && <Flash tone="bad">{t('audit.wrongDate')}</Flash>}
      <Filters view={view} action={trailPath} isFiltered={isFiltered}>
        <FilterSelect
          view={view}
          name="action"
          label={t('audit.action')}
          value={asked.action}
          choices={auditActions.map((action) => ({ value: action, text: choiceText(view, action) }))}
        />
        <FilterSelect
          view={view}
          name="actor"
          label={t('audit.who')}
          value={asked.actor}
          choices={[
            ...actors.map(({ id, name }) => ({
              value: id,
              text: id.startsWith('key:') ? t('audit.aKey', { name }) : name,
            })),
            { value: 'operator', text: t('audit.operator') },
            { value: 'relais', text: t('audit.system') },
          ]}
        />
        <FilterText name="since" label={t('audit.since')} value={asked.since} type="date" />
        <FilterText name="until" label={t('audit.until')} value={asked.until} type="date" />
      </Filters>
      <DataTable
        view={view}
        caption={t('audit.caption')}
        rows={entries}
        next={next}
        isContinued={asked.cursor !== undefined}
        url={url}
        empty={<p>{t(isFiltered ? 'audit.emptyFiltered' : 'audit.empty')}</p>}
        columns={[
          {
            key: 'what',
            head: t('audit.what'),
            cell: (entry) => {
              const href = hrefOf(entry)
              const text = actText(view, entry)
              return href ? <a href={inNetwork(view, href)}>{text}</a> : text
            },
          },
          {
            key: 'when',
            head: t('audit.when'),
            cell: (entry) => <time datetime={entry.at.toISOString()}>{formats.short(entry.at)}</time>,
          },
          { key: 'details', head: t('audit.details'), cell: (entry) => <small>{detailText(entry.data)}</small> },
        ]}
      />
      <p class="note">
        {t('audit.verify')} <code>relais audit verify</code>
      </p>
    </ConsolePage>
  )
}
