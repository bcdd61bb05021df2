import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { hoursText, weekdays } from '../../../network/edit-site.ts'
import { Channel, DeliveryState } from '../../labels.tsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { contactName } from './contacts.tsx'
import type { SiteDetail } from './site-detail.ts'

const Address: FC<{ view: View; address: SiteDetail['mailbox']; none: string }> = ({ view, address, none }) => {
  if (!address) return <span class="note">{none}</span>
  return (
    <>
      <span class="lines">{address.normalised ?? view.t('delivery.erased')}</span>
      {address.status !== 'valid' && (
        <a href={`/console/hygiene/${address.id}`}>
          <Badge text={view.t(`addressStatuses.${address.status}`)} tone="warning" />
        </a>
      )}
    </>
  )
}

const Hours: FC<{ view: View; site: SiteDetail['site'] }> = ({ view, site }) => {
  const { t } = view
  const hours = site.openingHours
  if (!hours) return <p class="note">{t('site.noHours')}</p>
  return (
    <DescriptionList
      details={weekdays.map((day) => ({
        term: t(`site.days.${day}`),
        detail: hours[day]?.length ? hoursText(hours[day]) : t('site.closed'),
      }))}
    />
  )
}

/** One site: where it is, when it is open, who is there, and what last went to it. */
export const SitePage: FC<{ view: View; detail: SiteDetail; done?: 'saved' | 'added' | 'unchanged' }> = ({
  view,
  detail,
  done,
}) => {
  const { t, user, network, formats } = view
  const { site } = detail
  const mayEdit = user && network && can(user, 'site.write', network.id)
  const mayAdd = user && network && can(user, 'contact.write', network.id)
  const mayReadContacts = user && network && can(user, 'contact.read', network.id)
  return (
    <ConsolePage view={view} title={site.name} current="network">
      <Breadcrumb view={view} trail={[[t('network.sites'), inNetwork(view, '/console/sites')]]} />
      <PageHeading
        title={site.name}
        facts={[site.externalId, site.typology, site.tier, site.city]
          .filter(Boolean)
          .map((fact) => <span>{fact}</span>)}
      >
        {mayEdit && (
          <LinkButton href={inNetwork(view, `/console/sites/${site.id}/edit`)} text={t('site.edit')} kind="primary" />
        )}
        {mayAdd && (
          <LinkButton
            href={inNetwork(view, `/console/contacts/new?site=${site.id}`)}
            text={t('network.addContact')}
            icon="plus"
          />
        )}
      </PageHeading>
      {done && <Flash tone="good">{t(`site.${done}`)}</Flash>}
      {!site.isActive && <Flash tone="warning">{t('site.inactive')}</Flash>}
      <div class="message-and-facts">
        <div>
          {mayReadContacts && (
            <Panel
              id="contacts"
              title={t('site.contacts')}
              action={
                <a href={inNetwork(view, `/console/contacts?site=${site.id}&state=all`)}>{t('site.allContacts')}</a>
              }
            >
              {detail.people.length === 0 && <p class="note">{t('site.noContacts')}</p>}
              <ul class="plain-list">
                {detail.people.map((contact) => (
                  <li>
                    <a href={`/console/contacts/${contact.id}`}>{contactName(view, contact)}</a>
                    <small>
                      {[!contact.erasedAt && contact.function, t(`profiles.${contact.profile}`)]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                    {contact.isCorrespondent && <Badge text={t('site.correspondent')} tone="moving" />}
                    {!contact.isActive && <Badge text={t('contact.inactive')} />}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <Panel id="deliveries" title={t('site.deliveries')}>
            {detail.deliveries.length === 0 && <p class="note">{t('site.noDeliveries')}</p>}
            <ul class="plain-list">
              {detail.deliveries.map((delivery) => (
                <li>
                  <Channel view={view} channel={delivery.channel} />
                  <a href={`/console/outbox/${delivery.id}`}>{delivery.step}</a>
                  <DeliveryState view={view} status={delivery.status} />
                  <small>{formats.short(delivery.sentAt ?? delivery.dueAt)}</small>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
        <div class="side">
          <Panel id="about" title={t('site.about')}>
            <DescriptionList
              details={[
                {
                  term: t('site.address'),
                  detail: <Address view={view} address={detail.letterbox} none={t('site.noAddress')} />,
                },
                {
                  term: t('site.mailbox'),
                  detail: <Address view={view} address={detail.mailbox} none={t('site.noMailbox')} />,
                },
                { term: t('network.area'), detail: site.area || '–' },
                {
                  term: t('site.correspondent'),
                  detail:
                    detail.correspondents.length > 0 ? (
                      detail.correspondents.map((one) => (
                        <a href={`/console/contacts/${one.id}`}>{contactName(view, one)}</a>
                      ))
                    ) : (
                      <span class="note">{t('site.noCorrespondent')}</span>
                    ),
                },
                { term: t('site.timezone'), detail: site.timezone },
              ]}
            />
          </Panel>
          <Panel id="hours" title={t('site.hours')}>
            <Hours view={view} site={site} />
          </Panel>
        </div>
      </div>
    </ConsolePage>
  )
}
