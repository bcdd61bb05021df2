import type { FC } from 'hono/jsx'
import type { PlannedStep } from '../../../campaign/plan.ts'
import type { Content } from '../../../channel.ts'
import type { ProposalGroup } from '../../../db/schema/sequence.ts'
import type { Proposal } from '../../../sequence/propose.ts'
import { type ChannelName, channelNames } from '../../../words.ts'
import { Channel } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'

export interface ListedProposal {
  proposal: Proposal
  campaign: Record<string, string>
  step: string
  template: string
}

/** An open one whose time is over is decided by nobody any more. */
const stateOf = ({ state, expiresAt }: Proposal, now: Date) =>
  state === 'open' && expiresAt <= now ? 'expired' : state

const tones = { open: 'warning', approved: 'good', dismissed: 'quiet', expired: 'quiet' } as const

export const ProposalsPage: FC<{ view: View; rows: readonly ListedProposal[]; now: Date; next?: string }> = ({
  view,
  rows,
  now,
  next,
}) => {
  const { t, formats } = view
  return (
    <ConsolePage view={view} title={t('sequence.proposals')} current="campaigns">
      <PageHeading title={t('sequence.proposals')} lead={t('sequence.proposalsLead')} />
      <DataTable
        view={view}
        caption={t('sequence.proposalsCaption')}
        columns={[
          {
            key: 'campaign',
            head: t('sequence.campaign'),
            cell: ({ proposal, campaign, step }) => (
              <>
                <a href={`/console/proposals/${proposal.id}`}>{inLanguage(campaign, view.language, '')}</a>
                <small>{step}</small>
              </>
            ),
          },
          { key: 'at', head: t('sequence.proposedAt'), cell: ({ proposal }) => formats.short(proposal.proposedAt) },
          { key: 'until', head: t('sequence.expiresAt'), cell: ({ proposal }) => formats.short(proposal.expiresAt) },
          {
            key: 'state',
            head: t('sequence.state'),
            cell: ({ proposal }) => {
              const state = stateOf(proposal, now)
              return <Badge text={t(`sequence.states.${state}`)} tone={tones[state]} />
            },
          },
        ]}
        rows={rows}
        url={({ cursor }) =>
          inNetwork(view, cursor ? `/console/proposals?cursor=${encodeURIComponent(cursor)}` : '/console/proposals')
        }
        {...(next ? { next } : {})}
        empty={<p>{t('sequence.noProposals')}</p>}
      />
    </ConsolePage>
  )
}

/** What somebody of those it would reach would see on a channel. */
export interface ProposedWords {
  channel: ChannelName
  content: Content
  reader: string
}

const linesOf = (content: Content): { title?: string; text: string } => {
  switch (content.channel) {
    case 'sms':
      return { text: content.text }
    case 'email':
      return { title: content.subject, text: content.text }
    case 'screen':
      return { title: content.title, text: content.text }
    case 'intranet':
      return { title: content.title, text: htmlText(content.html) }
    case 'print':
      return { title: content.title, text: '' }
  }
}

/** Sanitised HTML as the text in it. */
const htmlText = (html: string): string =>
  html
    .replace(/<\/(?:p|h\d|li)>|<br\s*\/?>/g, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&amp;/g, '&')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, '’')

const Reach: FC<{ view: View; plan: PlannedStep }> = ({ view, plan }) => {
  const { t, formats } = view
  const { cost, byChannel, unreachable } = plan
  const money = (minor: number) => formats.money(minor, cost.currency)
  return (
    <Panel title={t('sequence.reach')} id="reach">
      <ul>
        {channelNames
          .filter((channel) => byChannel[channel] > 0)
          .map((channel) => (
            <li>
              <Channel view={view} channel={channel} /> : {t('sequence.people', { count: byChannel[channel] })}
            </li>
          ))}
        {unreachable > 0 && <li>{t('sequence.unreachable', { count: unreachable })}</li>}
      </ul>
      <p>
        {cost.min < cost.max
          ? t('sequence.costBetween', { expected: money(cost.expected), max: money(cost.max) })
          : t('sequence.cost', { expected: money(cost.expected) })}
      </p>
      <p class="note">{t('sequence.reachNote')}</p>
    </Panel>
  )
}

