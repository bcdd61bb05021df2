import type { FC } from 'hono/jsx'
import type { CampaignPlan, PlannedStep } from '../../../campaign/plan.ts'
import { channelNames } from '../../../words.ts'
import { Channel } from '../../labels.tsx'
import { ConsolePage } from '../../layout.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash, Progress } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import { CampaignTrail } from './new-pages.tsx'
import { noticeText } from './problem-words.ts'
import { StackedBar } from './stacked-bar.tsx'
import { whenText } from './when-text.ts'

export interface DryRunProps {
  view: View
  campaignId: string
  title: string
  /** Undefined while it is being worked out. */
  plan: CampaignPlan | undefined
  mayLaunch: boolean
  /** Whether names may be shown behind the numbers. */
  mayMeet: boolean
  /** Whom somebody asked about, without finding them. */
  asked?: string
}

/** The sums of a whole plan. */
export function totals(plan: CampaignPlan) {
  const sum = (value: (step: PlannedStep) => number) => plan.steps.reduce((total, step) => total + value(step), 0)
  const first = plan.steps.map((step) => step.at).filter((at) => at !== null)
  return {
    letters: sum((step) => step.deliveriesByChannel.print),
    sms: sum((step) => step.deliveriesByChannel.sms),
    emails: sum((step) => step.deliveriesByChannel.email),
    min: sum((step) => step.cost.min),
    expected: sum((step) => step.cost.expected),
    max: sum((step) => step.cost.max),
    currency: plan.steps[0]?.cost.currency ?? 'EUR',
    first: first.length > 0 ? new Date(first.reduce((a, b) => (a < b ? a : b))) : undefined,
  }
}

/** What starts a step, as a sentence of its own. */
const sentenceOf = (view: View, when: unknown): string => {
  const text = whenText(view, when) ?? view.t('sequence.entryBranch')
  return `${text.charAt(0).toLocaleUpperCase(view.language)}${text.slice(1).replace(/[.]?$/, '.')}`
}

