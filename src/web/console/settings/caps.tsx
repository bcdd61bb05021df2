import type { FC } from 'hono/jsx'
import type { DailyBudget } from '../../../network/change-settings.ts'
import type { Cap, Override } from '../../../network/routing-settings.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Origin, OriginFields, RestoreButton } from './origin.tsx'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

export type CapsFields = Readonly<Record<string, string>>

interface CapsProps {
  view: View
  own?: Override<Cap[]>
  budget?: DailyBudget
  currency: string
  /** What has been spent on the network's day, in thousandths of a minor unit. */
  spentMillis: number
  values: CapsFields
  problems?: Problems
  budgetValues: CapsFields
  budgetProblems?: Problems
  done?: Done
}

/** A cap in words: “SMS, par personne, sur 7 jours”. */
export const capText = ({ t }: View, { channel, subject, days }: Cap): string =>
  t('settings.caps.row', {
    channel: channel === 'any' ? t('settings.caps.any') : t(`channels.${channel}`),
    subject: t(`settings.caps.${subject}`),
    count: days,
  })

/** How much is enough: messages a person or a site may get, and money a day may cost. */
export const CapsPage: FC<CapsProps> = (props) => {
  const { view, own, values, problems = {}, done } = props
  const { t } = view
  const shipped = defaultPolicy.values.caps
  const caps = own?.value ?? shipped.value
  return (
    <SettingsPage view={view} tab="caps" lead={t('settings.caps.lead')} done={done}>
      <Panel
        title={t('settings.caps.title')}
        id="caps"
        note={t('settings.caps.note')}
        action={own && mayWrite(view) && <RestoreButton view={view} path="/console/settings/caps/restore" />}
      >
        <DataTable
          view={view}
          caption={t('settings.caps.title')}
          rows={caps.map((cap, index) => ({ cap, standard: shipped.value[index] }))}
          url={() => inNetwork(view, '/console/settings/caps')}
          empty={t('ui.none')}
          columns={[
            { key: 'cap', head: t('settings.caps.what'), cell: ({ cap }) => capText(view, cap) },
            {
              key: 'max',
              head: t('settings.caps.max'),
              cell: ({ cap }) => view.formats.number(cap.max),
              isNumber: true,
            },
            {
              key: 'standard',
              head: t('settings.caps.standard'),
              cell: ({ standard }) => (standard ? view.formats.number(standard.max) : '–'),
              isNumber: true,
            },
          ]}
        />
        <Origin view={view} shipped={shipped} own={own} />
        {mayWrite(view) && (
          <details open={Object.keys(problems).length > 0}>
            <summary class="button">{t('settings.caps.edit')}</summary>
            <Form view={view} action={inNetwork(view, '/console/settings/caps')} problems={problems}>
              {caps.map((cap, index) => (
                <TextField
                  view={view}
                  name={`max-${index}`}
                  type="number"
                  min="0"
                  max="1000"
                  label={capText(view, cap)}
                  value={values[`max-${index}`]}
                  error={problems[`max-${index}`]}
                  isRequired
                />
              ))}
              <OriginFields view={view} values={values} problems={problems} />
              <button type="submit" class="primary">
                {t('ui.save')}
              </button>
            </Form>
          </details>
        )}
      </Panel>
      <BudgetPanel props={props} />
    </SettingsPage>
  )
}

const BudgetPanel: FC<{ props: CapsProps }> = ({
  props: { view, budget, currency, spentMillis, budgetValues, budgetProblems = {} },
}) => {
  const { t, formats } = view
  return (
    <Panel title={t('settings.budget.title')} id="budget" note={t('settings.budget.note')}>
      <p>
        {budget
          ? t('settings.budget.now', {
              limit: formats.moneyOfMillis(budget.millis, currency),
              spent: formats.moneyOfMillis(spentMillis, currency),
            })
          : t('settings.budget.none', { spent: formats.moneyOfMillis(spentMillis, currency) })}
      </p>
      {mayWrite(view) && (
        <>
          <Form view={view} action={inNetwork(view, '/console/settings/budget')} problems={budgetProblems}>
            <TextField
              view={view}
              name="amount"
              label={t('settings.budget.amount', { currency })}
              hint={t('settings.budget.hint')}
              value={budgetValues.amount}
              error={budgetProblems.amount}
              maxlength={12}
              isRequired
            />
            <button type="submit" class="primary">
              {t('ui.save')}
            </button>
          </Form>
          {budget && (
            <ActionButton
              action={inNetwork(view, '/console/settings/budget/restore')}
              text={t('settings.budget.remove')}
              kind="quiet"
            />
          )}
        </>
      )}
    </Panel>
  )
}
