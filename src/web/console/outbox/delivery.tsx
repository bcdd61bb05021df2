import type { Child, FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Content } from '../../../channel.ts'
import { isAnswer } from '../../../inbox/answer-step.ts'
import type { TraceEntry } from '../../../routing/types.ts'
import { Channel, DeliveryState } from '../../labels.tsx'
import { Breadcrumb, ConsolePage } from '../../layout.tsx'
import { inLanguage, type View } from '../../view.ts'
import { Timeline, type TimelineEntry } from '../network/timeline.tsx'
import { becauseText, reasonText } from '../reasons.ts'
import type { DeliveryDetail } from './find-delivery.ts'
import { recipientText } from './outbox.tsx'
import { Preview } from './previews.tsx'
import { type Done, DoneFlash } from './review-page.tsx'
import { ReviewPanel } from './review-panel.tsx'

interface DeliveryProps {
  view: View
  detail: DeliveryDetail
  content: Content | 'unreadable' | undefined
  qrSvg?: string
  hasPdf: boolean
  mayDecide: boolean
  done?: Done
}

const Fact: FC<{ label: string; children?: Child }> = ({ label, children }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
)

const Moment: FC<{ view: View; at: Date }> = ({ view, at }) => (
  <time datetime={at.toISOString()}>{view.formats.short(at)}</time>
)

const namedProviders = ['preview', 'pdf', 'posts', 'screens', 'twilio', 'sendgrid', 'smtp'] as const

const providerText = ({ t }: View, provider: string | null) => {
  const named = namedProviders.find((name) => name === provider)
  return named ? t(`providers.${named}`) : (provider ?? undefined)
}

const Facts: FC<{ view: View; detail: DeliveryDetail }> = ({ view, detail }) => {
  const { t, formats } = view
  const { delivery, recipient, address, members, memberCount } = detail
  const to = recipientText(view, recipient)
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">{t('delivery.facts')}</h2>
      <dl class="pairs">
        <Fact label={t('delivery.to')}>
          {recipient?.contactId ? <a href={`/console/contacts/${recipient.contactId}`}>{to.name}</a> : to.name}
          {address?.kind !== 'postal' && <small>{to.note}</small>}
          {address?.normalised && <small class="lines">{address.normalised}</small>}
        </Fact>
        {memberCount > 1 && (
          <Fact label={t('delivery.covers', { count: memberCount })}>
            {members.map((member) => (
              <a class="stacked" href={`/console/contacts/${member.id}`}>
                {[member.firstName, member.lastName].filter(Boolean).join(' ') || t('outbox.gone')}
              </a>
            ))}
          </Fact>
        )}
        {delivery.reason && <Fact label={t('delivery.reason')}>{reasonText(delivery.reason, view.language)}</Fact>}
        {delivery.isReceiptMissing && <Fact label={t('outbox.status')}>{t('delivery.receiptMissing')}</Fact>}
        {delivery.fallbackOf && (
          <Fact label="">
            <a href={`/console/outbox/${delivery.fallbackOf}`}>{t('delivery.standsInFor')}</a>
          </Fact>
        )}
        {delivery.sentAt ? (
          <Fact label={t('delivery.sentAt')}>
            <Moment view={view} at={delivery.sentAt} />
          </Fact>
        ) : (
          <Fact label={t('delivery.dueAt')}>
            <Moment view={view} at={delivery.dueAt} />
          </Fact>
        )}
        {delivery.deliveredAt && (
          <Fact label={t('delivery.deliveredAt')}>
            <Moment view={view} at={delivery.deliveredAt} />
          </Fact>
        )}
        {delivery.expiresAt && (
          <Fact label={t('delivery.expiresAt')}>
            <Moment view={view} at={delivery.expiresAt} />
          </Fact>
        )}
        {delivery.provider && <Fact label={t('delivery.provider')}>{providerText(view, delivery.provider)}</Fact>}
        <Fact label={t('delivery.cost')}>{formats.moneyOfMillis(delivery.costMillis, delivery.currency)}</Fact>
        {delivery.trackingMode && (
          <Fact label={t('delivery.tracking')}>{t(`trackingModes.${delivery.trackingMode}`)}</Fact>
        )}
        {delivery.contentHash && (
          <Fact label={t('delivery.hash')}>
            <code class="hash">{delivery.contentHash}</code>
          </Fact>
        )}
      </dl>
    </section>
  )
}

const isTrace = (trace: unknown): trace is TraceEntry[] => Array.isArray(trace)

