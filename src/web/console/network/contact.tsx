import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Certificate } from '../../../person/erase.ts'
import { languages } from '../../../words.ts'
import { Channel, DeliveryState } from '../../labels.tsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Empty, Flash } from '../../ui/notice.tsx'
import { inLanguage, type View } from '../../view.ts'
import { becauseText, reasonText } from '../reasons.ts'
import type { ContactDone } from './contact-routes.tsx'
import { contactName } from './contacts.tsx'
import type { ContactDetail, ContactStep } from './find-contact.ts'
import { CertificatePanel } from './rights.tsx'

interface ContactProps {
  view: View
  detail: ContactDetail
  steps: ContactStep[]
  next?: string
  done?: ContactDone
  /** Of somebody who was erased. */
  certificate?: Certificate
}

const languageName = (view: View, language: string): string => {
  const known = languages.find((candidate) => candidate === language)
  return known ? view.t(`languages.${known}`) : language
}

const About: FC<{ view: View; detail: ContactDetail }> = ({ view, detail }) => {
  const { t } = view
  const { contact, site, addresses, conversations, consents, engagement, segments } = detail
  const mayRead = view.user && view.network && can(view.user, 'conversation.read', view.network.id)
  // Without a chance that could be measured, there is at most an act to tell of.
  const shown = engagement.filter((row) => row.exposures > 0 || row.lastActionAt !== null)
  return (
    <div class="side">
      <section class="panel" aria-labelledby="about-title">
        <h2 id="about-title">{t('contact.about')}</h2>
        <dl class="pairs">
          <div>
            <dt>{t('contact.site')}</dt>
            <dd>
              <a href={`/console/sites/${site.id}`}>{site.name}</a>
              <small>{[site.typology, site.tier, site.city].filter(Boolean).join(' · ')}</small>
            </dd>
          </div>
          <div>
            <dt>{t('contact.profile')}</dt>
            <dd>
              {t(`profiles.${contact.profile}`)}
              <small>
                {[contact.function, contact.isProfileDerived && t('contact.derived')].filter(Boolean).join(' · ')}
              </small>
            </dd>
          </div>
          <div>
            <dt>{t('contact.language')}</dt>
            <dd>{languageName(view, contact.language)}</dd>
          </div>
          {contact.preferredChannel && (
            <div>
              <dt>{t('contact.preferred')}</dt>
              <dd>
                <Channel view={view} channel={contact.preferredChannel} />
              </dd>
            </div>
          )}
          <div>
            <dt>{t('contact.segments')}</dt>
            <dd>
              {segments.length > 0
                ? segments.map((segment) => inLanguage(segment.title, view.language, segment.name)).join(', ')
                : t('contact.noSegments')}
            </dd>
          </div>
        </dl>
      </section>
      {mayRead && conversations.length > 0 && (
        <section class="panel" aria-labelledby="conversations-title">
          <h2 id="conversations-title">{t('inbox.list')}</h2>
          <ul class="plain-list">
            {conversations.map((one) => (
              <li>
                <Channel view={view} channel={one.channel} />
                <a href={`/console/inbox/${one.id}`}>{one.excerpt === '' ? t('inbox.noWords') : one.excerpt}</a>
                <small>
                  {[view.formats.short(one.lastAt), one.status === 'closed' && t('inbox.closed')]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="panel" aria-labelledby="addresses-title">
        <h2 id="addresses-title">{t('contact.addresses')}</h2>
        {addresses.length === 0 && <p class="note">{t('contact.noAddresses')}</p>}
        <dl class="pairs">
          {addresses.map((address) => (
            <div>
              <dt>{t(`addressKinds.${address.kind}`)}</dt>
              <dd>
                <span class="lines">{address.value ?? t('delivery.erased')}</span>
                <small>
                  {[
                    address.status === 'valid' && t(`addressStatuses.${address.status}`),
                    address.isShared && t('contact.shared'),
                    address.rank > 0 && t('contact.replaced'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
                {address.status !== 'valid' && address.rank === 0 && (
                  <a href={`/console/hygiene/${address.id}`}>
                    <Badge text={t(`addressStatuses.${address.status}`)} tone="warning" />
                  </a>
                )}
              </dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="panel" aria-labelledby="engagement-title">
        <h2 id="engagement-title">{t('contact.engagement')}</h2>
        {shown.length === 0 && <p class="note">{t('contact.noEngagement')}</p>}
        <ul class="plain-list">
          {shown.map((row) => (
            <li>
              <Channel view={view} channel={row.channel} />
              <span>
                {row.exposures > 0 || row.lastActionAt === null
                  ? t('contact.engagementOf', { count: row.actions, all: row.exposures })
                  : t('contact.unmeasuredAct', { on: view.formats.date(row.lastActionAt) })}
              </span>
              {row.expected && row.exposures > 0 && (
                <small>
                  {t('contact.expected', {
                    mean: view.formats.share(row.expected.mean, 1),
                    low: view.formats.share(row.expected.low, 1),
                    high: view.formats.share(row.expected.high, 1),
                  })}
                  {row.expected.kappa !== undefined && row.expected.kappaAt && (
                    <>
                      {' · '}
                      {t('contact.strength', {
                        kappa: Math.round(row.expected.kappa),
                        on: view.formats.date(row.expected.kappaAt),
                      })}
                    </>
                  )}
                </small>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section class="panel" aria-labelledby="consents-title">
        <h2 id="consents-title">{t('contact.consents')}</h2>
        {consents.length === 0 && <p class="note">{t('contact.noConsents')}</p>}
        <ul class="plain-list">
          {consents.map((consent) => (
            <li>
              <Channel view={view} channel={consent.channel} />
              <span>
                {`${t(`purposes.${consent.purpose}`)}${t('colon')} `}
                {t(
                  `consentStates.${
                    consent.value === 'no' || ['deny', 'withdraw', 'expire'].includes(consent.action)
                      ? 'denied'
                      : consent.basis === 'unstated'
                        ? 'unstated'
                        : 'granted'
                  }`,
                )}
              </span>
              <small>{view.formats.date(consent.occurredAt)}</small>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

const Story: FC<{ view: View; step: ContactStep }> = ({ view, step }) => {
  const { t, formats } = view
  const at = step.decision.at ?? step.message.dueAt
  return (
    <li class="story">
      <time datetime={at.toISOString()}>{formats.long(at)}</time>
      <h3>
        <a href={`/console/campaigns/${step.message.campaignId}`}>{step.message.step}</a>
        {step.isAgain && <small> · {t('contact.again')}</small>}
      </h3>
      <p class="because">{becauseText(step.decision.because, view.language)}</p>
      {step.deliveries.length === 0 && <p class="note">{t('contact.nothingSent', { step: step.message.step })}</p>}
      <ul class="plain-list">
        {step.deliveries.map((delivery) => (
          <li>
            <Channel view={view} channel={delivery.channel} isCopy={delivery.isCompanion} />
            <a href={`/console/outbox/${delivery.id}`}>
              <DeliveryState view={view} status={delivery.status} />
            </a>
            <small>
              {delivery.reason
                ? reasonText(delivery.reason, view.language)
                : formats.short(delivery.sentAt ?? delivery.dueAt)}
            </small>
          </li>
        ))}
        {step.events
          .filter((event) => !['accepted', 'sent', 'delivered'].includes(event.type))
          .map((event) => (
            <li>
              {event.channel && <Channel view={view} channel={event.channel} />}
              <span>{t(`events.${event.type}`)}</span>
              <small>
                {formats.short(event.occurredAt)}
                {event.verdict && ` · ${t(`verdicts.${event.verdict}`)}`}
              </small>
            </li>
          ))}
      </ul>
    </li>
  )
}

/** What is left to say of someone who was erased: that they were. */
const ErasedPage: FC<{ view: View; contactId: string; certificate?: Certificate }> = (props) => {
  const { view, contactId, certificate } = props
  return (
    <ConsolePage view={view} title={view.t('network.erasedContact')} current="network">
      <Breadcrumb view={view} trail={[[view.t('network.contacts'), inNetwork(view, '/console/contacts')]]} />
      <PageHeading title={view.t('network.erasedContact')} />
      <Empty text={view.t('contact.erased')}>
        <p>{view.t('contact.erasedHow')}</p>
      </Empty>
      {certificate && <CertificatePanel view={view} certificate={certificate} contactId={contactId} />}
    </ConsolePage>
  )
}

/** Everything one person was told and answered, beside what is known of them. */
export const ContactPage: FC<ContactProps> = ({ view, detail, steps, next, done, certificate }) => {
  const { t, user, network } = view
  const { contact, site } = detail
  if (contact.erasedAt) return <ErasedPage view={view} contactId={contact.id} certificate={certificate} />
  const name = contactName(view, contact)
  const path = `/console/contacts/${contact.id}`
  const more = `${path}?cursor=${next}`
  const mayWrite = user && network && can(user, 'contact.write', network.id)
  return (
    <ConsolePage view={view} title={name} current="network">
      <Breadcrumb
        view={view}
        trail={[
          [t('network.contacts'), inNetwork(view, '/console/contacts')],
          [site.name, `/console/sites/${site.id}`],
        ]}
      />
      <PageHeading
        title={name}
        facts={[
          contact.function,
          t(`profiles.${contact.profile}`),
          contact.isCorrespondent && t('contact.correspondent'),
          contact.hasContract && t('contact.contracted'),
          !contact.isActive && t('contact.inactive'),
        ]
          .filter(Boolean)
          .map((fact) => <span>{fact}</span>)}
      >
        {mayWrite && (
          <>
            <LinkButton href={`${path}/edit`} text={t('contact.edit')} kind="primary" />
            <ActionButton
              action={`${path}/active`}
              text={t(contact.isActive ? 'contact.deactivate' : 'contact.reactivate')}
              fields={{ isActive: contact.isActive ? 'no' : 'yes' }}
            />
            <LinkButton href={`${path}/rights`} text={t('rights.title')} />
          </>
        )}
      </PageHeading>
      {done && <Flash tone={done === 'deactivated' ? 'warning' : 'good'}>{t(`contact.${done}`)}</Flash>}
      <div class="message-and-facts">
        <section aria-labelledby="story-title">
          <h2 id="story-title">{t('contact.timeline')}</h2>
          {steps.length === 0 && <p class="empty">{t('contact.none')}</p>}
          <ol class="stories" id="stories">
            {steps.map((step) => (
              <Story view={view} step={step} />
            ))}
          </ol>
          <p class="pager" id="pager">
            {next && (
              <a
                class="button"
                href={more}
                hx-get={more}
                hx-select="#stories > li"
                hx-target="#stories"
                hx-swap="beforeend"
                hx-select-oob="#pager"
              >
                {t('outbox.more')}
              </a>
            )}
          </p>
        </section>
        <About view={view} detail={detail} />
      </div>
    </ConsolePage>
  )
}
