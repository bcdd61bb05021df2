import type { FC } from 'hono/jsx'
import type { Override } from '../../../network/routing-settings.ts'
import type { EndedAsk } from '../../../retention/ended-asks.ts'
import { answerDaysBetween } from '../../../retention/silence-rule.ts'
import type { SilentPerson } from '../../../retention/silent.ts'
import type { StayCampaign } from '../../../retention/stay-campaign.ts'
import { defaultTerms } from '../../../retention/terms.ts'
import { Breadcrumb, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { contactName } from '../network/contacts.tsx'
import { Origin } from './origin.tsx'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

interface SilentProps {
  view: View
  /** The network’s term of silence. */
  months: number
  own?: Override<number>
  /** Whether they are asked, and what the form holds. */
  rule: { isAsked: boolean; answerDays: string }
  problems: Problems
  /** The campaign by which they are asked. */
  campaign?: Pick<StayCampaign, 'id' | 'status'>
  people: SilentPerson[]
  ended: EndedAsk[]
  next?: string
  isContinued: boolean
  done?: Done
}

const path = '/console/settings/retention/silent'

const Standing: FC<{ view: View; person: SilentPerson; isAsked: boolean }> = ({ view, person: { ask }, isAsked }) => {
  const { t, formats } = view
  if (ask === null || ask.outcome === 'stayed')
    return isAsked ? (
      <Badge text={t('settings.silent.is.next')} tone="moving" />
    ) : (
      <span>{t('settings.silent.is.silent')}</span>
    )
  if (ask.outcome !== null) return <Badge text={t(`settings.silent.is.${ask.outcome}`)} tone={toneOf[ask.outcome]} />
  return (
    <>
      <Badge text={t('settings.silent.is.asked', { at: formats.date(ask.askedAt) })} tone="moving" />{' '}
      {isAsked && t('settings.silent.is.due', { at: formats.date(ask.eraseAt) })}
    </>
  )
}

const toneOf = { erased: 'quiet', unreached: 'warning', withheld: 'good' } as const

/** Whether Relais asks them itself, and how long they have to answer. */
const RulePanel: FC<Pick<SilentProps, 'view' | 'rule' | 'problems' | 'campaign'>> = (props) => {
  const { view, rule, problems, campaign } = props
  const { t } = view
  const [least, most] = answerDaysBetween
  return (
    <Panel id="asking" title={t('settings.silent.asking')} note={t('settings.silent.askingNote')}>
      {mayWrite(view) ? (
        <Form view={view} action={inNetwork(view, path)} problems={problems}>
          <CheckField
            view={view}
            name="isAsked"
            label={t('settings.silent.isAsked')}
            hint={t('settings.silent.isAskedHint')}
            error={problems.isAsked}
            isChecked={rule.isAsked}
          />
          <TextField
            view={view}
            name="answerDays"
            type="number"
            min={String(least)}
            max={String(most)}
            label={t('settings.silent.answerDays')}
            hint={t('settings.silent.answerDaysHint')}
            value={rule.answerDays}
            error={problems.answerDays}
            isRequired
          />
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
        </Form>
      ) : (
        <p>{t(rule.isAsked ? 'settings.silent.isOn' : 'settings.silent.isOff', { count: Number(rule.answerDays) })}</p>
      )}
      {campaign && (
        <p>
          <a href={`/console/campaigns/${campaign.id}`}>{t('settings.silent.campaign')}</a>
          {rule.isAsked && campaign.status !== 'running' && ` ${t('settings.silent.stopped')}`}
        </p>
      )}
    </Panel>
  )
}

/** People nobody has heard of for the network’s term: to be asked once, and erased if they do not wish to stay. */
export const SilentPage: FC<SilentProps> = (props) => {
  const { view, months, own, rule, problems, campaign, people, ended, next, isContinued, done } = props
  const { t, formats } = view
  const term = { months: t('settings.retention.months', { count: months }) }
  const title = t('settings.silent.title', term)
  return (
    <SettingsPage view={view} tab="retention" title={title} lead={t('settings.silent.lead', term)} done={done}>
      <Breadcrumb
        view={view}
        trail={[[t('settings.tabs.retention'), inNetwork(view, '/console/settings/retention')]]}
      />
      <Panel id="silent" title={t('settings.silent.whatToDo')} note={t('settings.silent.counted')}>
        <ol>
          <li>{t(rule.isAsked ? 'settings.silent.asks' : 'settings.silent.ask')}</li>
          <li>{t(rule.isAsked ? 'settings.silent.erases' : 'settings.silent.erase')}</li>
        </ol>
        <Origin view={view} shipped={defaultTerms.silence} own={own} />
        {mayWrite(view) && (
          <p>
            <a href={inNetwork(view, '/console/settings/retention/silence')}>{t('settings.silent.change')}</a>
          </p>
        )}
      </Panel>
      <RulePanel view={view} rule={rule} problems={problems} campaign={campaign} />
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
          {
            key: 'standing',
            head: t('settings.silent.standing'),
            cell: (person) => <Standing view={view} person={person} isAsked={rule.isAsked} />,
          },
          ...(mayWrite(view)
            ? [
                {
                  key: 'keep',
                  head: t('settings.silent.keeping'),
                  cell: ({ id, ask }: SilentPerson) => (
                    <ActionButton
                      action={inNetwork(view, `${path}/${id}`)}
                      text={t(ask?.outcome === 'withheld' ? 'settings.silent.release' : 'settings.silent.withhold')}
                      kind="quiet"
                      fields={{ keep: ask?.outcome === 'withheld' ? 'no' : 'yes' }}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      {ended.length > 0 && (
        <Panel id="ended" title={t('settings.silent.ended')}>
          <DataTable
            view={view}
            caption={t('settings.silent.ended')}
            rows={ended}
            url={() => inNetwork(view, path)}
            empty={t('ui.none')}
            columns={[
              {
                key: 'name',
                head: t('settings.silent.person'),
                cell: (person) => (
                  <a class="row-link" href={`/console/contacts/${person.id}/rights`}>
                    {person.outcome === 'erased' ? t('settings.silent.nameless') : contactName(view, person)}
                  </a>
                ),
              },
              { key: 'site', head: t('settings.silent.site'), cell: ({ siteName }) => siteName },
              {
                key: 'outcome',
                head: t('settings.silent.standing'),
                cell: ({ outcome }) => (
                  <Badge text={t(`settings.silent.is.${outcome}`)} tone={outcome === 'stayed' ? 'good' : 'quiet'} />
                ),
              },
              {
                key: 'at',
                head: t('settings.silent.endedAt'),
                cell: ({ endedAt }) => (endedAt ? formats.date(endedAt) : '–'),
              },
            ]}
          />
        </Panel>
      )}
    </SettingsPage>
  )
}
