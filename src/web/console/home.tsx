import type { FC } from 'hono/jsx'
import type { Network } from '../../http/page-env.ts'
import { CampaignState } from '../labels.tsx'
import { ConsolePage } from '../layout.tsx'
import { inLanguage, type View } from '../view.ts'
import type { CampaignCard } from './queries/campaigns.ts'

interface HomeProps {
  view: View
  networks: Network[]
  campaigns: CampaignCard[]
  size?: { sites: number; contacts: number }
  next?: string
}

const Card: FC<{ view: View; campaign: CampaignCard }> = ({ view, campaign }) => {
  const { words, formats } = view
  return (
    <li class="campaign-card">
      <h2>
        <a href={`/console/campaigns/${campaign.id}`}>{inLanguage(campaign.title, view.language, campaign.name)}</a>
      </h2>
      <p class="card-line">
        <CampaignState view={view} status={campaign.status} />
        <span>{words.classes[campaign.class]}</span>
      </p>
      <progress
        max={Math.max(1, campaign.steps)}
        value={campaign.stepsDone}
        aria-label={words.campaign.progress(campaign.stepsDone, campaign.steps)}
      />
      <p class="card-line">
        <span>{words.campaign.progress(campaign.stepsDone, campaign.steps)}</span>
        <span>{words.home.deliveries(formats.number(campaign.deliveries))}</span>
      </p>
      {campaign.nextAt && (
        <p class="note">
          {`${words.home.next}${words.colon} `}
          <time datetime={campaign.nextAt.toISOString()}>{formats.short(campaign.nextAt)}</time>
        </p>
      )}
    </li>
  )
}

/** The networks one may see and the campaigns of the chosen one. */
export const HomePage: FC<HomeProps> = ({ view, networks, campaigns, size, next }) => {
  const { words, formats, network } = view
  const here = (cursor?: string) =>
    `/console?network=${encodeURIComponent(network?.name ?? '')}${cursor ? `&cursor=${cursor}` : ''}`
  return (
    <ConsolePage view={view} title={words.home.title} current="campaigns">
      <div class="heading">
        <div>
          <h1>{words.home.title}</h1>
          <p class="lead">{words.home.lead}</p>
        </div>
        {size && (
          <p class="network-size">
            <strong>{network?.title}</strong>
            <span>
              {words.home.sites(formats.number(size.sites))} · {words.home.contacts(formats.number(size.contacts))}
            </span>
          </p>
        )}
      </div>
      {networks.length > 1 && (
        <nav class="picker" aria-label={words.nav.network}>
          {networks.map((choice) => (
            <a
              href={`/console?network=${encodeURIComponent(choice.name)}`}
              aria-current={choice.id === network?.id ? 'page' : undefined}
            >
              {choice.title}
              <small>{choice.mode === 'sandbox' ? words.sandbox.chip : words.sandbox.live}</small>
            </a>
          ))}
        </nav>
      )}
      {!network && <p class="empty">{words.home.noNetwork}</p>}
      {network && campaigns.length === 0 && (
        <div class="empty">
          <p>{words.home.none}</p>
          <p class="note">{words.home.noneHow}</p>
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
            {words.outbox.more}
          </a>
        </p>
      )}
    </ConsolePage>
  )
}