interface ProposalProps {
  view: View
  /** What it would send as things stand; undefined where that is a task for somebody. */
  plan?: PlannedStep
  words: readonly ProposedWords[]
  listed: ListedProposal
  groups: readonly { group: ProposalGroup; people: number }[]
  /** Left out of what was approved, since they have acted meanwhile. */
  acted: number
  now: Date
  mayDecide: boolean
  done?: 'approved' | 'dismissed' | 'tooLate'
}

/** One proposal: why, to whom, which words; said yes to as a whole or for one group. */
export const ProposalPage: FC<ProposalProps> = ({ view, plan, words, listed, groups, acted, now, mayDecide, done }) => {
  const { t, formats } = view
  const { proposal, campaign, step, template } = listed
  const state = stateOf(proposal, now)
  const { figures, cause } = proposal
  const share = (value: number | undefined) => formats.share(value ?? 0, 1)
  const because = cause.code === 'participation_drop' ? (cause.params?.because === 'fell' ? 'fell' : 'too_few') : 'due'
  const said = {
    active: figures.active ?? 0,
    registered: figures.registered ?? 0,
    baseline: share(figures.baseline),
    ratio: share(figures.ratio),
    probability: share(figures.probability),
  }
  const act = (what: string) => inNetwork(view, `/console/proposals/${proposal.id}/${what}`)
  const isOpen = state === 'open' && mayDecide
  return (
    <ConsolePage view={view} title={inLanguage(campaign, view.language, '')} current="campaigns">
      <PageHeading
        title={inLanguage(campaign, view.language, '')}
        facts={
          <>
            <Badge text={t(`sequence.states.${state}`)} tone={tones[state]} /> {step} · {t('sequence.expiresAt')}{' '}
            {formats.short(proposal.expiresAt)}
          </>
        }
      >
        {isOpen && <ActionButton kind="primary" action={act('approve')} text={t('sequence.approve')} />}
        {isOpen && <ActionButton action={act('dismiss')} text={t('sequence.dismiss')} />}
        <LinkButton href={`/console/campaigns/${proposal.campaignId}`} text={t('sequence.seeCampaign')} />
      </PageHeading>
      {done && <Flash tone={done === 'tooLate' ? 'warning' : 'good'}>{t(`sequence.${done}`)}</Flash>}
      <Panel title={t('sequence.why')} id="why">
        <p>{t(`sequence.because.${because}`, said)}</p>
        {because !== 'due' && <p class="note">{t('sequence.figures', said)}</p>}
      </Panel>
      <Panel title={t('sequence.groups')} id="groups">
        <ul>
          {groups.length === 0 && <li>{t('sequence.groupNames.everyone')}</li>}
          {groups.map(({ group, people }) => (
            <li>
              <strong>{t(`sequence.groupNames.${group}`)}</strong> : {t('sequence.people', { count: people })}{' '}
              {isOpen && groups.length > 1 && (
                <ActionButton action={act('approve')} text={t('sequence.approve')} fields={{ group }} />
              )}
            </li>
          ))}
        </ul>
        {acted > 0 && <p class="note">{t('sequence.actedMeanwhile', { count: acted })}</p>}
      </Panel>
      {plan && state === 'open' && <Reach view={view} plan={plan} />}
      <Panel title={t('sequence.preview')} id="words">
        <p>
          <code>{template}</code>
        </p>
        {words.map(({ channel, content, reader }) => {
          const { title, text } = linesOf(content)
          return (
            <figure class="proposed-words">
              <figcaption>
                <Channel view={view} channel={channel} /> {t('sequence.forReader', { reader })}
              </figcaption>
              {title && <strong>{title}</strong>}
              {text
                .split('\n')
                .filter((line) => line.trim() !== '')
                .map((line) => (
                  <p>{line}</p>
                ))}
            </figure>
          )
        })}
      </Panel>
    </ConsolePage>
  )
}
