import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { type UrgentShare, urgentShareDays } from '../../../campaign/urgent-share.ts'
import { inNetwork } from '../../in-network.ts'
import { ConsolePage } from '../../layout.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Empty, Flash, Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { StackedBar } from '../campaigns/stacked-bar.tsx'
import { type RecentFigures, recentDays } from './figures.ts'
import type { FirstSteps } from './first-steps.ts'
import { FirstStepsPanel } from './first-steps-panel.tsx'
import type { Troubles } from './troubles.ts'
import { TroublesPanel } from './troubles-panel.tsx'
import type { Upcoming } from './upcoming.ts'
import { UpcomingPanel } from './upcoming-panel.tsx'
import type { Waiting } from './waiting.ts'
import { WaitingPanel } from './waiting-panel.tsx'

export interface HomeFacts {
  steps: FirstSteps
  upcoming: Upcoming[]
  troubles: Troubles
  waiting: Waiting
  figures?: RecentFigures
  /** Of what was launched lately, how much was urgent. */
  urgent?: UrgentShare
}

const Recent: FC<{ view: View; figures: RecentFigures; urgent?: UrgentShare }> = ({ view, figures, urgent }) => {
  const { t, formats, network } = view
  const costs = figures.costs.length > 0 ? figures.costs : [{ currency: network?.currency ?? 'EUR', millis: 0 }]
  return (
    <Panel title={t('home.recent', { count: recentDays })} id="recent">
      <KeyFigures
        figures={[
          { label: t('home.decided'), value: formats.number(figures.deliveries) },
          {
            label: t('home.spent'),
            value: costs.map(({ millis, currency }) => formats.money(Math.round(millis / 1_000), currency)).join(' + '),
          },
          {
            label: t('home.running'),
            value: formats.number(figures.running),
            href: inNetwork(view, '/console/campaigns'),
          },
        ]}
      />
      {figures.deliveries > 0 && <StackedBar view={view} byChannel={figures.byChannel} rest={0} restText="" />}
      {urgent?.isWorrying && (
        <Flash tone="warning">
          {t('home.urgentShare', { count: urgent.urgent, all: urgent.all, days: urgentShareDays })}
        </Flash>
      )}
    </Panel>
  )
}

/** What leaves next, what went wrong, what waits: the page a marketer opens every morning. */
export const HomePage: FC<{
  view: View
  facts: HomeFacts
  /** How far the deletion of the example network has come, for whoever has just asked for it. */
  gone?: 'going' | 'gone'
}> = ({ view, facts, gone }) => {
  const { t, formats, network, user } = view
  if (!network || !user) return null
  const may = (permission: Parameters<typeof can>[1]) => can(user, permission, network.id)
  return (
    <ConsolePage view={view} title={t('home.title')} current="home">
      {gone === 'going' && <Progress view={view} text={t('home.deleting.working')} />}
      {gone === 'gone' && <Flash tone="good">{t('home.deleting.done')}</Flash>}
      <PageHeading title={network.title} lead={t('home.asOf', { at: formats.long(view.now) })}>
        {may('campaign.write') && facts.steps.hasContacts && (
          <LinkButton
            href={inNetwork(view, '/console/campaigns/new')}
            text={t('home.newCampaign')}
            kind="primary"
            icon="plus"
          />
        )}
        {may('contact.import') && facts.steps.hasContacts && (
          <LinkButton href={inNetwork(view, '/console/imports/new')} text={t('home.import')} icon="upload" />
        )}
      </PageHeading>
      {!facts.steps.hasLaunched && may('campaign.read') && <FirstStepsPanel view={view} steps={facts.steps} />}
      {facts.steps.hasContacts && (
        <div class="home-columns">
          <div class="side">
            <UpcomingPanel view={view} upcoming={facts.upcoming} />
            {facts.figures && <Recent view={view} figures={facts.figures} urgent={facts.urgent} />}
          </div>
          <div class="side">
            <TroublesPanel view={view} troubles={facts.troubles} />
            <WaitingPanel view={view} waiting={facts.waiting} />
          </div>
        </div>
      )}
      {network.isDemo && may('network.delete') && (
        <p class="demo-note">
          {t('home.demo')} <a href={inNetwork(view, '/console/network/delete')}>{t('home.deleteDemo')}</a>
        </p>
      )}
    </ConsolePage>
  )
}

/** For those who are in no network, or in none whose console is open to them. */
export const NoNetworkPage: FC<{ view: View }> = ({ view }) => (
  <ConsolePage view={view} title={view.t('home.title')} current="home">
    <PageHeading title={view.t('home.title')} />
    <Empty text={view.t('home.noNetwork')}>
      <p class="note">{view.t('home.noNetworkHow')}</p>
    </Empty>
  </ConsolePage>
)
