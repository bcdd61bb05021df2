import type { FC } from 'hono/jsx'
import type { PossibleApprover } from '../../../approval/approvers.ts'
import type { LaunchRules } from '../../../approval/rules.ts'
import type { Seed } from '../../../approval/seeds.ts'
import { messageClasses } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, ChoiceField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

const list = '/console/settings/launching'

/** The figures of the form, in its order. */
export const numberFields = [
  'fromPeople',
  'needed',
  'deadlineHours',
  'holdSeconds',
  'urgentHoldSeconds',
  'urgentPerMonth',
  'typedFrom',
] as const

interface LaunchingProps {
  view: View
  rules: LaunchRules
  values: Readonly<Record<string, string>>
  problems?: Problems
  possible: readonly PossibleApprover[]
  seeds: readonly Seed[]
  seedProblem?: string
  seed?: string
  done?: Done
}

/** What a network asks for before a launch, and where its proofs go. */
export const LaunchingPage: FC<LaunchingProps> = (props) => {
  const { view, rules, values, problems = {}, possible, seeds, seedProblem, seed, done } = props
  const { t } = view
  const figure = (name: (typeof numberFields)[number], hint?: string) => (
    <TextField
      view={view}
      name={name}
      type="number"
      min="0"
      label={t(`life.rules.${name}`)}
      hint={hint}
      value={values[name]}
      error={problems[name]}
      isRequired
    />
  )
  return (
    <SettingsPage view={view} tab="launching" lead={t('life.rules.lead')} done={done}>
      <Panel title={t('life.rules.title')} id="rules">
        <Form view={view} action={inNetwork(view, list)} problems={problems}>
          <CheckField
            view={view}
            name="isRequired"
            label={t('life.rules.isRequired')}
            isChecked={rules.approval.isRequired}
          />
          {figure('fromPeople', t('life.rules.fromPeopleHint'))}
          <ChoiceField
            view={view}
            name="classes"
            label={t('life.rules.classes')}
            hint={t('life.rules.classesHint')}
            values={rules.approval.classes}
            choices={messageClasses.map((value) => ({ value, text: t(`classes.${value}`) }))}
            isMultiple
          />
          <ChoiceField
            view={view}
            name="approvers"
            label={t('life.rules.approvers')}
            hint={t('life.rules.approversHint')}
            values={rules.approvers}
            choices={possible.map((user) => ({ value: user.id, text: user.name }))}
            isMultiple
          />
          <CheckField view={view} name="isFourEyes" label={t('life.rules.isFourEyes')} isChecked={rules.isFourEyes} />
          {figure('needed')}
          {figure('deadlineHours')}
          {figure('holdSeconds')}
          {figure('urgentHoldSeconds')}
          {figure('urgentPerMonth', t('life.rules.urgentPerMonthHint'))}
          {figure('typedFrom')}
          {mayWrite(view) && (
            <button type="submit" class="primary">
              {t('ui.save')}
            </button>
          )}
        </Form>
      </Panel>
      <Panel title={t('life.rules.seeds')} id="seeds" note={t('life.rules.seedsNote')}>
        {seeds.length === 0 && <p class="note">{t('life.rules.seedNone')}</p>}
        <ul class="notices">
          {seeds.map(({ id, name, value, channel }) => (
            <li>
              {`${name} · ${value} · ${t(`channels.${channel}`)}`}
              {mayWrite(view) && (
                <ActionButton
                  action={inNetwork(view, `${list}/seeds/remove`)}
                  text={t('life.rules.remove')}
                  kind="quiet"
                  fields={{ seed: id }}
                />
              )}
            </li>
          ))}
        </ul>
        {mayWrite(view) && (
          <Form
            view={view}
            action={inNetwork(view, `${list}/seeds`)}
            problems={seedProblem ? { value: seedProblem } : {}}
          >
            <TextField view={view} name="name" label={t('life.rules.seedName')} maxlength={80} />
            <TextField
              view={view}
              name="value"
              label={t('life.rules.seedValue')}
              value={seed}
              error={seedProblem}
              maxlength={200}
              isRequired
            />
            <button type="submit">{t('life.rules.add')}</button>
          </Form>
        )}
      </Panel>
      <p>
        <a href={inNetwork(view, '/console/halt')}>{t('life.halt.link')}</a>
      </p>
    </SettingsPage>
  )
}
