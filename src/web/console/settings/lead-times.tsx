import type { FC } from 'hono/jsx'
import { defaultByPost, defaultLeadTimes, leadTimeNames, postClasses } from '../../../campaign/lead-times.ts'
import { inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { Origin } from './origin.tsx'
import { type Done, mayWrite, SettingsPage } from './settings-page.tsx'
import { ShopTimesPanel, type ShopTimesProps } from './shop-times.tsx'

const list = '/console/settings/printing'

interface LeadTimesProps {
  view: View
  values: Readonly<Record<string, string>>
  problems?: Problems
  /** From the proof to the letter box, in working days. */
  total: number
  isOwn: boolean
  shops: ShopTimesProps['shops']
  /** What was typed of a shop, and what is wrong with it. */
  typedShop?: Pick<ShopTimesProps, 'values' | 'problems'>
  done?: Done
}

/** How long paper takes: at the print shop, and in the post by its class. */
export const LeadTimesPage: FC<LeadTimesProps> = ({
  view,
  values,
  problems = {},
  total,
  isOwn,
  shops,
  typedShop,
  done,
}) => {
  const { t } = view
  const field = (name: (typeof leadTimeNames)[number] | (typeof postClasses)[number]) => (
    <TextField
      view={view}
      name={name}
      type="number"
      min="0"
      max="60"
      label={t(`settings.leadTimes.${name}`)}
      value={values[name]}
      error={problems[name]}
      isRequired
    />
  )
  return (
    <SettingsPage view={view} tab="printing" lead={t('settings.leadTimes.lead')} done={done}>
      <Form view={view} action={inNetwork(view, list)} problems={problems}>
        <Panel title={t('settings.leadTimes.shop')} id="shop" note={t('settings.leadTimes.total', { days: total })}>
          {leadTimeNames.map(field)}
          <Origin view={view} shipped={defaultLeadTimes} />
        </Panel>
        <Panel title={t('settings.leadTimes.post')} id="post" note={t('settings.leadTimes.postNote')}>
          {postClasses.map(field)}
          <Origin view={view} shipped={defaultByPost} />
        </Panel>
        <p class="note">{t('settings.leadTimes.moves')}</p>
        {mayWrite(view) && (
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
        )}
      </Form>
      {isOwn && mayWrite(view) && (
        <ActionButton action={inNetwork(view, `${list}/restore`)} text={t('settings.leadTimes.restore')} kind="quiet" />
      )}
      <ShopTimesPanel view={view} shops={shops} {...typedShop} />
    </SettingsPage>
  )
}
