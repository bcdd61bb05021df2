import type { FC } from 'hono/jsx'
import { launchRulesOf } from '../../../approval/rules.ts'
import type { CampaignPlan } from '../../../campaign/plan.ts'
import { ConsolePage } from '../../layout.tsx'
import { CheckField, TextField } from '../../ui/field.tsx'
import { DescriptionList } from '../../ui/figures.tsx'
import { Flash, Progress } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'
import { totals } from './dry-run-page.tsx'
import { CampaignTrail } from './new-pages.tsx'
import { noticeText } from './problem-words.ts'

/** What a launch asks to be confirmed apart, since it is rarely meant. */
export const ticks = ['empty', 'unusual', 'past'] as const
export type Tick = (typeof ticks)[number]

/** So many times the usual audience is more often a mistake than a wish. */
const unusualTimes = 10

/** The ticks a plan needs; `usual` is how many people the network's steps commonly reach. */
export function ticksNeeded(plan: CampaignPlan, usual: number | undefined): Tick[] {
  const needed: Tick[] = []
  if (plan.audience === 0) needed.push('empty')
  if (usual !== undefined && plan.audience >= unusualTimes * usual) needed.push('unusual')
  if (plan.notices.some((notice) => notice.code === 'step.past')) needed.push('past')
  return needed
}

interface LaunchProps {
  view: View
  campaignId: string
  title: string
  seen: string
  /** Undefined while the audience is being counted. */
  plan: CampaignPlan | undefined
  needed: readonly Tick[]
  /** Those ticked in a form that was refused; undefined before anything was sent. */
  given?: readonly Tick[]
  hasMoved?: boolean
  /** The name to be typed; undefined where ticks are enough. */
  typed?: string
  isMistyped?: boolean
  /** Why the launch was refused for want of an approval. */
  approval?: 'approval.missing' | 'approval.changed'
  /** As many urgent notices as one sender may launch in a month were launched. */
  isOverQuota?: boolean
}

const tickText = ({ t }: View, tick: Tick, plan: CampaignPlan): string => {
  if (tick === 'empty') return t('launching.tick.empty')
  if (tick === 'unusual') return t('launching.tick.unusual', { count: plan.audience })
  return t('launching.tick.past', { count: plan.notices.filter((notice) => notice.code === 'step.past').length })
}

/** The last look before a campaign starts: how many people, how many letters, and what it may cost. */
export const LaunchPage: FC<LaunchProps> = (props) => {
  const { view, campaignId, title, seen, plan, needed, given, hasMoved, typed, isMistyped, approval, isOverQuota } =
    props
  const { t, formats, network } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t('launching.title', { name: title })
  if (!plan)
    return (
      <ConsolePage view={view} title={heading} current="campaigns">
        <CampaignTrail view={view} more={[[title, here]]} />
        <h1>{heading}</h1>
        <Progress view={view} text={t('launching.working')} />
      </ConsolePage>
    )
  const all = totals(plan)
  const others = plan.notices.filter((notice) => notice.code !== 'audience.empty')
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      {hasMoved && <Flash tone="warning">{t('launching.moved')}</Flash>}
      {approval && (
        <Flash tone="bad">
          {t(approval === 'approval.changed' ? 'life.approval.changed' : 'life.approval.missing')}{' '}
          <a href={`${here}/approval`}>{t('life.approval.link')}</a>
        </Flash>
      )}
      {isOverQuota && (
        <Flash tone="bad">
          {t('life.rules.overQuota', { count: launchRulesOf(network?.settings ?? {}).urgentPerMonth })}
        </Flash>
      )}
      <section class="confirmation" aria-labelledby="confirmation-title">
        <h1 id="confirmation-title">{heading}</h1>
        <p class="people">{t('ui.people', { count: plan.audience })}</p>
        <p>{network?.mode === 'live' ? t('launching.live') : t('launching.sandbox')}</p>
        <DescriptionList
          details={[
            { term: t('launching.emails'), detail: formats.number(all.emails) },
            { term: t('launching.sms'), detail: formats.number(all.sms) },
            { term: t('launching.letters'), detail: formats.number(all.letters) },
            { term: t('launching.ceiling'), detail: formats.money(all.max, all.currency) },
            { term: t('launching.first'), detail: all.first ? formats.long(all.first) : t('dryRun.atOnce') },
            { term: t('launching.steps'), detail: formats.number(plan.steps.length) },
          ]}
        />
        {others.length > 0 && (
          <ul class="notices">
            {others.map((notice) => (
              <li>{noticeText(view, notice)}</li>
            ))}
          </ul>
        )}
        <p class="note">
          {t('launching.lead')} <a href={`${here}/checklist`}>{t('life.approval.checks')}</a>
        </p>
        <form method="post" action={`${here}/launch`}>
          <input type="hidden" name="seen" value={seen} />
          {needed.map((tick) => (
            <CheckField
              view={view}
              name={tick}
              label={tickText(view, tick, plan)}
              isChecked={given?.includes(tick)}
              error={given && !given.includes(tick) ? t('launching.tickMissing') : undefined}
            />
          ))}
          {typed !== undefined && (
            <TextField
              view={view}
              name="name"
              label={t('life.approval.name', { name: typed })}
              hint={t('life.approval.nameHint', { count: plan.audience })}
              error={isMistyped ? t('life.approval.nameWrong') : undefined}
              autocomplete="off"
              maxlength={60}
              isRequired
            />
          )}
          <div class="buttons">
            <button type="submit" class="primary">
              {plan.audience > 0 ? t('launching.yesPeople', { count: plan.audience }) : t('launching.yes')}
            </button>
            <a class="button" href={here}>
              {t('ui.cancel')}
            </a>
          </div>
        </form>
      </section>
    </ConsolePage>
  )
}
