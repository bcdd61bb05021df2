import type { FC } from 'hono/jsx'
import { comparisons, type Line, measures, subjects } from '../../../segment/builder.ts'
import { words } from '../../../segment/explain-words.ts'
import { consentStates, pointOwners } from '../../../segment/rule.ts'
import { channelNames, engagementStates, eventTypes, languages, profiles } from '../../../words.ts'
import { type Choice, ChoiceField, SelectField, TextField } from '../../ui/field.tsx'
import type { View } from '../../view.ts'

/** What the network has, to choose from. */
export interface Known {
  typology: readonly string[]
  tier: readonly string[]
  area: readonly string[]
  region: readonly string[]
  segment: readonly Choice[]
  challenge: readonly (Choice & { tiers: readonly Choice[] })[]
}

interface Props {
  view: View
  line: Line
  index: number
  known: Known
}

/** The fields of one condition, in the order one would say them. */
export const LineFields: FC<Props & { isIncomplete: boolean }> = (props) => {
  const { view, line, index, isIncomplete } = props
  const { t } = view
  const name = (field: string) => `c${index}.${field}`
  const isOfSite = ['typology', 'tier', 'area', 'region', 'site'].includes(line.kind)
  return (
    <fieldset class="condition" id={`condition-${index + 1}`}>
      <legend>{t('segments.condition', { number: index + 1, what: t(`segments.kinds.${line.kind}`) })}</legend>
      <input type="hidden" name={name('kind')} value={line.kind} />
      {isIncomplete && <p class="error">{t('segments.problems.line', { number: index + 1 })}</p>}
      <SelectField
        view={view}
        name={name('subject')}
        label={t(isOfSite ? 'segments.ofSite' : 'segments.subject')}
        value={line.subject}
        choices={
          isOfSite
            ? (['contact', 'not'] as const).map((value) => ({ value, text: t(`segments.ofSiteAnswers.${value}`) }))
            : subjects.map((value) => ({ value, text: t(`segments.subjects.${value}`) }))
        }
        isRequired
      />
      {line.subject === 'count' && (
        <TextField
          view={view}
          name={name('people')}
          label={t('segments.people')}
          type="number"
          min="1"
          value={line.people}
          isRequired
        />
      )}
      <Asked {...props} />
      <button
        type="submit"
        class="quiet remove"
        name="act"
        value={`remove.${index}`}
        aria-label={t('segments.removeLineOf', { number: index + 1 })}
      >
        {t('segments.removeLine')}
      </button>
    </fieldset>
  )
}

const Asked: FC<Props> = (props) => {
  const { view, line, index, known } = props
  const { t, language } = view
  const say = words[language]
  const name = (field: string) => `c${index}.${field}`
  const channels = channelNames.map((value) => ({ value, text: say.channels[value] }))
  const several = (choices: readonly Choice[], label = t('segments.values')) => (
    <ChoiceField view={view} name={name('values')} label={label} choices={choices} values={line.values} isMultiple />
  )
  const one = (choices: readonly Choice[], label: string) => (
    <SelectField view={view} name={name('values')} label={label} value={line.values[0]} choices={choices} isRequired />
  )
  const channel = (isRequired: boolean) => (
    <SelectField
      view={view}
      name={name('channel')}
      label={t('segments.channel')}
      value={line.channel}
      choices={isRequired ? channels : [{ value: '', text: t('segments.anyChannel') }, ...channels]}
      isRequired
    />
  )
  if (line.kind === 'profile') return several(profiles.map((value) => ({ value, text: say.profiles[value] })))
  if (line.kind === 'language')
    return several(languages.map((value) => ({ value, text: value === 'fr' ? 'Français' : 'English' })))
  if (line.kind === 'engagement')
    return (
      <>
        {several(engagementStates.map((value) => ({ value, text: say.engagements[value] })))}
        {channel(false)}
      </>
    )
  if (line.kind === 'consent')
    return (
      <>
        {several(consentStates.map((value) => ({ value, text: say.consents[value] })))}
        {channel(true)}
      </>
    )
  if (line.kind === 'reachable') return one(channels, t('segments.channel'))
  if (line.kind === 'segment') return one(known.segment, t('segments.name'))
  if (line.kind === 'event')
    return (
      <>
        {one(
          eventTypes.map((value) => ({ value, text: say.events[value] })),
          t('segments.event'),
        )}
        <TextField
          view={view}
          name={name('times')}
          label={t('segments.times')}
          type="number"
          min="1"
          value={line.times}
          isRequired
        />
        <Days {...props} />
      </>
    )
  if (line.kind === 'challenge') return <Points {...props} />
  if (line.kind === 'lastActivity') return <Days {...props} />
  if (line.kind === 'attribute' || line.kind === 'site') return <Fact {...props} />
  return <Listed {...props} choices={known[line.kind]} />
}

