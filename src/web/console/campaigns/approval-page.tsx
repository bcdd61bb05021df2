import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Approval, Vote } from '../../../approval/approve.ts'
import type { Difference } from '../../../approval/difference.ts'
import { ConsolePage } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { TextArea } from '../../ui/field.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { DifferenceView } from './difference.tsx'
import { CampaignTrail } from './new-pages.tsx'

interface ApprovalProps {
  view: View
  campaignId: string
  title: string
  seen: string
  /** Of the text and words as they stand. */
  hash: string
  isRequired: boolean
  isProved: boolean
  approval: Approval | undefined
  votes: readonly Vote[]
  /** By user id. */
  names: ReadonlyMap<string, string>
  /** What is compared with, and what is different; undefined where nothing was shown before. */
  since?: { what: 'proof' | 'approval'; at: Date; difference: Difference }
  source: string
  said?: { tone: 'good' | 'warning' | 'bad'; text: string }
}

/** Who has to say yes, what they said, and what has changed since somebody last looked. */
export const ApprovalPage: FC<ApprovalProps> = (props) => {
  const { view, campaignId, title, seen, hash, isRequired, isProved, approval, votes, names, since, source, said } =
    props
  const { t, formats, user, network } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t('life.approval.title', { name: title })
  const may = (permission: 'campaign.write' | 'campaign.approve') =>
    user !== undefined && network !== undefined && can(user, permission, network.id)
  const isOpen = approval?.status === 'asked' || approval?.status === 'approved'
  const isCurrent = isOpen && approval?.hash === hash
  const given = votes.filter((one) => one.verdict === 'approve').length
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      <PageHeading
        title={heading}
        lead={t(isRequired ? 'life.approval.required' : 'life.approval.notRequired')}
        facts={approval && <Badge text={t(`life.approval.statuses.${approval.status}`)} />}
      >
        {may('campaign.write') && !isCurrent && isProved && (
          <ActionButton action={`${here}/approval`} text={t('life.proof.ask')} kind="primary" fields={{ seen }} />
        )}
        <LinkButton href={`${here}/proof`} text={t('life.proof.link')} />
        <LinkButton href={`${here}/checklist`} text={t('life.checklist.link')} />
      </PageHeading>
      {!isProved && <p class="note">{t('life.refused.proof_missing')}</p>}
      {!approval && <p class="note">{t('life.approval.none')}</p>}
      {approval && isOpen && !isCurrent && <p class="flash warning">{t('life.approval.isStale')}</p>}
      {approval && (
        <Panel title={t('life.approval.votes')} id="votes">
          <p>
            {t('life.approval.asked', {
              name: names.get(approval.askedBy) ?? approval.askedBy,
              at: formats.long(approval.askedAt),
              due: formats.long(approval.dueAt),
            })}{' '}
            {t('life.approval.needed', { given, count: approval.needed })}
          </p>
          <ul class="notices">
            {votes.map((one) => (
              <li>
                {t(one.verdict === 'approve' ? 'life.approval.approved' : 'life.approval.sentBack', {
                  name: names.get(one.userId) ?? '–',
                  at: formats.long(one.at),
                  comment: one.comment,
                })}
                {one.verdict === 'approve' && one.comment && ` ${one.comment}`}
              </li>
            ))}
          </ul>
          {may('campaign.approve') && isCurrent && approval.status === 'asked' && (
            <form class="form" method="post" action={`${here}/approval/vote`}>
              <input type="hidden" name="hash" value={hash} />
              <TextArea
                view={view}
                name="comment"
                label={t('life.approval.comment')}
                hint={t('life.approval.commentHint')}
                rows={3}
                maxlength={1000}
              />
              <div class="buttons">
                <button type="submit" name="verdict" value="approve" class="primary">
                  {t('life.approval.approve')}
                </button>
                <button type="submit" name="verdict" value="send_back">
                  {t('life.approval.sendBack')}
                </button>
              </div>
            </form>
          )}
        </Panel>
      )}
      <Panel
        title={t('life.approval.diff')}
        id="difference"
        note={
          since
            ? t('life.approval.diffSince', {
                what: t(since.what === 'proof' ? 'life.approval.sinceProof' : 'life.approval.sinceApproval'),
                at: formats.long(since.at),
              })
            : t('life.approval.noBefore')
        }
      >
        {since && <DifferenceView view={view} difference={since.difference} />}
        <details>
          <summary>{t('life.approval.file')}</summary>
          <pre class="source">{source}</pre>
        </details>
      </Panel>
    </ConsolePage>
  )
}
