import type { Child, FC } from 'hono/jsx'
import type { Content } from '../../channel.ts'
import type { TraceEntry } from '../../routing/types.ts'
import { Channel, DeliveryState } from '../labels.tsx'
import { Breadcrumb, ConsolePage } from '../layout.tsx'
import { inLanguage, type View } from '../view.ts'
import { recipientText } from './outbox.tsx'
import { Preview } from './previews.tsx'
import type { DeliveryDetail } from './queries/delivery.ts'
import { becauseText, reasonText } from './reasons.ts'
import { Timeline, type TimelineEntry } from './timeline.tsx'

interface DeliveryProps {
  view: View
  detail: DeliveryDetail
  content: Content | 'unreadable' | undefined
  qrSvg?: string
  hasPdf: boolean
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

const providerText = ({ words }: View, provider: string | null) =>
  provider === null ? undefined : (words.providers[provider] ?? provider)

const Facts: FC<{ view: View; detail: DeliveryDetail }> = ({ view, detail }) => {
  const { words, formats } = view
  const { delivery, recipient, address, members, memberCount } = detail
  const facts = words.delivery
  const to = recipientText(view, recipient)
  return (
    <section class="panel" aria-labelledby="facts-title">
      <h2 id="facts-title">{facts.facts}</h2>
      <dl class="pairs">
        <Fact label={facts.to}>
          {recipient?.contactId ? <a href={`/console/contacts/${recipient.contactId}`}>{to.name}</a> : to.name}
          {address?.kind !== 'postal' && <small>{to.note}</small>}
          {address?.normalised && <small class="lines">{address.normalised}</small>}
        </Fact>
        {memberCount > 1 && (
          <Fact label={facts.covers(memberCount)}>
            {members.map((member) => (
              <a class="stacked" href={`/console/contacts/${member.id}`}>
                {[member.firstName, member.lastName].filter(Boolean).join(' ') || words.outbox.gone}
              </a>
            ))}
          </Fact>
        )}
        {delivery.reason && <Fact label={facts.reason}>{reasonText(delivery.reason, view.language)}</Fact>}
        {delivery.isReceiptMissing && <Fact label={words.outbox.status}>{facts.receiptMissing}</Fact>}
        {delivery.fallbackOf && (
          <Fact label="">
            <a href={`/console/outbox/${delivery.fallbackOf}`}>{facts.standsInFor}</a>
          </Fact>
        )}
        {delivery.sentAt ? (
          <Fact label={facts.sentAt}>
            <Moment view={view} at={delivery.sentAt} />
          </Fact>
        ) : (
          <Fact label={facts.dueAt}>
            <Moment view={view} at={delivery.dueAt} />
          </Fact>
        )}
        {delivery.deliveredAt && (
          <Fact label={facts.deliveredAt}>
            <Moment view={view} at={delivery.deliveredAt} />
          </Fact>
        )}
        {delivery.expiresAt && (
          <Fact label={facts.expiresAt}>
            <Moment view={view} at={delivery.expiresAt} />
          </Fact>
        )}
        {delivery.provider && <Fact label={facts.provider}>{providerText(view, delivery.provider)}</Fact>}
        <Fact label={facts.cost}>{formats.moneyOfMillis(delivery.costMillis, delivery.currency)}</Fact>
        {delivery.trackingMode && <Fact label={facts.tracking}>{words.trackingModes[delivery.trackingMode]}</Fact>}
        {delivery.contentHash && (
          <Fact label={facts.hash}>
            <code class="hash">{delivery.contentHash}</code>
          </Fact>
        )}
      </dl>
    </section>
  )
}

const isTrace = (trace: unknown): trace is TraceEntry[] => Array.isArray(trace)

const Why: FC<{ view: View; detail: DeliveryDetail }> = ({ view, detail: { decision, delivery } }) => {
  const { words } = view
  const trace = decision && isTrace(decision.trace) ? decision.trace : []
  return (
    <section class="panel why" aria-labelledby="why-title">
      <h2 id="why-title">{words.delivery.why}</h2>
      {decision && delivery.isCompanion && <p class="note">{words.delivery.companion}</p>}
      {decision ? (
        <p class="because">{becauseText(decision.because, view.language)}</p>
      ) : (
        <p class="note">{words.delivery.noDecision}</p>
      )}
      {trace.length > 0 && (
        <details>
          <summary>{words.delivery.trace}</summary>
          <ul class="trace">
            {trace.map((entry) => (
              <li>
                <code>{entry.rule}</code>
                {entry.channel && <Channel view={view} channel={entry.channel} />}
                <span class={`verdict v-${entry.verdict}`}>{words.traceVerdicts[entry.verdict]}</span>
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
  const { words } = view
  const entries: TimelineEntry[] = [{ at: delivery.createdAt, text: words.planned, tone: 'quiet' }]
  if (decision && decision.createdAt.getTime() < delivery.createdAt.getTime())
    entries.push({ at: decision.createdAt, text: words.decided, tone: 'quiet' })
  for (const attempt of attempts)
    entries.push({
      at: attempt.endedAt ?? attempt.startedAt,
      text: words.attempts[attempt.outcome ?? 'open'],
      tone: attempt.outcome === 'accepted' ? 'moving' : attempt.outcome === 'refused' ? 'bad' : 'warning',
      note: [words.attempt(attempt.number), providerText(view, attempt.provider), attempt.code, attempt.detail]
        .filter(Boolean)
        .join(' · '),
    })
  for (const event of events)
    entries.push({
      at: event.occurredAt,
      text: words.events[event.type],
      tone: toneOf(event.type),
      note: event.verdict ? words.verdicts[event.verdict] : undefined,
    })
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime())
}

export const toneOf = (type: DeliveryDetail['events'][number]['type']): TimelineEntry['tone'] => {
  if (['failed', 'bounced', 'returned', 'stop', 'unsubscribe', 'complaint'].includes(type)) return 'bad'
  if (['accepted', 'sent', 'printed', 'posted', 'shown', 'deferred'].includes(type)) return 'moving'
  return 'good'
}

/** One delivery: what the person got, why on this channel, and what came of it. */
export const DeliveryPage: FC<DeliveryProps> = ({ view, detail, content, qrSvg, hasPdf }) => {
  const { words, network } = view
  const { delivery, message, campaign, sender } = detail
  const here = `/console/outbox/${delivery.id}`
  const campaignTitle = inLanguage(campaign.title, view.language, campaign.name)
  const outbox = `/console/outbox?network=${encodeURIComponent(network?.name ?? '')}`
  const to = recipientText(view, detail.recipient)
  const title = `${words.channels[delivery.channel]} · ${to.name}`
  return (
    <ConsolePage view={view} title={title} current="outbox">
      <Breadcrumb
        view={view}
        trail={[
          [words.nav.outbox, outbox],
          [campaignTitle, `/console/campaigns/${campaign.id}`],
          [message.step, `${outbox}&step=${message.id}`],
        ]}
      />
      <h1>{to.name}</h1>
      <p class="card-line">
        <Channel view={view} channel={delivery.channel} isCopy={delivery.isCompanion} />
        <DeliveryState view={view} status={delivery.status} />
        <span>{to.note}</span>
      </p>
      <div class="message-and-facts">
        <section class="message" aria-labelledby="message-title">
          <h2 id="message-title">{words.delivery.preview}</h2>
          {content === undefined || content === 'unreadable' ? (
            <div class="empty">
              <p>
                {content === 'unreadable'
                  ? words.delivery.unreadable
                  : delivery.contentHash
                    ? words.delivery.erased
                    : words.delivery.notRendered}
              </p>
              {content === undefined && delivery.contentHash && <p class="note">{words.delivery.erasedHow}</p>}
            </div>
          ) : (
            <Preview
              view={view}
              content={content}
              here={here}
              from={sender?.address ?? sender?.name ?? network?.title ?? words.product}
              qrSvg={qrSvg}
              hasPdf={hasPdf}
            />
          )}
        </section>
        <div class="side">
          <Why view={view} detail={detail} />
          <section class="panel" aria-labelledby="timeline-title">
            <h2 id="timeline-title">{words.delivery.timeline}</h2>
            <Timeline view={view} entries={timelineOf(view, detail)} />
          </section>
          <Facts view={view} detail={detail} />
        </div>
      </div>
    </ConsolePage>
  )
}
