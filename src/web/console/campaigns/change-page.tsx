import type { FC } from 'hono/jsx'
import type { ShownChange } from '../../../campaign/changes.ts'
import type { EditStep } from '../../../campaign/edit-running.ts'
import { ConsolePage } from '../../layout.tsx'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { CheckField } from '../../ui/field.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { DifferenceView } from './difference.tsx'
import { CampaignTrail } from './new-pages.tsx'

interface ChangeProps {
  view: View
  campaignId: string
  title: string
  /** Who prepared it. */
  by: string
  shown: ShownChange
  /** The names of who has agreed, where several have to. */
  agreed: readonly string[]
  mayApply: boolean
  mayDiscard: boolean
  /** Why it cannot be applied, or was not. */
  refused?: string
}

type Kind = EditStep['effect'] | 'same'

const tones: Record<Kind, Tone> = {
  same: 'quiet',
  replaced: 'moving',
  added: 'good',
  removed: 'bad',
  begun: 'warning',
  past: 'quiet',
}

/** A change of a running campaign before it is applied: whom and what it still concerns, and what it says otherwise. */
export const ChangePage: FC<ChangeProps> = (props) => {
  const { view, campaignId, title, by, agreed, shown, mayApply, mayDiscard, refused } = props
  const { t, formats } = view
  const { change, edit, difference } = shown
  const here = `/console/campaigns/${campaignId}`
  const there = `${here}/changes/${change.id}`
  const heading = t('editing.changeTitle', { name: title })
  const fresh = edit?.steps.filter((step) => step.hasNewWords && step.effect !== 'past') ?? []
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      <PageHeading
        title={heading}
        lead={t('editing.by', { name: by, at: formats.long(change.createdAt), version: change.baseVersion })}
      />
      {refused && <Flash tone="bad">{refused}</Flash>}
      {edit && agreed.length > 0 && <Flash tone="warning">{t('editing.agreed', { names: agreed.join(', ') })}</Flash>}
      {change.status === 'applied' && <Flash tone="good">{t('editing.stateApplied')}</Flash>}
      {change.status === 'discarded' && <Flash tone="warning">{t('editing.stateDiscarded')}</Flash>}
      {change.status === 'proposed' && !edit && !refused && <Flash tone="warning">{t('editing.stale')}</Flash>}
      {edit && (
        <form method="post" action={there} class="form">
          <Panel id="effects" title={t('editing.effects')}>
            <Effects props={props} steps={edit.steps} />
          </Panel>
          {fresh.length > 0 && (
            <Panel id="take-over" title={t('editing.takeOver')} note={t('editing.takeOverLead')}>
              {fresh.map(({ step }) => (
                <CheckField
                  view={view}
                  name={`takeOver.${step}`}
                  label={t('editing.takeOverStep', { step })}
                  isChecked={change.agreed?.takeOver.includes(step) ?? true}
                />
              ))}
            </Panel>
          )}
          {mayApply ? (
            <button type="submit" class="primary">
              {t('editing.apply')}
            </button>
          ) : (
            <p class="note">{t('editing.mayNot')}</p>
          )}
        </form>
      )}
      {change.status === 'proposed' && mayDiscard && (
        <ActionButton action={`${there}/discard`} text={t('editing.discard')} />
      )}
      <Panel id="difference" title={t('editing.difference')}>
        <DifferenceView view={view} difference={difference} />
      </Panel>
    </ConsolePage>
  )
}

const Effects: FC<{ props: ChangeProps; steps: readonly EditStep[] }> = ({ props: { view, shown }, steps }) => {
  const { t, formats } = view
  const { campaign, steps: changed } = shown.difference
  // A key of the campaign may concern every step; its title and its anchors do not, or show in the dates.
  const isWide = campaign.some(({ key }) => key !== 'title' && key !== 'anchor')
  const kindOf = (step: EditStep): Kind => {
    const isMoved = step.at?.getTime() !== step.wasAt?.getTime()
    const isOther = isWide || isMoved || changed.some((one) => one.step === step.step && one.kind !== 'moved')
    return step.effect === 'replaced' && !isOther ? 'same' : step.effect
  }
  const whenOf = ({ at, wasAt, effect, underWay }: EditStep): string => {
    if (effect === 'removed') return t('editing.notAgain')
    if (effect === 'past' || effect === 'begun') return '–'
    if (underWay && underWay.people > 0)
      return t(underWay.fate === 'moves' ? 'editing.peopleMove' : 'editing.peopleStay', { count: underWay.people })
    if (!at) return t('editing.whenever')
    return wasAt && wasAt.getTime() !== at.getTime()
      ? t('editing.moved', { before: formats.short(wasAt), after: formats.short(at) })
      : formats.short(at)
  }
  return (
    <table class="figures cards">
      <thead>
        <tr>
          <th scope="col">{t('editing.step')}</th>
          <th scope="col">{t('editing.effect')}</th>
          <th scope="col">{t('editing.when')}</th>
          <th scope="col">{t('editing.claimed')}</th>
          <th scope="col">{t('editing.unclaimed')}</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => {
          const kind = kindOf(step)
          const isToCome = step.effect === 'replaced' || step.effect === 'added'
          return (
            <tr>
              <th scope="row">{step.step}</th>
              <td data-label={t('editing.effect')}>
                <Badge text={t(`editing.kinds.${kind}`)} tone={tones[kind]} />
              </td>
              <td data-label={t('editing.when')}>{whenOf(step)}</td>
              <td data-label={t('editing.claimed')}>{formats.number(step.claimed)}</td>
              <td data-label={t('editing.unclaimed')}>
                {isToCome && step.unclaimed === 0
                  ? kind === 'same'
                    ? '–'
                    : t('editing.toCome')
                  : formats.number(step.unclaimed)}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
