import type { FC } from 'hono/jsx'
import { reasonCodes } from '../../../routing/codes.ts'
import { caseConsents, caseMeans, consentStates } from '../../../routing/policy-case.ts'
import { channelNames, intents, languages, messageClasses, profiles, urgencies } from '../../../words.ts'
import { inNetwork } from '../../layout.tsx'
import { CheckField, type Choice, ChoiceField, SelectField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { countryName } from '../settings/places-text.ts'
import { caseCountries, outcomes, quietChoices } from './case-fields.ts'
import { reasonName } from './case-words.tsx'
import { home, PolicyPage } from './policy-page.tsx'
import type { RuleFields } from './rule-fields.ts'

interface CaseFormProps {
  view: View
  /** Undefined for a new case. */
  id?: string
  title: string
  fields: RuleFields
  /** The ids of the rules a case can expect. */
  rules: readonly string[]
  problems?: Problems
}

interface Part {
  view: View
  fields: RuleFields
  problems: Problems
}

/** One test case: the message, the person, the moment, and what must come of them. */
export const CaseFormPage: FC<CaseFormProps> = ({ view, id, title, fields, rules, problems = {} }) => {
  const { t } = view
  const part = { view, fields, problems }
  return (
    <PolicyPage
      view={view}
      tab="cases"
      title={title}
      action={
        id !== undefined && (
          <ActionButton
            action={inNetwork(view, `${home}/cases/${id}/remove`)}
            text={t('policy.casesPage.remove')}
            kind="danger"
          />
        )
      }
    >
      <Form
        view={view}
        action={inNetwork(view, id === undefined ? `${home}/new-case` : `${home}/cases/${id}`)}
        problems={problems}
      >
        <TextField
          view={view}
          name="name"
          label={t('policy.casesPage.name')}
          value={fields.name?.[0] ?? ''}
          error={problems.name}
          maxlength={120}
          isRequired
        />
        <MessagePart {...part} />
        <PersonPart {...part} />
        <ExpectedPart {...part} rules={rules} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
          <LinkButton href={inNetwork(view, `${home}/cases`)} text={t('ui.cancel')} />
        </div>
      </Form>
    </PolicyPage>
  )
}

const Select: FC<Part & { name: string; label: string; choices: readonly Choice[]; isRequired?: boolean }> = ({
  view,
  fields,
  problems,
  name,
  ...field
}) => <SelectField view={view} name={name} value={fields[name]?.[0] ?? ''} error={problems[name]} {...field} />

const MessagePart: FC<Part> = (part) => {
  const { t } = part.view
  return (
    <Panel title={t('policy.casesPage.message')} id="message">
      <div class="channel-order">
        <Select
          {...part}
          name="class"
          label={t('policy.casesPage.class')}
          choices={messageClasses.map((value) => ({ value, text: t(`classes.${value}`) }))}
          isRequired
        />
        <Select
          {...part}
          name="urgency"
          label={t('policy.conditions.urgency')}
          choices={urgencies.map((value) => ({ value, text: t(`urgencies.${value}`) }))}
          isRequired
        />
        <Select
          {...part}
          name="intent"
          label={t('policy.conditions.intent')}
          choices={intents.map((value) => ({ value, text: t(`intents.${value}`) }))}
          isRequired
        />
        <Select
          {...part}
          name="onQuiet"
          label={t('policy.casesPage.onQuiet')}
          choices={quietChoices.map((value) => ({ value, text: t(`policy.casesPage.quiet.${value}`) }))}
          isRequired
        />
      </div>
      <CheckField
        view={part.view}
        name="asksReply"
        label={t('policy.casesPage.asksReply')}
        isChecked={part.fields.asksReply?.[0] === 'on'}
      />
      <ChoiceField
        view={part.view}
        name="fixed"
        label={t('policy.casesPage.fixed')}
        choices={channelNames.map((value) => ({ value, text: t(`channels.${value}`) }))}
        values={part.fields.fixed ?? []}
        isMultiple
      />
    </Panel>
  )
}

const PersonPart: FC<Part> = (part) => {
  const { view, fields, problems } = part
  const { t } = view
  const countries = [...new Set([...caseCountries, ...(fields.country ?? [])])].filter((code) =>
    /^[A-Z]{2}$/.test(code),
  )
  return (
    <Panel title={t('policy.casesPage.person')} id="person">
      <div class="channel-order">
        <Select
          {...part}
          name="profile"
          label={t('policy.conditions.profile')}
          choices={profiles.map((value) => ({ value, text: t(`profiles.${value}`) }))}
          isRequired
        />
        <Select
          {...part}
          name="language"
          label={t('policy.casesPage.language')}
          choices={languages.map((value) => ({ value, text: t(`languages.${value}`) }))}
          isRequired
        />
        <Select
          {...part}
          name="country"
          label={t('policy.casesPage.country')}
          choices={countries.map((value) => ({ value, text: countryName(view, value) }))}
          isRequired
        />
        <Select
          {...part}
          name="preferred"
          label={t('policy.casesPage.preferred')}
          choices={[
            { value: '', text: t('policy.casesPage.noPreference') },
            ...channelNames.map((value) => ({ value, text: t(`channels.${value}`) })),
          ]}
        />
        {(['typology', 'tier'] as const).map((name) => (
          <TextField
            view={view}
            name={name}
            label={t(`policy.conditions.${name}`)}
            value={fields[name]?.[0] ?? ''}
            error={problems[name]}
            maxlength={120}
          />
        ))}
      </div>
      <ChoiceField
        view={view}
        name="reachableBy"
        label={t('policy.casesPage.means')}
        choices={caseMeans.map((value) => ({ value, text: t(`policy.casesPage.mean.${value}`) }))}
        values={fields.reachableBy ?? []}
        isMultiple
      />
      <div class="channel-order">
        {caseConsents.map((channel) => (
          <Select
            {...part}
            name={`consent-${channel}`}
            label={t('policy.casesPage.consent', { channel: t(`channels.${channel}`) })}
            choices={[
              { value: '', text: t('policy.casesPage.consents.silent') },
              ...consentStates.map((value) => ({ value, text: t(`policy.casesPage.consents.${value}`) })),
            ]}
          />
        ))}
        <TextField
          view={view}
          name="at"
          type="datetime-local"
          label={t('policy.casesPage.at')}
          value={fields.at?.[0] ?? ''}
          error={problems.at}
          isRequired
        />
      </div>
    </Panel>
  )
}

const ExpectedPart: FC<Part & { rules: readonly string[] }> = ({ rules, ...part }) => {
  const { view, fields } = part
  const { t } = view
  const any = { value: '', text: t('policy.casesPage.any') }
  const known = [...new Set([...rules, ...(fields.rule ?? [])])].filter((rule) => rule !== '')
  return (
    <Panel title={t('policy.casesPage.what')} id="expected">
      <div class="channel-order">
        <Select
          {...part}
          name="outcome"
          label={t('policy.casesPage.outcomeField')}
          choices={outcomes.map((value) => ({ value, text: t(`policy.casesPage.outcome.${value}`) }))}
          isRequired
        />
        <Select
          {...part}
          name="channel"
          label={t('policy.casesPage.channel')}
          choices={[any, ...channelNames.map((value) => ({ value, text: t(`channels.${value}`) }))]}
        />
        <Select
          {...part}
          name="rule"
          label={t('policy.casesPage.rule')}
          choices={[any, ...known.map((value) => ({ value, text: value }))]}
        />
        <Select
          {...part}
          name="reason"
          label={t('policy.casesPage.reason')}
          choices={[any, ...reasonCodes.map((value) => ({ value, text: reasonName(view, value) }))]}
        />
      </div>
    </Panel>
  )
}
