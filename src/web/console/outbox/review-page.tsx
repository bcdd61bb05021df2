import type { FC } from 'hono/jsx'
import type { ReviewVerdict } from '../../../deliver/review.ts'
import { Channel } from '../../labels.tsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Empty, Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import type { ReviewGroup } from './review-groups.ts'

export const reviewPath = '/console/outbox/review'

/** The address that asks before it decides, for all that the fields name. */
export function decidePath(view: View, verdict: ReviewVerdict, fields: Readonly<Record<string, string>>): string {
  return inNetwork(view, `${reviewPath}/decide?${new URLSearchParams({ verdict, ...fields })}`)
}

const fieldsOf = ({ campaignId, messageId, reason, call }: ReviewGroup): Record<string, string> => ({
  campaign: campaignId,
  step: messageId,
  ...(reason === null ? {} : { reason }),
  ...(call ? { worker: call.worker, at: call.startedAt.toISOString() } : {}),
})

const Buttons: FC<{ view: View; fields: Record<string, string>; mayHaveLeft: boolean }> = ({ view, ...of }) => (
  <span class="buttons">
    {of.mayHaveLeft && (
      <a class="button" href={decidePath(view, 'left', of.fields)}>
        {view.t('review.left')}
      </a>
    )}
    <a class="button" href={decidePath(view, 'not_left', of.fields)}>
      {view.t('review.notLeft')}
    </a>
  </span>
)

export interface Done {
  verdict: ReviewVerdict
  count: number
}

/** What has just been decided. */
export const DoneFlash: FC<{ view: View; done: Done }> = ({ view: { t }, done: { verdict, count } }) => (
  <Flash tone={count > 0 ? 'good' : 'warning'}>
    {count === 0 ? t('review.doneNone') : t(verdict === 'left' ? 'review.doneLeft' : 'review.doneNotLeft', { count })}
  </Flash>
)

/** What waits for a person because nobody can tell whether it left: by campaign and call, each with its two answers. */
export const ReviewPage: FC<{
  view: View
  groups: ReviewGroup[]
  mayDecide: boolean
  done?: Done
}> = ({ view, groups, mayDecide, done }) => {
  const { t, formats } = view
  const ofCampaign = new Map<string, ReviewGroup[]>()
  for (const group of groups) ofCampaign.set(group.campaignId, [...(ofCampaign.get(group.campaignId) ?? []), group])
  return (
    <ConsolePage view={view} title={t('review.title')} current="outbox">
      <Breadcrumb view={view} trail={[[t('nav.outbox'), inNetwork(view, '/console/outbox')]]} />
      <PageHeading title={t('review.title')} lead={t('review.lead')} />
      {done && <DoneFlash view={view} done={done} />}
      {groups.length === 0 && <Empty text={t('review.none')} />}
      {[...ofCampaign].map(([campaignId, own]) => (
        <Panel
          title={inLanguage(own[0]!.campaignTitle, view.language, own[0]!.campaignName)}
          id={`campaign-${campaignId}`}
          note={t('review.open', { count: own.reduce((total, group) => total + group.count, 0) })}
        >
          <DataTable
            view={view}
            caption={t('review.title')}
            rows={own}
            url={() => inNetwork(view, reviewPath)}
            empty={t('review.none')}
            columns={[
              {
                key: 'step',
                head: t('review.what'),
                cell: (group) => (
                  <>
                    <a href={inNetwork(view, `/console/outbox?status=needs_review&step=${group.messageId}`)}>
                      {group.step}
                    </a>{' '}
                    <Channel view={view} channel={group.channel} />
                  </>
                ),
              },
              {
                key: 'why',
                head: t('review.why'),
                cell: ({ reason }) => (reason ? reasonText(reason, view.language) : '–'),
              },
              {
                key: 'tried',
                head: t('review.tried'),
                cell: ({ call }) =>
                  call ? (
                    <time datetime={call.startedAt.toISOString()}>{formats.short(call.startedAt)}</time>
                  ) : (
                    t('review.neverTried')
                  ),
              },
              { key: 'count', head: t('review.count'), cell: ({ count }) => formats.number(count), isNumber: true },
              ...(mayDecide
                ? [
                    {
                      key: 'decide',
                      head: t('review.decide'),
                      cell: (group: ReviewGroup) => (
                        <Buttons view={view} fields={fieldsOf(group)} mayHaveLeft={group.mayHaveLeft} />
                      ),
                    },
                  ]
                : []),
            ]}
          />
          {mayDecide && own.length > 1 && (
            <p>
              {t('review.wholeCampaign')}{' '}
              <Buttons
                view={view}
                fields={{ campaign: campaignId }}
                mayHaveLeft={own.some((group) => group.mayHaveLeft)}
              />
            </p>
          )}
        </Panel>
      ))}
    </ConsolePage>
  )
}