/** The challenge, whose points, and the tiers of the one that is chosen; of all where none is yet. */
const Points: FC<Props> = ({ view, line, index, known }) => {
  const { t } = view
  const name = (field: string) => `c${index}.${field}`
  const chosen = known.challenge.filter(({ value }) => value === line.name)
  const tiers = new Map(
    [...(chosen.length > 0 ? chosen : known.challenge), { tiers: line.values.map((value) => ({ value, text: value })) }]
      .flatMap((one) => one.tiers)
      .toReversed()
      .map((tier) => [tier.value, tier.text]),
  )
  const named = known.challenge.map(({ value, text }) => ({ value, text }))
  const isKnown = line.name === '' || named.some(({ value }) => value === line.name)
  return (
    <>
      <SelectField
        view={view}
        name={name('name')}
        label={t('segments.challenge')}
        value={line.name}
        choices={isKnown ? named : [...named, { value: line.name, text: line.name }]}
        isRequired
      />
      <SelectField
        view={view}
        name={name('of')}
        label={t('segments.pointsOf')}
        value={line.of}
        choices={pointOwners.map((value) => ({ value, text: t(`segments.pointOwners.${value}`) }))}
        isRequired
      />
      <SelectField
        view={view}
        name={name('measure')}
        label={t('segments.measure')}
        value={line.measure}
        choices={(tiers.size > 0 ? measures : (['points'] as const)).map((value) => ({
          value,
          text: t(`segments.measures.${value}`),
        }))}
        isRequired
      />
      {tiers.size > 0 && (
        <ChoiceField
          view={view}
          name={name('values')}
          label={t('segments.tiers')}
          choices={[...tiers].toReversed().map(([value, text]) => ({ value, text }))}
          values={line.values}
          isMultiple
        />
      )}
      <TextField
        view={view}
        name={name('times')}
        label={t('segments.leastPoints')}
        hint={t('segments.leastPointsHint')}
        type="number"
        min="0"
        value={line.times}
      />
    </>
  )
}

const Days: FC<Props> = ({ view, line, index }) => (
  <TextField
    view={view}
    name={`c${index}.days`}
    label={view.t('segments.days')}
    hint={view.t(line.kind === 'event' ? 'segments.daysHint' : 'segments.daysNeeded')}
    type="number"
    min="1"
    value={line.days}
    isRequired={line.kind !== 'event'}
  />
)

const Fact: FC<Props> = ({ view, line, index }) => {
  const { t } = view
  return (
    <>
      <TextField
        view={view}
        name={`c${index}.name`}
        label={t('segments.attributeName')}
        value={line.name}
        maxlength={200}
        isRequired
      />
      <SelectField
        view={view}
        name={`c${index}.compare`}
        label={t('segments.compare')}
        value={line.compare}
        choices={comparisons.map((value) => ({ value, text: t(`segments.comparisons.${value}`) }))}
        isRequired
      />
      <TextField
        view={view}
        name={`c${index}.values`}
        label={t('segments.value')}
        hint={t('segments.valueHint')}
        value={line.values[0] ?? ''}
        maxlength={200}
      />
    </>
  )
}

/** Values of a column of the partner file: ticked where they are few and known, typed otherwise. */
const Listed: FC<Props & { choices: readonly string[] }> = ({ view, line, index, choices }) => {
  const all = [...new Set([...choices, ...line.values])]
  const label = view.t('segments.values')
  if (all.length === 0 || all.length > 30)
    return (
      <TextField
        view={view}
        name={`c${index}.typed`}
        label={label}
        hint={view.t('segments.valuesHint')}
        value={line.values.join(', ')}
        isRequired
      />
    )
  return (
    <ChoiceField
      view={view}
      name={`c${index}.values`}
      label={label}
      choices={all.map((value) => ({ value, text: value }))}
      values={line.values}
      isMultiple
    />
  )
}
