import type { FC } from 'hono/jsx'
import { leadTimeNames, type ShopTimes } from '../../../campaign/lead-times.ts'
import { inNetwork } from '../../in-network.ts'
import { TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { mayWrite } from './settings-page.tsx'

const list = '/console/settings/printing'

interface ShopRow {
  name: string
  times: ShopTimes
}

export interface ShopTimesProps {
  view: View
  shops: readonly ShopRow[]
  values?: Readonly<Record<string, string>>
  problems?: Problems
}

/** Print shops whose days are others than the network's, and the form that sets them. */
export const ShopTimesPanel: FC<ShopTimesProps> = ({ view, shops, values = {}, problems = {} }) => {
  const { t } = view
  return (
    <Panel title={t('settings.leadTimes.shops')} id="shops" note={t('settings.leadTimes.shopsNote')}>
      <DataTable
        view={view}
        caption={t('settings.leadTimes.shops')}
        rows={shops}
        url={() => inNetwork(view, list)}
        empty={<p>{t('settings.leadTimes.noShops')}</p>}
        columns={[
          { key: 'name', head: t('settings.leadTimes.shopName'), cell: (row: ShopRow) => row.name },
          {
            key: 'days',
            head: t('settings.leadTimes.ownDays'),
            cell: ({ times }: ShopRow) => (
              <ul class="plain-list">
                {leadTimeNames.flatMap((name) => {
                  const days = times[name]
                  return days === undefined
                    ? []
                    : [
                        <li>
                          {t('settings.leadTimes.ownDay', { what: t(`settings.leadTimes.${name}`), count: days })}
                        </li>,
                      ]
                })}
              </ul>
            ),
          },
          ...(mayWrite(view)
            ? [
                {
                  key: 'remove',
                  head: t('ui.actions'),
                  cell: (row: ShopRow) => (
                    <ActionButton
                      action={inNetwork(view, `${list}/shops/remove`)}
                      text={t('ui.remove')}
                      kind="quiet"
                      fields={{ shop: row.name }}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
      {mayWrite(view) && (
        <Form view={view} action={inNetwork(view, `${list}/shops`)} problems={problems}>
          <TextField
            view={view}
            name="shop"
            label={t('settings.leadTimes.shopName')}
            hint={t('settings.leadTimes.shopHint')}
            value={values.shop}
            error={problems.shop}
            maxlength={60}
            isRequired
          />
          {leadTimeNames.map((name) => (
            <TextField
              view={view}
              name={`shop.${name}`}
              type="number"
              min="0"
              max="60"
              label={t(`settings.leadTimes.${name}`)}
              value={values[`shop.${name}`]}
              error={problems[`shop.${name}`]}
            />
          ))}
          <button type="submit">{t('settings.leadTimes.setShop')}</button>
        </Form>
      )}
    </Panel>
  )
}
