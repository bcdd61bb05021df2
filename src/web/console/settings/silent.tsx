import type { FC } from 'hono/jsx'
import type { Override } from '../../../network/routing-settings.ts'
import type { SilentPerson } from '../../../retention/silent.ts'
import { defaultTerms } from '../../../retention/terms.ts'
import { Breadcrumb, inNetwork } from '../../layout.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { contactName } from '../network/contacts.tsx'
import { Origin } from './origin.tsx'
import { mayWrite, SettingsPage } from './settings-page.tsx'

interface SilentProps {
  view: View
  /** The network’s term of silence. */
  months: number
  own?: Override<number>
  people: SilentPerson[]
  next?: string
  isContinued: boolean
}

const path = '/console/settings/retention/silent'

/** People nobody has heard of for the network’s term: to be asked once, and erased if they do not wish to stay. */
export const SilentPage: FC<SilentProps> = ({ view, months, own, people, next, isContinued }) => {
  const { t, formats } = view
  const term = { months: t('settings.retention.months', { count: months }) }
  const title = t('settings.silent.title', term)
  return (
    <SettingsPage view={view} tab="retention" title={title} lead={t('settings.silent.lead', term)}>
      <Breadcrumb
        view={view}
        trail={[[t('settings.tabs.retention'), inNetwork(view, '/console/settings/retention')]]}
      />
      <Panel id="silent" title={t('settings.silent.whatToDo')} note={t('settings.silent.counted')}>
        <ol>
          <li>{t('settings.silent.ask')}</li>
          <li>{t('settings.silent.erase')}</li>
        </ol>
        <Origin view={view} shipped={defaultTerms.silence} own={own} />
        {mayWrite(view) && (
          <p>
            <a href={inNetwork(view, '/console/settings/retention/silence')}>{t('settings.silent.change')}</a>
          </p>
        )}
      </Panel>
      <DataTable
        view={view}
        caption={title}
        rows={people}
        url={({ cursor }) => inNetwork(view, cursor ? `${path}?cursor=${cursor}` : path)}
        next={next}
        isContinued={isContinued}
        empty={<p>{t('settings.silent.nobody', term)}</p>}
        columns={[
          {
            key: 'name',
            head: t('settings.silent.person'),
            cell: (person) => (
              <a class="row-link" href={`/console/contacts/${person.id}/rights`}>
                {contactName(view, person)}
              </a>
            ),
          },
          { key: 'site', head: t('settings.silent.site'), cell: ({ siteName }) => siteName },
          {
            key: 'last',
            head: t('settings.silent.last'),
            cell: ({ lastActivityOn, createdAt }) =>
              lastActivityOn
                ? formats.date(new Date(`${lastActivityOn}T12:00:00Z`))
                : t('settings.silent.sinceImport', { at: formats.date(createdAt) }),
          },
        ]}
      />
    </SettingsPage>
  )
}
