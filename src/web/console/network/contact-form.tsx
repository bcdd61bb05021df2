import type { FC } from 'hono/jsx'
import type { ContactEntry } from '../../../network/edit-contact.ts'
import { channelNames, languages, profiles } from '../../../words.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { CheckField, SelectField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import type { View } from '../../view.ts'

interface ContactFormProps {
  view: View
  /** Left out for a new contact. */
  contact?: { id: string; name: string }
  site: { id: string; name: string }
  entry: ContactEntry
  problems?: Problems
  /** The one who is there already under this name. */
  existingId?: string
}

/** Everything one may say of a person. */
export const ContactFormPage: FC<ContactFormProps> = ({ view, contact, site, entry, problems = {}, existingId }) => {
  const { t } = view
  const title = contact ? t('contact.editTitle') : t('contact.newAt', { site: site.name })
  const back = inNetwork(view, contact ? `/console/contacts/${contact.id}` : `/console/sites/${site.id}`)
  const field = (
    name: 'salutation' | 'firstName' | 'lastName' | 'function' | 'email' | 'mobile' | 'phone',
    more: { type?: 'email' | 'tel'; hint?: string } = {},
  ) => (
    <TextField
      view={view}
      name={name}
      label={t(`contact.fields.${name}`)}
      value={entry[name]}
      error={problems[name]}
      maxlength={254}
      autocomplete="off"
      {...more}
    />
  )
  return (
    <ConsolePage view={view} title={title} current="network">
      <Breadcrumb
        view={view}
        trail={[
          [t('network.contacts'), inNetwork(view, '/console/contacts')],
          [contact?.name ?? site.name, back],
        ]}
      />
      <PageHeading title={title} />
      {existingId && (
        <Flash tone="warning">
          {t('editProblems.exists')} <a href={`/console/contacts/${existingId}`}>{t('contact.existing')}</a>
        </Flash>
      )}
      <Form
        view={view}
        action={inNetwork(view, contact ? `/console/contacts/${contact.id}` : '/console/contacts')}
        problems={problems}
      >
        {!contact && <input type="hidden" name="site" value={site.id} />}
        <fieldset>
          <legend>{t('contact.identity')}</legend>
          {field('salutation')}
          <div class="field-row">
            {field('firstName')}
            {field('lastName')}
          </div>
          {field('function')}
          <div class="field-row">
            <SelectField
              view={view}
              name="profile"
              label={t('contact.fields.profile')}
              hint={t('contact.hints.profile')}
              value={entry.profile ?? ''}
              error={problems.profile}
              choices={[
                { value: '', text: t('contact.profileFromFunction') },
                ...profiles.map((value) => ({ value, text: t(`profiles.${value}`) })),
              ]}
            />
            <SelectField
              view={view}
              name="language"
              label={t('contact.fields.language')}
              value={entry.language}
              error={problems.language}
              isRequired
              choices={languages.map((value) => ({ value, text: t(`languages.${value}`) }))}
            />
          </div>
          <CheckField
            view={view}
            name="isCorrespondent"
            label={t('contact.fields.isCorrespondent')}
            isChecked={entry.isCorrespondent}
          />
          <CheckField
            view={view}
            name="hasContract"
            label={t('contact.fields.hasContract')}
            hint={t('contact.hints.hasContract')}
            isChecked={entry.hasContract}
          />
        </fieldset>
        <fieldset>
          <legend>{t('contact.reach')}</legend>
          {field('email', { type: 'email', hint: t('contact.hints.email') })}
          <div class="field-row">
            {field('mobile', { type: 'tel', hint: t('contact.hints.mobile') })}
            {field('phone', { type: 'tel', hint: t('contact.hints.phone') })}
          </div>
          <SelectField
            view={view}
            name="preferredChannel"
            label={t('contact.fields.preferredChannel')}
            value={entry.preferredChannel ?? ''}
            error={problems.preferredChannel}
            choices={[
              { value: '', text: t('contact.noPreference') },
              ...channelNames.map((value) => ({ value, text: t(`channels.${value}`) })),
            ]}
          />
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
