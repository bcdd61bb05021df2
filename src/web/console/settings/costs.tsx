import type { FC } from 'hono/jsx'
import type { Override } from '../../../network/routing-settings.ts'
import type { Dated } from '../../../routing/types.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Origin, OriginFields, RestoreButton } from './origin.tsx'
import { countryName } from './places-text.ts'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

/** One price: of an SMS part (everywhere, or to a country), an e-mail, a letter. */
export interface CostRow {
  /** As in the address: sms, sms-BE, email, print. */
  item: string
  millis: number
  /** The shipped price, where there is one for this very row. */
  shippedMillis?: number
  shipped: Pick<Dated<unknown>, 'source' | 'status' | 'checkedOn'>
  own?: Override<number>
}

export const costName = (view: View, item: string): string => {
  const { t } = view
  if (item === 'email') return t('settings.costs.email')
  if (item === 'print') return t('settings.costs.print')
  if (item === 'sms') return t('settings.costs.sms')
  return t('settings.costs.smsTo', { country: countryName(view, item.slice('sms-'.length)) })
}

const unitOf = ({ t }: View, item: string): string =>
  item === 'email'
    ? t('settings.costs.unitEmail')
    : item === 'print'
      ? t('settings.costs.unitPrint')
      : t('settings.costs.unitSms')

/** What messages cost: the plans, the day's budget and the choice of a channel reckon with these. */
export const CostsPage: FC<{
  view: View
  currency: string
  rows: readonly CostRow[]
  newCountry?: string
  problems?: Problems
  done?: Done
}> = ({ view, currency, rows, newCountry, problems = {}, done }) => {
  const { t, formats } = view
  return (
    <SettingsPage view={view} tab="costs" lead={t('settings.costs.lead')} done={done}>
      <Panel title={t('settings.costs.title')} id="costs" note={t('settings.costs.note')}>
        <DataTable
          view={view}
          caption={t('settings.costs.title')}
          rows={rows}
          url={() => inNetwork(view, '/console/settings/costs')}
          empty={t('ui.none')}
          columns={[
            { key: 'item', head: t('settings.costs.what'), cell: (row) => costName(view, row.item) },
            {
              key: 'value',
              head: t('settings.costs.price'),
              cell: (row) => formats.moneyOfMillis(row.millis, currency),
              isNumber: true,
            },
            { key: 'unit', head: t('settings.costs.unit'), cell: (row) => unitOf(view, row.item) },
            {
              key: 'standard',
              head: t('settings.caps.standard'),
              cell: (row) =>
                row.shippedMillis === undefined ? '–' : formats.moneyOfMillis(row.shippedMillis, currency),
              isNumber: true,
            },
            {
              key: 'origin',
              head: t('settings.origin.title'),
              cell: (row) => <Origin view={view} shipped={row.shipped} own={row.own} />,
            },
            ...(mayWrite(view)
              ? [
                  {
                    key: 'edit',
                    head: t('ui.actions'),
                    cell: (row: CostRow) => (
                      <>
                        <a href={inNetwork(view, `/console/settings/costs/${row.item}`)}>{t('ui.edit')}</a>
                        {row.own && <RestoreButton view={view} path={`/console/settings/costs/${row.item}/restore`} />}
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
        <p class="note">{t('settings.costs.free')}</p>
        {mayWrite(view) && (
          <Form view={view} action={inNetwork(view, '/console/settings/costs')} problems={problems}>
            <TextField
              view={view}
              name="country"
              label={t('settings.costs.addCountry')}
              hint={t('settings.newNetwork.countryHint')}
              value={newCountry}
              error={problems.country}
              maxlength={60}
              isRequired
            />
            <button type="submit">{t('settings.costs.add')}</button>
          </Form>
        )}
      </Panel>
    </SettingsPage>
  )
}

/** One price, with its source and date. */
export const CostFormPage: FC<{
  view: View
  currency: string
  row: CostRow
  values: Readonly<Record<string, string>>
  problems?: Problems
}> = ({ view, currency, row, values, problems = {} }) => {
  const { t } = view
  return (
    <SettingsPage view={view} tab="costs" title={costName(view, row.item)}>
      <Origin view={view} shipped={row.shipped} own={row.own} />
      <Form view={view} action={inNetwork(view, `/console/settings/costs/${row.item}`)} problems={problems}>
        <TextField
          view={view}
          name="amount"
          label={t('settings.costs.amount', { currency, unit: unitOf(view, row.item) })}
          hint={t('settings.costs.hint')}
          value={values.amount}
          error={problems.amount}
          maxlength={12}
          isRequired
        />
        <OriginFields view={view} values={values} problems={problems} />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
          <LinkButton href={inNetwork(view, '/console/settings/costs')} text={t('ui.cancel')} />
        </div>
      </Form>
    </SettingsPage>
  )
}