const Step: FC<{ props: DryRunProps; step: PlannedStep }> = ({ props: { view, campaignId, mayMeet }, step }) => {
  const { t, formats } = view
  const money = (minor: number) => formats.money(minor, step.cost.currency)
  const who = (query: Record<string, string>, text: string) =>
    mayMeet ? (
      <a
        href={`/console/campaigns/${campaignId}/plan/people?${new URLSearchParams({ step: step.step, ...(step.occurrence ? { occurrence: step.occurrence } : {}), ...query })}`}
      >
        {text}
      </a>
    ) : (
      text
    )
  return (
    <li class="step">
      <header>
        {step.at && <time datetime={step.at}>{formats.long(new Date(step.at))}</time>}
        <h3>{step.step}</h3>
      </header>
      {step.when !== undefined && (
        <p class="note">{t('dryRun.mayCome', { when: sentenceOf(view, step.when), count: step.audience })}</p>
      )}
      <div class={step.reasons.length > 0 ? 'step-body' : 'step-body single'}>
        <section>
          <StackedBar view={view} byChannel={step.byChannel} rest={step.unreachable} restText={t('dryRun.nothing')} />
          <dl class="facts">
            <div>
              <dt>{t('dryRun.audience')}</dt>
              <dd>{formats.number(step.audience)}</dd>
            </div>
            <div>
              <dt>{t('dryRun.deferred')}</dt>
              <dd>{step.deferred > 0 ? who({ deferred: 'yes' }, formats.number(step.deferred)) : '0'}</dd>
            </div>
            <div>
              <dt>{t('dryRun.cost')}</dt>
              <dd>
                {money(step.cost.expected)}
                {step.cost.min < step.cost.max && (
                  <small>{t('dryRun.costRange', { min: money(step.cost.min), max: money(step.cost.max) })}</small>
                )}
                {typeof step.cost.perAction === 'number' && (
                  <small>{t('results.perAction', { cost: money(step.cost.perAction) })}</small>
                )}
              </dd>
            </div>
          </dl>
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">{t('dryRun.channel')}</th>
                <th scope="col">{t('dryRun.count')}</th>
                <th scope="col">{t('dryRun.sends')}</th>
              </tr>
            </thead>
            <tbody>
              {channelNames
                .filter((channel) => step.byChannel[channel] > 0)
                .map((channel) => (
                  <tr>
                    <th scope="row">
                      <Channel view={view} channel={channel} />
                    </th>
                    <td>{who({ channel }, formats.number(step.byChannel[channel]))}</td>
                    <td>{formats.number(step.deliveriesByChannel[channel])}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
        {step.reasons.length > 0 && (
          <section>
            <h4>{t('dryRun.nothingTitle')}</h4>
            <table class="figures">
              <thead>
                <tr>
                  <th scope="col">{t('dryRun.why')}</th>
                  <th scope="col">{t('dryRun.count')}</th>
                </tr>
              </thead>
              <tbody>
                {step.reasons.map((reason) => (
                  <tr>
                    <th scope="row">{reasonText(reason.code, view.language)}</th>
                    <td>{who({ reason: reason.code }, formats.number(reason.count))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </div>
    </li>
  )
}

/** What would happen, for whom, why and at what cost. */
export const DryRunPage: FC<DryRunProps> = (props) => {
  const { view, campaignId, title, plan, mayLaunch, mayMeet, asked } = props
  const { t, formats } = view
  const here = `/console/campaigns/${campaignId}`
  const name = t('dryRun.title', { name: title })
  if (!plan)
    return (
      <ConsolePage view={view} title={name} current="campaigns">
        <CampaignTrail view={view} more={[[title, here]]} />
        <PageHeading title={name} lead={t('dryRun.lead')} />
        <Progress view={view} text={t('dryRun.working')} />
      </ConsolePage>
    )
  const all = totals(plan)
  const money = (minor: number) => formats.money(minor, all.currency)
  return (
    <ConsolePage view={view} title={name} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading title={name} lead={t('dryRun.lead')}>
        {mayLaunch && <LinkButton href={`${here}/launch`} text={t('draft.launch')} kind="primary" />}
      </PageHeading>
      <KeyFigures
        figures={[
          { label: t('dryRun.people'), value: formats.number(plan.audience) },
          { label: t('dryRun.letters'), value: formats.number(all.letters) },
          { label: t('dryRun.sms'), value: formats.number(all.sms) },
          {
            label: t('dryRun.cost'),
            value: money(all.expected),
            note: all.min < all.max ? t('dryRun.costRange', { min: money(all.min), max: money(all.max) }) : undefined,
          },
          { label: t('dryRun.first'), value: all.first ? formats.short(all.first) : t('dryRun.atOnce') },
        ]}
      />
      {plan.notices.length > 0 && (
        <Panel id="notices" title={t('dryRun.notices')}>
          <ul class="notices">
            {plan.notices.map((notice) => (
              <li>{noticeText(view, notice)}</li>
            ))}
          </ul>
        </Panel>
      )}
      <section aria-labelledby="steps-title" class="dry-run">
        <h2 id="steps-title">{t('dryRun.steps')}</h2>
        <ol class="steps">
          {plan.steps.map((step) => (
            <Step props={props} step={step} />
          ))}
        </ol>
        {plan.series
          .filter(({ total, shown }) => total === null || total > shown)
          .map(({ step, total, shown }) => (
            <p class="note">
              {total === null
                ? t('dryRun.seriesEndless', { step, shown: formats.number(shown) })
                : t('dryRun.seriesMore', { step, shown: formats.number(shown), total: formats.number(total) })}
            </p>
          ))}
        {plan.lateJoiners && <p class="note">{t(`dryRun.lateJoiners.${plan.lateJoiners}`)}</p>}
        <p class="note">{t('dryRun.assumes')}</p>
        <p class="note">{t('dryRun.sendsNote')}</p>
      </section>
      {mayMeet && (
        <Panel id="person" title={t('dryRun.onePerson')}>
          {asked !== undefined && <Flash tone="warning">{t('dryRun.noPerson', { asked })}</Flash>}
          <form class="filters" method="get" action={`${here}/plan/person`}>
            <label class="grow">
              {t('dryRun.onePersonField')}
              <input type="search" name="q" maxlength={200} value={asked} required />
            </label>
            <div class="filters-end">
              <button type="submit">{t('dryRun.onePersonGo')}</button>
            </div>
          </form>
        </Panel>
      )}
    </ConsolePage>
  )
}
