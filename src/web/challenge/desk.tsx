import type { FC } from 'hono/jsx'
import type { DeskOutcome } from '../../challenge/desk/act.ts'
import type { Desk, DeskCriterion } from '../../challenge/desk/desk.ts'
import { newId } from '../../db/index.ts'
import { CheckField, SelectField, TextArea, TextField } from '../ui/field.tsx'
import { ActionButton, Form } from '../ui/form.tsx'
import { Flash } from '../ui/notice.tsx'
import { OwnStanding } from '../ui/own-standing.tsx'
import type { View } from '../view.ts'
import { EndingParts } from './ending.tsx'

interface DeskProps {
  view: View
  desk: Desk
  action: string
  outcome?: DeskOutcome
  /** Says which of several one acts as. */
  fields?: Readonly<Record<string, string>>
}

/** What became of the last act, in one sentence. */
export const OutcomeLine: FC<{ view: View; outcome?: DeskOutcome }> = ({ view: { t }, outcome }) => {
  if (!outcome) return null
  if (outcome.is === 'refused') return <Flash tone="bad">{t(`challenge.refused.${outcome.code}`)}</Flash>
  return <Flash tone="good">{t(`challenge.outcome.${outcome.is}`)}</Flash>
}

const Hidden: FC<{ fields?: Readonly<Record<string, string>> }> = ({ fields = {} }) => (
  <>
    {Object.entries(fields).map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
)

/** A participant’s own page of a challenge: register, objectives, tell a result, statement of points. */
export const DeskParts: FC<DeskProps> = ({ view, desk, action, outcome, fields }) => {
  const { t, formats } = view
  const { participant, points } = desk
  const isIn = participant?.status === 'registered'
  return (
    <>
      <h1>{desk.title}</h1>
      <p class="note">{t('challenge.who', { name: desk.name })}</p>
      <OutcomeLine view={view} outcome={outcome} />
      {isIn ? (
        <>
          <p class="desk-points">{t('challenge.points', { count: points?.points ?? 0 })}</p>
          <p class="note">{t('challenge.isIn', { when: formats.date(participant.registeredAt) })}</p>
        </>
      ) : desk.closed ? (
        outcome?.is === 'refused' ? null : (
          <Flash tone="warning">{t(`challenge.refused.${desk.closed}`)}</Flash>
        )
      ) : (
        <Form view={view} action={action}>
          <Hidden fields={{ ...fields, act: 'register' }} />
          {desk.terms ? (
            <>
              <h2>{t('challenge.terms')}</h2>
              <p>{desk.terms}</p>
              <CheckField view={view} name="agree" label={t('challenge.agree')} isChecked />
            </>
          ) : (
            <input type="hidden" name="agree" value="on" />
          )}
          <button type="submit" class="primary wide">
            {t('siteId' in desk.subject ? 'challenge.registerCompany' : 'challenge.register')}
          </button>
        </Form>
      )}
      {desk.ending && <EndingParts view={view} ending={desk.ending} action={action} fields={fields ?? {}} />}
      {desk.standing && <OwnStanding view={view} themeName={desk.challenge.rules.theme} standing={desk.standing} />}
      <Objectives view={view} desk={desk} />
      {isIn && desk.isOpenForResults && desk.criteria.length > 0 ? (
        <TellForm view={view} desk={desk} action={action} fields={fields} />
      ) : null}
      {participant ? <Told view={view} desk={desk} /> : null}
      {isIn ? (
        <details>
          <summary>{t('challenge.leave')}</summary>
          <p class="note">{t('challenge.leaveNote')}</p>
          <ActionButton
            action={action}
            text={t('challenge.leave')}
            kind="danger"
            fields={{ ...fields, act: 'leave' }}
          />
        </details>
      ) : null}
    </>
  )
}

/** A calendar day, whichever zone the reader is in. */
export const dayText = ({ formats }: View, day: string): string => formats.date(new Date(`${day}T12:00:00Z`))

const Objectives: FC<{ view: View; desk: Desk }> = ({ view: { t }, desk: { criteria } }) =>
  criteria.length === 0 ? null : (
    <section aria-labelledby="objectives">
      <h2 id="objectives">{t('challenge.objectives')}</h2>
      <ul class="desk-list">
        {criteria.map(({ title, unit, points, target, done, sentence }) => (
          <li>
            <strong>{title}</strong>
            <span>
              {target === undefined
                ? t('challenge.done', { done, unit })
                : unit === title
                  ? t('challenge.progressBare', { done, target })
                  : t('challenge.progress', { done, target, unit })}
            </span>
            {target === undefined ? null : <progress max={target} value={Math.min(done, target)} aria-label={title} />}
            <small class="note">{t('challenge.each', { points })}</small>
            {sentence ? <small class="note">{sentence}</small> : null}
          </li>
        ))}
      </ul>
    </section>
  )

const TellForm: FC<Omit<DeskProps, 'outcome'>> = ({ view, desk, action, fields }) => {
  const { t } = view
  const needing = desk.criteria.filter(({ evidence }) => evidence !== undefined)
  return (
    <section aria-labelledby="tell">
      <h2 id="tell">{t('challenge.tell')}</h2>
      <Form view={view} action={action} isMultipart>
        <Hidden fields={{ ...fields, act: 'result', key: newId() }} />
        <SelectField
          view={view}
          name="criterion"
          label={t('challenge.criterion')}
          choices={desk.criteria.map(({ name, title }) => ({ value: name, text: title }))}
          isRequired
        />
        <TextField
          view={view}
          name="quantity"
          type="number"
          min="1"
          step="1"
          label={t('challenge.quantity')}
          value="1"
          isRequired
        />
        <TextField
          view={view}
          name="doneOn"
          type="date"
          label={t('challenge.doneOn')}
          value={desk.today}
          min={desk.firstDay}
          max={desk.today}
          isRequired
        />
        <TextField view={view} name="reference" label={t('challenge.reference')} maxlength={60} />
        <TextArea view={view} name="statement" label={t('challenge.statement')} rows={2} maxlength={2000} />
        <TextField
          view={view}
          name="evidence"
          type="file"
          accept="image/jpeg,image/png,application/pdf"
          label={t('challenge.evidence')}
          hint={[
            t('challenge.evidenceHint'),
            ...needing.map((one) => `${one.title}${t('colon')} ${needs(view, one)}`),
          ].join(' ')}
        />
        <button type="submit" class="primary wide">
          {t('challenge.send')}
        </button>
      </Form>
    </section>
  )
}

const needs = ({ t }: View, { evidence = [] }: DeskCriterion) =>
  t('challenge.needs', { kinds: evidence.map((kind) => t(`challenge.kinds.${kind}`)).join(', ') })

const Told: FC<{ view: View; desk: Desk }> = ({ view, desk }) => {
  const { t, formats } = view
  const titleOf = (name: string) => desk.criteria.find((one) => one.name === name)?.title ?? name
  return (
    <>
      <section aria-labelledby="told">
        <h2 id="told">{t('challenge.results')}</h2>
        {desk.results.length === 0 ? <p class="note">{t('challenge.noResults')}</p> : null}
        <ul class="desk-list">
          {desk.results.map(({ criterion, quantity, doneOn, status, reason }) => (
            <li>
              <strong>{`${formats.number(quantity)} · ${titleOf(criterion)}`}</strong>
              <span>{`${dayText(view, doneOn)} · ${t(`challenge.status.${status}`)}`}</span>
              {reason ? <small class="note">{reason}</small> : null}
            </li>
          ))}
        </ul>
      </section>
      <section aria-labelledby="points">
        <h2 id="points">{t('challenge.statementTitle')}</h2>
        {desk.statement.length === 0 ? (
          <p class="note">{t('challenge.noStatement')}</p>
        ) : (
          <ul class="desk-list">
            {desk.statement.map(({ day, points, criterion, reason }) => (
              <li>
                <strong>{`${points > 0 ? '+' : '−'}${formats.number(Math.abs(points))}`}</strong>
                <span>{`${dayText(view, day)} · ${titleOf(criterion)} · ${t(`challenge.reasons.${reason as 'counted'}`)}`}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  )
}
