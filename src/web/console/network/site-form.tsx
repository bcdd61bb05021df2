import type { FC } from 'hono/jsx'
import { type SiteEntry, weekdays } from '../../../network/edit-site.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import type { View } from '../../view.ts'

interface SiteFormProps {
  view: View
  /** Left out for a new site. */
  site?: { id: string; name: string }
  entry: SiteEntry & { code?: string }
  problems?: Problems
}

/** Everything one may say of a site. */
export const SiteFormPage: FC<SiteFormProps> = ({ view, site, entry, problems = {} }) => {
  const { t } = view
  const title = site ? t('site.edit') : t('site.new')
  const back = inNetwork(view, site ? `/console/sites/${site.id}` : '/console/sites')
  const field = (name: Exclude<keyof SiteEntry, 'hours'>, more: { hint?: string; isRequired?: boolean } = {}) => (
    <TextField
      view={view}
      name={name}
      label={t(`site.fields.${name}`)}
      value={entry[name]}
      error={problems[name]}
      maxlength={200}
      {...more}
    />
  )
  return (
    <ConsolePage view={view} title={title} current="network">
      <Breadcrumb
        view={view}
        trail={[
          [t('network.sites'), inNetwork(view, '/console/sites')],
          ...(site ? [[site.name, back] as [string, string]] : []),
        ]}
      />
      <PageHeading title={title} />
      <Form
        view={view}
        action={inNetwork(view, site ? `/console/sites/${site.id}` : '/console/sites')}
        problems={problems}
      >
        {!site && (
          <TextField
            view={view}
            name="code"
            label={t('site.fields.code')}
            hint={t('site.hints.code')}
            value={entry.code}
            error={problems.code}
            maxlength={60}
            isRequired
          />
        )}
        {field('name', { isRequired: true, hint: t('site.hints.name') })}
        <div class="field-row">
          {field('typology')}
          {field('tier')}
        </div>
        <fieldset>
          <legend>{t('site.addressPart')}</legend>
          {field('addressLine1')}
          {field('addressLine2')}
          <div class="field-row">
            {field('postcode')}
            {field('city')}
          </div>
          {field('country')}
        </fieldset>
        {field('area', { hint: t('site.hints.area') })}
        <TextField
          view={view}
          name="mailbox"
          type="email"
          label={t('site.fields.mailbox')}
          hint={t('site.hints.mailbox')}
          value={entry.mailbox}
          error={problems.mailbox}
        />
        {field('timezone', { isRequired: true })}
        <fieldset aria-describedby="hours-hint">
          <legend>{t('site.hours')}</legend>
          <p class="hint" id="hours-hint">
            {t('site.hints.hours')}
          </p>
          <div class="week">
            {weekdays.map((day) => (
              <TextField
                view={view}
                name={`hours${day}`}
                label={t(`site.days.${day}`)}
                value={entry.hours?.[day]}
                error={problems[`hours${day}`]}
                maxlength={60}
              />
            ))}
          </div>
        </fieldset>
        <div class="buttons">
          <button type="submit" class="primary">
            {t('ui.save')}
          </button>
          <LinkButton href={back} text={t('ui.cancel')} kind="quiet" />
        </div>
      </Form>
    </ConsolePage>
  )
}
