import type { FC } from 'hono/jsx'
import type { Network } from '../../../http/page-env.ts'
import { CampaignState } from '../../labels.tsx'
import { ConsolePage } from '../../layout.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignCard } from '../campaigns/queries.ts'

interface HomeProps {
  view: View
  networks: Network[]
  campaigns: CampaignCard[]
  size?: { sites: number; contacts: number }
  next?: string
}

const Card: FC<{ view: View; campaign: CampaignCard }> = ({ view, campaign }) => {
  const { t, formats } = view
  return (
    <li class="campaign-card">
      <h2>
        <a href={`/console/campaigns/${campaign.id}`}>{inLanguage(campaign.title, view.language, campaign.name)}</a>
      </h2>
      <p class="card-line">
        <CampaignState view={view} status={campaign.status} />
        <span>{t(`classes.${campaign.class}`)}</span>
      </p>
      <progress
        max={Math.max(1, campaign.steps)}
        value={campaign.stepsDone}
        aria-label={t('campaign.progress', { count: campaign.stepsDone, all: campaign.steps })}
      />
      <p class="card-line">
        <span>{t('campaign.progress', { count: campaign.stepsDone, all: campaign.steps })}</span>
        <span>{t('home.deliveries', { count: campaign.deliveries })}</span>
      </p>
      {campaign.nextAt && (
        <p class="note">
          {`${t('home.next')}${t('colon')} `}
          <time datetime={campaign.nextAt.toISOString()}>{formats.short(campaign.nextAt)}</time>
        </p>
      )}
    </li>
  )
}

/** The networks one may see and the campaigns of the chosen one. */
export const HomePage: FC<HomeProps> = ({ view, networks, campaigns, size, next }) => {
  const { t, network } = view
  const here = (cursor?: string) =>
    `/console?network=${encodeURIComponent(network?.name ?? '')}${cursor ? `&cursor=${cursor}` : ''}`
  return (
    <ConsolePage view={view} title={t('home.title')} current="campaigns">
      <div class="heading">
        <div>
          <h1>{t('home.title')}</h1>
          <p class="lead">{t('home.lead')}</p>
        </div>
        {size && (
          <p class="network-size">
            <strong>{network?.title}</strong>
            <span>
              {t('home.sites', { count: size.sites })} · {t('home.contacts', { count: size.contacts })}
            </span>
          </p>
        )}
      </div>
      {networks.length > 1 && (
        <nav class="picker" aria-label={t('nav.network')}>
          {networks.map((choice) => (
            <a
              href={`/console?network=${encodeURIComponent(choice.name)}`}
              aria-current={choice.id === network?.id ? 'page' : undefined}
            >
              {choice.title}
              <small>{choice.mode === 'sandbox' ? t('sandbox.chip') : t('sandbox.live')}</small>
            </a>
          ))}
        </nav>
      )}
      {!network && <p class="empty">{t('home.noNetwork')}</p>}
      {network && campaigns.length === 0 && (
        <div class="empty">
          <p>{t('home.none')}</p>
          <p class="note">{t('home.noneHow')}</p>
          <pre>
            <code>npm run relais -- launch campaigns/challenge.yaml</code>
          </pre>
        </div>
      )}
      <ul class="campaign-cards">
        {campaigns.map((campaign) => (
          <Card view={view} campaign={campaign} />
        ))}
      </ul>
      {next && (
        <p class="pager">
          <a class="button" href={here(next)}>
            {t('outbox.more')}
          </a>
        </p>
      )}
    </ConsolePage>
  )
}
