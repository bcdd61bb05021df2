import type { FC } from 'hono/jsx'
import type { ContactPlan } from '../../../campaign/plan-contact.ts'
import type { PeoplePage, PlanFilter } from '../../../campaign/plan-people.ts'
import { Channel } from '../../labels.tsx'
import { ConsolePage } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { becauseText, reasonText } from '../reasons.ts'
import { CampaignTrail } from './new-pages.tsx'

interface PeopleProps {
  view: View
  campaignId: string
  title: string
  filter: PlanFilter
  page: PeoplePage
  isContinued: boolean
}

function whatOf({ t, language }: View, { channel, reason, isDeferred }: PlanFilter): string {
  if (channel) return t('dryRun.on', { channel: t(`channels.${channel}`) })
  if (isDeferred) return t('dryRun.waiting')
  return reason ? reasonText(reason, language) : t('dryRun.because')
}

/** Who stands behind a number of the dry run. */
export const DryRunPeople: FC<PeopleProps> = ({ view, campaignId, title, filter, page, isContinued }) => {
  const { t, formats, language } = view
  const plan = `/console/campaigns/${campaignId}/plan`
  const url = (change: Record<string, string | undefined>) => {
    const query = new URLSearchParams({ step: filter.step })
    const all = {
      occurrence: filter.occurrence,
      channel: filter.channel,
      reason: filter.reason,
      deferred: filter.isDeferred ? 'yes' : undefined,
      ...change,
    }
    for (const [name, value] of Object.entries(all)) if (value) query.set(name, value)
    return `${plan}/people?${query}`
  }
  const heading = t('dryRun.peopleTitle', { step: filter.step, what: whatOf(view, filter) })
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail
        view={view}
        more={[
          [title, `/console/campaigns/${campaignId}`],
          [t('draft.plan'), plan],
        ]}
      />
      <PageHeading title={heading} />
      <DataTable
        view={view}
        caption={heading}
        rows={page.people}
        url={url}
        next={page.next}
        isContinued={isContinued || (page.people.length === 0 && page.next !== undefined)}
        columns={[
          {
            key: 'who',
            head: t('dryRun.who'),
            cell: (row) => (
              <a class="row-link" href={`${plan}/person?q=${row.contactId}`}>
                {row.name || row.contactId}
              </a>
            ),
          },
          { key: 'site', head: t('dryRun.site'), cell: (row) => row.siteName },
          {
            key: 'channel',
            head: t('dryRun.channel'),
            cell: (row) => (row.channel ? <Channel view={view} channel={row.channel} /> : t('dryRun.nobodySends')),
          },
          { key: 'when', head: t('dryRun.when'), cell: (row) => (row.at ? formats.short(row.at) : '–') },
          { key: 'why', head: t('dryRun.why'), cell: (row) => becauseText(row.because, language) },
        ]}
        empty={<p>{t('dryRun.noPeopleAtAll')}</p>}
      />
    </ConsolePage>
  )
}

interface PersonProps {
  view: View
  campaignId: string
  title: string
  contact: { id: string; name: string }
  plan: ContactPlan
}

/** Why one person would get what they would get, step by step. */
export const DryRunPerson: FC<PersonProps> = ({ view, campaignId, title, contact, plan }) => {
  const { t, formats, language } = view
  const heading = t('dryRun.personTitle', { name: contact.name || contact.id })
  const back = `/console/campaigns/${campaignId}/plan`
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail
        view={view}
        more={[
          [title, `/console/campaigns/${campaignId}`],
          [t('draft.plan'), back],
        ]}
      />
      <PageHeading title={heading} />
      <p>
        <a href={`/console/contacts/${contact.id}`}>{contact.name || contact.id}</a>
      </p>
      {!plan.isInAudience && <Flash tone="warning">{t('dryRun.notInAudience')}</Flash>}
      {plan.steps.length === 0 && <p>{t('dryRun.notMeant')}</p>}
      <ol class="steps">
        {plan.steps.map((step) => (
          <li class="step">
            <header>
              {step.at && <time datetime={step.at}>{formats.long(new Date(step.at))}</time>}
              <h2>{step.step}</h2>
              <p class="card-line">
                {step.channel ? <Channel view={view} channel={step.channel} /> : t('dryRun.nobodySends')}
              </p>
            </header>
            <div class="step-body single">
              <section class="why">
                <p class="because">{becauseText(step.because, language)}</p>
                {step.trace.length > 0 && (
                  <details>
                    <summary>{t('dryRun.trace')}</summary>
                    <ul class="trace">
                      {step.trace.map((entry) => (
                        <li>
                          {entry.channel && <Channel view={view} channel={entry.channel} />}
                          <span class={`verdict v-${entry.verdict}`}>{t(`traceVerdicts.${entry.verdict}`)}</span>
                          <small>
                            {entry.detail && typeof entry.detail.code === 'string'
                              ? reasonText(entry.detail.code, language)
                              : ''}
                          </small>
                        </li>
                      ))}
                    </ul>
                  </details>
                )}
              </section>
            </div>
          </li>
        ))}
      </ol>
      <p>
        <a href={back}>{t('dryRun.backToPlan')}</a>
      </p>
    </ConsolePage>
  )
}
