import type { FC } from 'hono/jsx'
import { monthlyCents, type SmicReference, smicReferences } from '../../../challenge/reward/smic.ts'
import type { smicRowsOf } from '../../../challenge/reward/smic-settings.ts'
import { thresholdsOf } from '../../../challenge/reward/urssaf.ts'
import { inNetwork } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { Origin, OriginFields, RestoreButton } from './origin.tsx'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'

/** The figures rewards are compared with: the minimum wage by date, and which of a year counts. */
export const RewardSettingsPage: FC<{
  view: View
  rows: ReturnType<typeof smicRowsOf>
  reference: SmicReference
  values: Readonly<Record<string, string>>
  problems?: Problems
  done?: Done
}> = ({ view, rows, reference, values, problems = {}, done }) => {
  const { t, formats } = view
  const path = '/console/settings/rewards'
  const money = (cents: number) => formats.money(cents, 'EUR')
  const day = (date: string) => formats.date(new Date(`${date}T12:00:00Z`))
  return (
    <SettingsPage view={view} tab="rewards" lead={t('settings.smic.lead')} done={done}>
      <p>
        <strong>{t('rewards.disclaimer')}</strong>
      </p>
      <Panel
        id="smic"
        title={t('settings.smic.title')}
        note={t('settings.smic.note')}
        action={<LinkButton href={inNetwork(view, '/console/rewards')} text={t('rewards.openYear')} />}
      >
        <DataTable
          view={view}
          caption={t('settings.smic.title')}
          rows={rows}
          url={() => inNetwork(view, path)}
          empty={t('ui.none')}
          columns={[
            { key: 'from', head: t('settings.smic.from'), cell: ({ row }) => day(row.from) },
            {
              key: 'hourly',
              head: t('settings.smic.hourly'),
              isNumber: true,
              cell: ({ row }) => money(row.hourlyCents),
            },
            {
              key: 'monthly',
              head: t('settings.smic.monthly'),
              isNumber: true,
              cell: ({ row }) => money(monthlyCents(row.hourlyCents)),
            },
            {
              key: 'free',
              head: t('settings.smic.free'),
              isNumber: true,
              cell: ({ row }) => money(thresholdsOf(monthlyCents(row.hourlyCents)).freeCents),
            },
            {
              key: 'flat',
              head: t('settings.smic.flat'),
              isNumber: true,
              cell: ({ row }) => money(thresholdsOf(monthlyCents(row.hourlyCents)).flatCents),
            },
            {
              key: 'origin',
              head: t('settings.origin.title'),
              cell: ({ row, own, shipped }) => (
                <Origin view={view} shipped={shipped ?? row} own={own && { ...own, value: own.hourlyCents }} />
              ),
            },
            ...(mayWrite(view)
              ? [
                  {
                    key: 'edit',
                    head: t('ui.actions'),
                    cell: ({ row, own }: (typeof rows)[number]) => (
                      <>
                        <a href={`${inNetwork(view, path)}&from=${row.from}#set`}>{t('ui.edit')}</a>
                        {own && <RestoreButton view={view} path={`${path}/remove`} fields={{ from: row.from }} />}
                      </>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      {mayWrite(view) && (
        <>
          <Panel id="set" title={t('settings.smic.set')} note={t('settings.smic.setNote')}>
            <Form view={view} action={inNetwork(view, path)} problems={problems}>
              <TextField
                view={view}
                name="from"
                type="date"
                label={t('settings.smic.from')}
                value={values.from}
                error={problems.from}
                isRequired
              />
              <TextField
                view={view}
                name="hourly"
                label={t('settings.smic.hourlyUnits')}
                hint={t('settings.smic.hourlyHint')}
                value={values.hourly}
                error={problems.hourly}
                maxlength={8}
                isRequired
              />
              <OriginFields view={view} values={values} problems={problems} />
              <button type="submit" class="primary">
                {t('ui.save')}
              </button>
            </Form>
          </Panel>
          <Panel id="reference" title={t('settings.smic.reference')} note={t('settings.smic.referenceNote')}>
            <Form view={view} action={inNetwork(view, `${path}/reference`)}>
              <SelectField
                view={view}
                name="reference"
                label={t('settings.smic.reference')}
                choices={smicReferences.map((one) => ({ value: one, text: t(`rewards.reference.${one}`) }))}
                value={reference}
                isRequired
              />
              <button type="submit">{t('ui.save')}</button>
            </Form>
          </Panel>
        </>
      )}
    </SettingsPage>
  )
}
