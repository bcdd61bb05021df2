import type { FC } from 'hono/jsx'
import type { Context } from '../../../context.ts'
import type { Breaker } from '../../../deliver/breaker.ts'
import { channelOfProvider, type OwnProvider, ownProviders } from '../../../network/credentials.ts'
import type { Account } from '../../../network/secrets.ts'
import { domainOf, senderWarnings } from '../../../network/sender-rules.ts'
import type { Sender, SenderPlan } from '../../../network/senders.ts'
import { accountRate, senderRate } from '../../../pace/rates.ts'
import { inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { breakerReason, breakerSentence } from '../breaker-words.ts'
import { AccountRateForm } from './account-rate.tsx'
import { ratePage, rateText } from './rate-text.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

interface SendersProps {
  view: View
  senders: readonly Sender[]
  accounts: readonly Account[]
  /** What the environment offers every live network. */
  installation: readonly SenderPlan[]
  /** What its accounts take in a second, where that is not the default. */
  rates?: Context['accountRates']
  /** Base of the addresses providers call. */
  publicUrl: string
  stopNumber?: string
  /** Those of its accounts that take nothing at the moment. */
  breakers: readonly Breaker[]
  done?: Done
  failure?: string
  /** A rate of an account that was none, as it was written. */
  refusedRate?: { channel: 'sms' | 'email'; value: string }
}

/** By which accounts messages leave, and in whose name. */
export const SendersPage: FC<SendersProps> = (props) => {
  const { view, senders, done, failure } = props
  const { t, network } = view
  return (
    <SettingsPage view={view} tab="senders" lead={t('settings.senders.lead')} done={done} failure={failure}>
      {network?.mode === 'sandbox' ? (
        <p class="note">{t('settings.senders.sandbox')}</p>
      ) : (
        (['sms', 'email'] as const).map((channel) => <Accounts props={props} channel={channel} />)
      )}
      {(['sms', 'email'] as const).map((channel) => (
        <ChannelSenders props={props} channel={channel} senders={senders.filter((one) => one.channel === channel)} />
      ))}
      <OwnSinks view={view} senders={senders.filter((one) => one.channel !== 'sms' && one.channel !== 'email')} />
    </SettingsPage>
  )
}

const Accounts: FC<{ props: SendersProps; channel: 'sms' | 'email' }> = ({ props, channel }) => {
  const { view, accounts, installation, rates, publicUrl, breakers } = props
  const { t } = view
  const own = accounts.find((account) => channelOfProvider[account.provider] === channel)
  const theirs = installation.find((plan) => plan.channel === channel)
  const provider = own?.provider ?? theirs?.provider
  const rate =
    provider && accountRate(provider, own ? view.network?.settings.accountRates?.[channel] : rates?.[provider])
  const offered = ownProviders.filter((provider) => channelOfProvider[provider] === channel)
  return (
    <Panel title={t(`settings.accounts.${channel}`)} id={`account-${channel}`}>
      {breakers
        .filter((breaker) => breaker.channel === channel)
        .map((breaker) => (
          <>
            <Flash tone="bad">
              {breakerSentence(view, breaker)}. {breakerReason(view, breaker)}
            </Flash>
            {mayWrite(view) && (
              <div class="toolbar">
                <ActionButton
                  action={inNetwork(view, `/console/settings/breakers/${channel}/try`)}
                  text={t('breakers.tryNow')}
                />
              </div>
            )}
          </>
        ))}
      {own ? (
        <>
          <OwnAccount view={view} account={own} publicUrl={publicUrl} />
          {mayWrite(view) && <OwnRate props={props} channel={channel} provider={own.provider} />}
        </>
      ) : (
        <p>
          {theirs
            ? t('settings.accounts.installation', { provider: providerName(view, theirs.provider) })
            : t('settings.accounts.none')}
        </p>
      )}
      {rate && (
        <p class="note">
          {t('settings.rates.account', { rate: rateText(view, channel, rate) })}
          {ratePage(rate) && (
            <>
              {' '}
              <a href={ratePage(rate)} rel="noreferrer">
                {t('settings.rates.page')}
              </a>
            </>
          )}
        </p>
      )}
      {mayWrite(view) && (
        <div class="toolbar">
          {offered
            .filter((provider) => provider !== own?.provider)
            .map((provider) => (
              <LinkButton
                href={inNetwork(view, `/console/settings/accounts/${provider}`)}
                text={t('settings.accounts.use', { provider: providerName(view, provider) })}
              />
            ))}
        </div>
      )}
    </Panel>
  )
}

const OwnRate: FC<{ props: SendersProps; channel: 'sms' | 'email'; provider: string }> = ({
  props: { view, refusedRate },
  channel,
  provider,
}) => {
  const refused = refusedRate?.channel === channel ? refusedRate : undefined
  const problem = refused && view.t('settings.senderProblems.rate')
  return <AccountRateForm view={view} channel={channel} provider={provider} value={refused?.value} problem={problem} />
}

export const providerName = ({ t }: View, provider: string): string =>
  provider === 'twilio' || provider === 'sendgrid' || provider === 'smtp' ? t(`providers.${provider}`) : provider

const shownHints = ['name', 'accountSid', 'host', 'port', 'user', 'apiKey', 'authToken', 'apiSecret', 'from'] as const

const OwnAccount: FC<{ view: View; account: Account; publicUrl: string }> = ({ view, account, publicUrl }) => {
  const { t, formats } = view
  const { provider, hints, isReadable, updatedAt } = account
  const path = `/console/settings/accounts/${provider}`
  return (
    <>
      {!isReadable && (
        <Flash tone="bad">{t('settings.accounts.unreadable', { provider: providerName(view, provider) })}</Flash>
      )}
      <DescriptionList
        details={[
          { term: t('settings.accounts.provider'), detail: providerName(view, provider) },
          ...shownHints.map(
            (key) => hints[key] !== undefined && { term: t(`settings.hints.${key}`), detail: hints[key] },
          ),
          { term: t('settings.accounts.changed'), detail: formats.short(updatedAt) },
          ...webhooksOf(view, provider, publicUrl).map(({ term, url }) => ({ term, detail: <code>{url}</code> })),
        ]}
      />
      {provider === 'sendgrid' && !hints.webhookPublicKey && <p class="note">{t('settings.accounts.noWebhookKey')}</p>}
      {provider === 'smtp' && <p class="note">{t('settings.accounts.smtpNote')}</p>}
      {mayWrite(view) && (
        <div class="toolbar">
          <LinkButton href={inNetwork(view, path)} text={t('ui.edit')} />
          {isReadable && <ActionButton action={inNetwork(view, `${path}/check`)} text={t('settings.accounts.check')} />}
          <LinkButton href={inNetwork(view, `${path}/remove`)} text={t('ui.remove')} kind="quiet" />
        </div>
      )}
    </>
  )
}

/** What to enter at the provider so that its answers find this network. */
function webhooksOf(view: View, provider: OwnProvider, publicUrl: string): { term: string; url: string }[] {
  const { t, network } = view
  const base = `${publicUrl}/webhooks`
  if (provider === 'twilio')
    return [{ term: t('settings.accounts.inbound'), url: `${base}/twilio/inbound/${network?.id}` }]
  if (provider === 'sendgrid') return [{ term: t('settings.accounts.events'), url: `${base}/sendgrid/${network?.id}` }]
  return []
}

const ChannelSenders: FC<{ props: SendersProps; channel: 'sms' | 'email'; senders: Sender[] }> = ({
  props: { view, accounts, installation, stopNumber },
  channel,
  senders,
}) => {
  const { t } = view
  const own = accounts.find((account) => channelOfProvider[account.provider] === channel)
  const from = own ? own.hints.from : installation.find((plan) => plan.channel === channel)?.address
  const domain = channel === 'email' && from ? domainOf(from) : undefined
  return (
    <Panel
      title={t(`channels.${channel}`)}
      id={`senders-${channel}`}
      action={
        // Without an account there is nothing a sender could leave by; the account brings its own.
        senders.length > 0 &&
        mayWrite(view) && (
          <LinkButton
            href={inNetwork(view, `/console/settings/senders/new?channel=${channel}`)}
            text={t('settings.senders.add')}
            icon="plus"
          />
        )
      }
    >
      {senders
        .filter((sender) => sender.refusedAt !== null)
        .map((sender) => (
          <RefusedSender view={view} sender={sender} />
        ))}
      <DataTable
        view={view}
        caption={t(`channels.${channel}`)}
        rows={senders}
        url={() => inNetwork(view, '/console/settings/senders')}
        empty={<p>{t('settings.senders.none')}</p>}
        columns={[
          {
            key: 'name',
            head: t('settings.senders.name'),
            cell: (row) => <SenderName view={view} sender={row} />,
          },
          {
            key: 'address',
            head: t('settings.senders.address'),
            cell: (row) => (
              <>
                {row.address ?? '–'}
                {senderWarnings(row, { stopNumber, domain }).map((warning) => (
                  <small class="warning-text">{t(`settings.warnings.${warning}`, { domain: domain ?? '' })}</small>
                ))}
              </>
            ),
          },
          {
            key: 'answers',
            head: t('settings.senders.twoWay'),
            cell: (row) => (row.isTwoWay ? t('ui.yes') : t('ui.no')),
          },
          ...(channel === 'sms'
            ? [
                {
                  key: 'countries',
                  head: t('settings.senders.countries'),
                  cell: (row: Sender) => row.countries.join(', ') || t('settings.senders.everywhere'),
                },
              ]
            : []),
          {
            key: 'rate',
            head: t('settings.rates.head'),
            cell: (row) => {
              const rate = senderRate(row)
              return rate ? rateText(view, channel, rate) : t('settings.rates.ofAccount')
            },
          },
          { key: 'provider', head: t('settings.accounts.provider'), cell: (row) => shownProvider(view, row.provider) },
        ]}
      />
    </Panel>
  )
}

/** Its provider refuses whatever leaves in its name. */
const RefusedSender: FC<{ view: View; sender: Sender }> = ({ view, sender }) => (
  <>
    <Flash tone="bad">
      {view.t('settings.senders.refused', {
        name: sender.name,
        provider: shownProvider(view, sender.provider),
        at: view.formats.short(sender.refusedAt ?? sender.createdAt),
      })}
    </Flash>
    {mayWrite(view) && (
      <div class="toolbar">
        <ActionButton
          action={inNetwork(view, `/console/settings/senders/${sender.id}/resume`)}
          text={view.t('breakers.tryNow')}
        />
      </div>
    )}
  </>
)

const SenderName: FC<{ view: View; sender: Sender }> = ({ view, sender }) => (
  <>
    {mayWrite(view) ? (
      <a class="row-link" href={inNetwork(view, `/console/settings/senders/${sender.id}`)}>
        {sender.name}
      </a>
    ) : (
      sender.name
    )}{' '}
    {sender.isDefault && <Badge text={view.t('settings.senders.default')} tone="good" />}
  </>
)

/** Letters, posts and screens leave from our own hands: there is a name to them and nothing more. */
const OwnSinks: FC<{ view: View; senders: readonly Sender[] }> = ({ view, senders }) => {
  const { t } = view
  return (
    <Panel title={t('settings.senders.ownSinks')} id="senders-own" note={t('settings.senders.ownSinksNote')}>
      <DataTable
        view={view}
        caption={t('settings.senders.ownSinks')}
        rows={senders}
        url={() => inNetwork(view, '/console/settings/senders')}
        empty={t('ui.none')}
        columns={[
          { key: 'channel', head: t('settings.senders.channel'), cell: (row) => t(`channels.${row.channel}`) },
          { key: 'name', head: t('settings.senders.name'), cell: (row) => <SenderName view={view} sender={row} /> },
        ]}
      />
    </Panel>
  )
}

const known = ['preview', 'pdf', 'posts', 'screens', 'twilio', 'sendgrid', 'smtp'] as const
const shownProvider = ({ t }: View, provider: string): string => {
  const name = known.find((one) => one === provider)
  return name ? t(`providers.${name}`) : provider
}