const Why: FC<{ view: View; detail: DeliveryDetail }> = ({ view, detail: { decision, delivery } }) => {
  const { t } = view
  const trace = decision && isTrace(decision.trace) ? decision.trace : []
  return (
    <section class="panel why" aria-labelledby="why-title">
      <h2 id="why-title">{t('delivery.why')}</h2>
      {decision && delivery.isCompanion && <p class="note">{t('delivery.companion')}</p>}
      {decision ? (
        <p class="because">{becauseText(decision.because, view.language)}</p>
      ) : (
        <p class="note">{t('delivery.noDecision')}</p>
      )}
      {trace.length > 0 && (
        <details>
          <summary>{t('delivery.trace')}</summary>
          <ul class="trace">
            {trace.map((entry) => (
              <li>
                <code>{entry.rule}</code>
                {entry.channel && <Channel view={view} channel={entry.channel} />}
                <span class={`verdict v-${entry.verdict}`}>{t(`traceVerdicts.${entry.verdict}`)}</span>
                {entry.detail && (
                  <small>
                    {Object.entries(entry.detail)
                      .map(([key, value]) => `${key} ${value}`)
                      .join(' · ')}
                  </small>
                )}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function timelineOf(view: View, { delivery, attempts, events, decision }: DeliveryDetail): TimelineEntry[] {
  const { t } = view
  const entries: TimelineEntry[] = [{ at: delivery.createdAt, text: t('planned'), tone: 'quiet' }]
  if (decision && decision.createdAt.getTime() < delivery.createdAt.getTime())
    entries.push({ at: decision.createdAt, text: t('decided'), tone: 'quiet' })
  for (const attempt of attempts)
    entries.push({
      at: attempt.endedAt ?? attempt.startedAt,
      text: t(`attempts.${attempt.outcome ?? 'open'}`),
      tone: attempt.outcome === 'accepted' ? 'moving' : attempt.outcome === 'refused' ? 'bad' : 'warning',
      note: [
        t('attempt', { number: attempt.number }),
        providerText(view, attempt.provider),
        attempt.code,
        attempt.detail,
      ]
        .filter(Boolean)
        .join(' · '),
    })
  for (const event of events)
    entries.push({
      at: event.occurredAt,
      text: t(`events.${event.type}`),
      tone: toneOf(event.type),
      note: event.verdict ? t(`verdicts.${event.verdict}`) : undefined,
    })
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime())
}

export const toneOf = (type: DeliveryDetail['events'][number]['type']): TimelineEntry['tone'] => {
  if (['failed', 'bounced', 'returned', 'stop', 'unsubscribe', 'complaint'].includes(type)) return 'bad'
  if (['accepted', 'sent', 'printed', 'posted', 'shown', 'deferred'].includes(type)) return 'moving'
  return 'good'
}

/** One delivery: what the person got, why on this channel, and what came of it. */
export const DeliveryPage: FC<DeliveryProps> = ({ view, detail, content, qrSvg, hasPdf, mayDecide, done }) => {
  const { t, network } = view
  const { delivery, message, campaign, sender } = detail
  const here = `/console/outbox/${delivery.id}`
  const mayReadInbox = view.user && network && can(view.user, 'conversation.read', network.id)
  const campaignTitle = inLanguage(campaign.title, view.language, campaign.name)
  const outbox = `/console/outbox?network=${encodeURIComponent(network?.name ?? '')}`
  const to = recipientText(view, detail.recipient)
  const title = `${t(`channels.${delivery.channel}`)} · ${to.name}`
  return (
    <ConsolePage view={view} title={title} current="outbox">
      <Breadcrumb
        view={view}
        trail={[
          [t('nav.outbox'), outbox],
          ...(isAnswer(message)
            ? []
            : [
                [campaignTitle, `/console/campaigns/${campaign.id}`] as [string, string],
                [message.step, `${outbox}&step=${message.id}`] as [string, string],
              ]),
        ]}
      />
      <h1>{to.name}</h1>
      <p class="card-line">
        <Channel view={view} channel={delivery.channel} isCopy={delivery.isCompanion} />
        <DeliveryState view={view} status={delivery.status} />
        <span>{to.note}</span>
        {detail.conversationId && mayReadInbox && (
          <a href={`/console/inbox/${detail.conversationId}`}>{t('inbox.seeConversation')}</a>
        )}
      </p>
      {done && <DoneFlash view={view} done={done} />}
      <ReviewPanel view={view} detail={detail} mayDecide={mayDecide} />
      <div class="message-and-facts">
        <section class="message" aria-labelledby="message-title">
          <h2 id="message-title">{t('delivery.preview')}</h2>
          {content === undefined || content === 'unreadable' ? (
            <div class="empty">
              <p>
                {content === 'unreadable'
                  ? t('delivery.unreadable')
                  : delivery.contentHash
                    ? t('delivery.erased')
                    : t('delivery.notRendered')}
              </p>
              {content === undefined && delivery.contentHash && <p class="note">{t('delivery.erasedHow')}</p>}
            </div>
          ) : (
            <Preview
              view={view}
              content={content}
              here={here}
              from={sender?.address ?? sender?.name ?? network?.title ?? t('product')}
              qrSvg={qrSvg}
              hasPdf={hasPdf}
            />
          )}
        </section>
        <div class="side">
          <Why view={view} detail={detail} />
          <section class="panel" aria-labelledby="timeline-title">
            <h2 id="timeline-title">{t('delivery.timeline')}</h2>
            <Timeline view={view} entries={timelineOf(view, detail)} />
          </section>
          <Facts view={view} detail={detail} />
        </div>
      </div>
    </ConsolePage>
  )
}
