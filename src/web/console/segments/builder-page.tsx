import type { FC } from 'hono/jsx'
import { conditionKinds, groups, unsaid } from '../../../segment/builder.ts'
import type { Reach } from '../../../segment/reach.ts'
import type { SegmentRule } from '../../../segment/rule.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { ChoiceField, SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { FormProblems, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import type { View } from '../../view.ts'
import { type Known, LineFields } from './line-fields.tsx'
import { RuleFacts, segmentsPath } from './pieces.tsx'
import type { TypedSegment } from './read-form.ts'

export interface BuilderProps {
  view: View
  /** Where it is posted to. */
  action: string
  title: string
  typed: TypedSegment
  known: Known
  /** What the form says so far, where it says something. */
  rule?: SegmentRule
  reach?: Reach
  problems?: Problems
  /** True once somebody pressed save: what is not complete is then said at its place. */
  isJudged?: boolean
}

/** A form without SQL and without script; with script, what stands beside it follows each change. */
export const BuilderPage: FC<BuilderProps> = (props) => {
  const { view, action, title, typed, problems = {} } = props
  const { t } = view
  return (
    <ConsolePage view={view} title={title} current="segments">
      <Breadcrumb view={view} trail={[[t('segments.title'), inNetwork(view, segmentsPath)]]} />
      <PageHeading title={title} lead={t('segments.lead')} />
      <form class="form segment-builder" method="post" action={action} novalidate>
        <div
          class="segment-form"
          hx-post={action}
          hx-trigger="change delay:300ms"
          hx-include="closest form"
          hx-target="#segment-live"
          hx-select="#segment-live"
          hx-swap="outerHTML"
        >
          <FormProblems view={view} problems={problems} />
          {/* Enter in a field presses the first button there is. */}
          <button type="submit" name="act" value="refresh" class="hidden" tabindex={-1}>
            {t('segments.refresh')}
          </button>
          <TextField
            view={view}
            name="titleFr"
            label={t('segments.titleFr')}
            value={typed.titleFr}
            error={problems.titleFr}
            maxlength={200}
            isRequired
          />
          <TextField
            view={view}
            name="titleEn"
            label={t('segments.titleEn')}
            hint={t('segments.titleEnHint')}
            value={typed.titleEn}
            maxlength={200}
          />
          {typed.text === undefined ? (
            <Conditions {...props} />
          ) : (
            <TextArea
              view={view}
              name="text"
              label={t('segments.typed')}
              hint={t('segments.typedHint')}
              value={typed.text}
              error={problems.text}
              rows={14}
              isRequired
            />
          )}
          <div class="buttons">
            <button type="submit" name="act" value="save" class="primary">
              {t('segments.save')}
            </button>
            <button type="submit" name="act" value="refresh">
              {t('segments.refresh')}
            </button>
            <a class="button" href={inNetwork(view, segmentsPath)}>
              {t('ui.cancel')}
            </a>
          </div>
        </div>
        <Live {...props} />
      </form>
    </ConsolePage>
  )
}

const Conditions: FC<BuilderProps> = ({ view, typed, known, isJudged, problems = {} }) => {
  const { t } = view
  const incomplete = isJudged ? unsaid(typed.form) : []
  return (
    <>
      <ChoiceField
        view={view}
        name="group"
        label={t('segments.group')}
        values={[typed.form.group]}
        choices={groups.map((value) => ({ value, text: t(`segments.groups.${value}`) }))}
      />
      <h2 id="conditions">{t('segments.conditions')}</h2>
      {problems.conditions && <p class="error">{problems.conditions}</p>}
      <input type="hidden" name="lines" value={String(typed.form.lines.length)} />
      {typed.form.lines.map((line, index) => (
        <LineFields view={view} line={line} index={index} known={known} isIncomplete={incomplete.includes(index)} />
      ))}
      <div class="add-condition">
        <SelectField
          view={view}
          name="add"
          label={t('segments.addWhat')}
          value="profile"
          choices={conditionKinds.map((value) => ({ value, text: t(`segments.kinds.${value}`) }))}
          isRequired
        />
        <button type="submit" name="act" value="add">
          {t('segments.add')}
        </button>
      </div>
    </>
  )
}

const Live: FC<BuilderProps> = ({ view, rule, reach }) => (
  <div id="segment-live" class="segment-live" aria-live="polite">
    {rule !== undefined ? <RuleFacts view={view} rule={rule} reach={reach} /> : <p>{view.t('segments.incomplete')}</p>}
  </div>
)
