import type { FC } from 'hono/jsx'
import type { ProposalGroup } from '../../../db/schema/sequence.ts'
import type { Proposal } from '../../../sequence/propose.ts'
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

interface ProposalProps {
  view: View
  listed: ListedProposal
  groups: readonly { group: ProposalGroup; people: number }[]
  now: Date
  mayDecide: boolean
  done?: 'approved' | 'dismissed' | 'tooLate'
}

/** One proposal: why, to whom, which words; said yes to as a whole or for one group. */
export const ProposalPage: FC<ProposalProps> = ({ view, listed, groups, now, mayDecide, done }) => {
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
      </Panel>
      <Panel title={t('sequence.preview')} id="words">
        <p>
          <code>{template}</code>
        </p>
      </Panel>
    </ConsolePage>
  )
}
