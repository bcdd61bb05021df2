import type { FC } from 'hono/jsx'
import type { PolicyTable } from '../../../routing/types.ts'
import { channelNames, intents, messageClasses, profiles, urgencies } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, type Choice, ChoiceField, SelectField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { home, PolicyPage } from './policy-page.tsx'
import { delayUnits, type RuleFields } from './rule-fields.ts'

/** The typologies and tiers the network’s sites have. */
export interface KnownValues {
  typology: readonly string[]
  tier: readonly string[]
}

interface RuleFormProps {
  view: View
  table: PolicyTable
  /** The rule being changed; undefined for a new one. */
  rule?: string
  fields: RuleFields
  known: KnownValues
  problems?: Problems
}

/** One rule: for what, by which channels, and what follows. Kept in the draft, not in force. */
export const RuleFormPage: FC<RuleFormProps> = (props) => {
  const { view, table, rule, fields, known, problems = {} } = props
  const { t } = view
  const isLast = rule !== undefined && table.rules.at(-1)?.id === rule
  const one = (name: string): string => fields[name]?.[0] ?? ''
  return (
    <PolicyPage
      view={view}
      tab="table"
      title={rule === undefined ? t('policy.form.add') : t('policy.form.edit', { rule })}
      action={
        rule !== undefined &&
        !isLast && (
          <ActionButton
            action={inNetwork(view, `${home}/rules/${rule}/remove`)}
            text={t('policy.removeRule')}
            kind="danger"
          />
        )
      }
    >
      <Form
        view={view}
        action={inNetwork(view, rule === undefined ? `${home}/new-rule` : `${home}/rules/${rule}`)}
        problems={problems}
      >
        {rule === undefined && (
          <TextField
            view={view}
            name="id"
            label={t('policy.form.name')}
            hint={t('policy.form.nameHint')}
            value={one('id')}
            error={problems.id}
            maxlength={40}
            isRequired
          />
        )}
        {isLast ? (
          <p class="note">{t('policy.form.last')}</p>
        ) : (
          <>
            <SelectField
              view={view}
              name="place"
              label={t('policy.form.place')}
              value={one('place')}
              choices={placesIn(view, table, rule)}
              isRequired
            />
            <ConditionFields view={view} fields={fields} known={known} problems={problems} />
          </>
        )}
        <Panel title={t('policy.form.channels')} id="channels">
          <div class="channel-order">
            {channelNames.map((_, index) => (
              <SelectField
                view={view}
                name={`channel-${index + 1}`}
                label={t('policy.form.channel', { place: index + 1 })}
                value={one(`channel-${index + 1}`)}
                error={problems[`channel-${index + 1}`]}
                isRequired={index === 0}
                choices={[{ value: '', text: '–' }, ...channelChoices(view)]}
              />
            ))}
          </div>
          <ChoiceField
            view={view}
            name="together"
            label={t('policy.together')}
            hint={t('policy.form.togetherHint')}
            choices={channelChoices(view)}
            values={fields.together ?? []}
            isMultiple
          />
        </Panel>
        <NextFields view={view} one={one} problems={problems} isLearning={one('learns') !== ''} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('policy.form.keep')}
          </button>
          <LinkButton href={inNetwork(view, home)} text={t('ui.cancel')} />
        </div>
      </Form>
    </PolicyPage>
  )
}

const channelChoices = ({ t }: View): Choice[] => channelNames.map((value) => ({ value, text: t(`channels.${value}`) }))

/** Before which of the others; the last takes no other place. */
function placesIn({ t }: View, { rules }: PolicyTable, rule: string | undefined): Choice[] {
  return rules
    .filter(({ id }) => id !== rule)
    .map(({ id }, index) => ({
      value: String(index + 1),
      text: t('policy.form.placeAt', { place: index + 1, rule: id }),
    }))
}

const ConditionFields: FC<{ view: View; fields: RuleFields; known: KnownValues; problems: Problems }> = ({
  view,
  fields,
  known,
  problems,
}) => {
  const { t } = view
  return (
    <Panel title={t('policy.form.when')} id="when" note={t('policy.form.whenHint')}>
      <ChoiceField
        view={view}
        name="urgency"
        label={t('policy.conditions.urgency')}
        choices={urgencies.map((value) => ({ value, text: t(`urgencies.${value}`) }))}
        values={fields.urgency ?? []}
        isMultiple
      />
      <ChoiceField
        view={view}
        name="intent"
        label={t('policy.conditions.intent')}
        choices={intents.map((value) => ({ value, text: t(`intents.${value}`) }))}
        values={fields.intent ?? []}
        isMultiple
      />
      <ChoiceField
        view={view}
        name="class"
        label={t('policy.conditions.class')}
        choices={messageClasses.map((value) => ({ value, text: t(`classes.${value}`) }))}
        values={fields.class ?? []}
        isMultiple
      />
      <ChoiceField
        view={view}
        name="profile"
        label={t('policy.conditions.profile')}
        choices={profiles.map((value) => ({ value, text: t(`profiles.${value}`) }))}
        values={fields.profile ?? []}
        isMultiple
      />
      {(['typology', 'tier'] as const).map((on) => (
        <TextField
          view={view}
          name={on}
          label={t(`policy.conditions.${on}`)}
          hint={
            known[on].length > 0
              ? t('policy.form.listHint', { known: known[on].join(', ') })
              : t('policy.form.listHintNone')
          }
          value={fields[on]?.[0] ?? ''}
          error={problems[on]}
          maxlength={1_800}
        />
      ))}
    </Panel>
  )
}

const NextFields: FC<{ view: View; one(name: string): string; problems: Problems; isLearning: boolean }> = ({
  view,
  one,
  problems,
  isLearning,
}) => {
  const { t } = view
  return (
    <Panel title={t('policy.form.next')} id="then" note={t('policy.form.nextHint')}>
      <TextField
        view={view}
        name="waterfall"
        type="number"
        min="1"
        max="1440"
        label={t('policy.form.waterfall')}
        hint={t('policy.form.waterfallHint')}
        value={one('waterfall')}
        error={problems.waterfall}
      />
      <SelectField
        view={view}
        name="fallback"
        label={t('policy.form.fallback')}
        value={one('fallback')}
        error={problems.fallback}
        choices={[
          { value: '', text: t('policy.form.fallbackNone') },
          { value: 'acted', text: t('policy.form.fallbackActed') },
          { value: 'acknowledged', text: t('policy.form.fallbackAcknowledged') },
        ]}
      />
      <div class="channel-order">
        <TextField
          view={view}
          name="after"
          type="number"
          min="1"
          label={t('policy.form.after')}
          value={one('after')}
          error={problems.after}
        />
        <SelectField
          view={view}
          name="unit"
          label={t('policy.form.unit')}
          value={one('unit') || 'days'}
          choices={[
            { value: 'minutes', text: t('policy.form.unitMinutes') },
            { value: 'hours', text: t('policy.form.unitHours') },
            { value: 'days', text: t('policy.form.unitDays') },
          ].filter(({ value }) => value in delayUnits)}
        />
      </div>
      <CheckField
        view={view}
        name="learns"
        label={t('policy.form.learns')}
        hint={t('policy.form.learnsHint')}
        isChecked={isLearning}
      />
    </Panel>
  )
}
