import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { defaultContentMonths } from '../../../network/change-settings.ts'
import type { Override } from '../../../network/routing-settings.ts'
import type { RetentionState } from '../../../retention/state.ts'
import { defaultTerms, mostOfTerm, type TermKind, termKinds } from '../../../retention/terms.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Origin, OriginFields, RestoreButton } from './origin.tsx'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

/** The one kind whose term is being set: what its form holds, and what is wrong with it. */
export interface EditedTerm {
  kind: TermKind
  values: Readonly<Record<string, string>>
  problems: Problems
}

interface RetentionProps {
  view: View
  own: Partial<Record<TermKind, Override<number>>>
  contentMonths: number | undefined
  state: RetentionState
  edited?: EditedTerm
  done?: Done
}

const path = '/console/settings/retention'

const termText = ({ t }: View, kind: TermKind, count: number): string =>
  t(defaultTerms[kind].unit === 'day' ? 'settings.retention.days' : 'settings.retention.months', { count })

/** How long each kind is kept, after which source, what went last time and when it goes next. */
export const RetentionPage: FC<RetentionProps> = ({ view, own, contentMonths, state, edited, done }) => {
  const { t, formats } = view
  const { last, nextAt } = state
  const months = contentMonths ?? defaultContentMonths
  return (
    <SettingsPage view={view} tab="retention" lead={t('settings.retention.lead')} done={done}>
      {edited && mayWrite(view) && <TermForm view={view} edited={edited} own={own[edited.kind]} />}
      <Panel id="retention" title={t('settings.retention.title')} note={t('settings.retention.note')}>
        <p>
          {lastText(view, last)} {t('settings.retention.next', { at: formats.short(nextAt) })}
        </p>
        <DataTable
          view={view}
          caption={t('settings.retention.title')}
          rows={termKinds.map((kind) => kind)}
          url={() => inNetwork(view, path)}
          empty={t('ui.none')}
          columns={[
            {
              key: 'kind',
              head: t('settings.retention.what'),
              cell: (kind) =>
                mayWrite(view) ? (
                  <a class="row-link" href={inNetwork(view, `${path}/${kind}`)}>
                    {t(`settings.retention.kinds.${kind}`)}
                  </a>
                ) : (
                  t(`settings.retention.kinds.${kind}`)
                ),
            },
            {
              key: 'term',
              head: t('settings.retention.kept'),
              cell: (kind) => termText(view, kind, own[kind]?.value ?? defaultTerms[kind].value),
            },
            {
              key: 'standard',
              head: t('settings.retention.standard'),
              cell: (kind) => termText(view, kind, defaultTerms[kind].value),
            },
            {
              key: 'origin',
              head: t('settings.retention.origin'),
              cell: (kind) => <Origin view={view} shipped={defaultTerms[kind]} own={own[kind]} />,
            },
            {
              key: 'removed',
              head: t('settings.retention.removed'),
              isNumber: true,
              cell: (kind) => (last && kind !== 'silence' ? formats.number(last.removed[kind] ?? 0) : '–'),
            },
          ]}
        />
        {view.user && view.network && can(view.user, 'contact.read', view.network.id) && (
          <p>
            <a href={inNetwork(view, `${path}/silent`)}>
              {t('settings.silent.link', {
                months: termText(view, 'silence', own.silence?.value ?? defaultTerms.silence.value),
              })}
            </a>
          </p>
        )}
        <p class="note">
          {t('settings.retention.contents', { months: t('settings.retention.months', { count: months }) })}{' '}
          <a href={inNetwork(view, '/console/settings')}>{t('settings.retention.contentsWhere')}</a>
        </p>
      </Panel>
    </SettingsPage>
  )
}

function lastText({ t, formats }: View, last: RetentionState['last']): string {
  if (!last) return t('settings.retention.never')
  if (last.status === 'queued' || last.status === 'running') return t('settings.retention.underWay')
  const at = formats.short(last.at)
  return last.status === 'done' ? t('settings.retention.last', { at }) : t('settings.retention.failed', { at })
}

const TermForm: FC<{ view: View; edited: EditedTerm; own?: Override<number> }> = ({ view, edited, own }) => {
  const { t } = view
  const { kind, values, problems } = edited
  const title = t('settings.retention.change', { what: t(`settings.retention.kinds.${kind}`) })
  return (
    <Panel id="term" title={title} action={own && <RestoreButton view={view} path={`${path}/${kind}/restore`} />}>
      <Form view={view} action={inNetwork(view, `${path}/${kind}`)} problems={problems}>
        <TextField
          view={view}
          name="value"
          type="number"
          min="1"
          max={String(mostOfTerm)}
          label={t(defaultTerms[kind].unit === 'day' ? 'settings.retention.inDays' : 'settings.retention.inMonths')}
          value={values.value}
          error={problems.value}
          isRequired
        />
        <OriginFields view={view} values={values} problems={problems} />
        <button type="submit" class="primary">
          {t('ui.save')}
        </button>
      </Form>
    </Panel>
  )
}
