import type { FC } from 'hono/jsx'
import { type ApiKey, keyLifetimes, keyPermissions, keyState, mostPerMinute } from '../../../accounts/api-keys.ts'
import { can } from '../../../accounts/policy.ts'
import { Status } from '../../labels.tsx'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { ChoiceField, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Confirmation, Flash } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { SettingsTabs } from '../settings/settings-page.tsx'

export const keysPath = '/console/settings/keys'

const tones = { works: 'good', expired: 'quiet', revoked: 'quiet' } as const

const mayWrite = ({ user, network }: View): boolean =>
  user !== undefined && network !== undefined && can(user, 'key.write', network.id)

const rightsText = ({ t }: View, scopes: readonly string[]): string =>
  keyPermissions
    .filter((permission) => scopes.includes(permission))
    .map((permission) => t(`keys.permissions.${permission}`))
    .join(' · ')

/** The keys of a network; their texts are nowhere. */
export const KeysPage: FC<{
  view: View
  keys: readonly ApiKey[]
  /** Keys run on wall time, whatever the date of a sandbox. */
  wallNow: Date
  said?: 'revoked' | 'gone'
}> = ({ view, keys, wallNow, said }) => {
  const { t, formats } = view
  const makes = mayWrite(view)
  return (
    <ConsolePage view={view} title={t('keys.title')} current="settings">
      <PageHeading title={t('keys.title')} lead={t('keys.lead')}>
        {makes && <LinkButton href={inNetwork(view, `${keysPath}/new`)} text={t('keys.make')} kind="primary" />}
        <LinkButton href="/api/docs" text={t('keys.docs')} kind="quiet" />
      </PageHeading>
      <SettingsTabs view={view} current="keys" />
      {said && <Flash tone={said === 'revoked' ? 'good' : 'warning'}>{t(`keys.said.${said}`)}</Flash>}
      <DataTable
        view={view}
        caption={t('keys.caption')}
        rows={keys}
        url={() => inNetwork(view, keysPath)}
        empty={<p>{t('keys.empty')}</p>}
        columns={[
          {
            key: 'name',
            head: t('keys.name'),
            cell: (key) => (
              <span class="stacked">
                {key.name} <small>{t('keys.endsIn', { ending: key.ending })}</small>
              </span>
            ),
          },
          { key: 'rights', head: t('keys.rights'), cell: (key) => rightsText(view, key.scopes) },
          {
            key: 'state',
            head: t('keys.state'),
            cell: (key) => {
              const state = keyState(key, wallNow)
              return <Status tone={tones[state]} text={t(`keys.${state}`)} />
            },
          },
          {
            key: 'expires',
            head: t('keys.expires'),
            cell: (key) =>
              key.revokedAt
                ? t('keys.revokedAt', { at: formats.date(key.revokedAt) })
                : key.expiresAt
                  ? formats.date(key.expiresAt)
                  : t('keys.never'),
          },
          {
            key: 'used',
            head: t('keys.used'),
            cell: (key) => (key.lastUsedAt ? formats.short(key.lastUsedAt) : t('keys.never')),
          },
          ...(makes
            ? [
                {
                  key: 'revoke',
                  head: t('ui.actions'),
                  cell: (key: ApiKey) =>
                    keyState(key, wallNow) === 'works' && (
                      <a href={inNetwork(view, `${keysPath}/${key.id}/revoke`)}>{t('keys.revoke')}</a>
                    ),
                },
              ]
            : []),
        ]}
      />
    </ConsolePage>
  )
}

export interface TypedKey {
  name: string
  permissions: string[]
  days: string
  perMinute: string
}

export const NewKeyPage: FC<{ view: View; typed: TypedKey; problems?: Problems }> = ({
  view,
  typed,
  problems = {},
}) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('keys.make')} current="settings">
      <PageHeading title={t('keys.make')} lead={t('keys.lead')} />
      <Form view={view} action={inNetwork(view, keysPath)} problems={problems}>
        <TextField
          view={view}
          name="name"
          label={t('keys.name')}
          hint={t('keys.nameHint')}
          value={typed.name}
          error={problems.name}
          maxlength={80}
          autocomplete="off"
          isRequired
        />
        <ChoiceField
          view={view}
          name="permissions"
          label={t('keys.rights')}
          hint={t('keys.rightsHint')}
          error={problems.permissions}
          values={typed.permissions}
          choices={keyPermissions.map((permission) => ({
            value: permission,
            text: t(`keys.permissions.${permission}`),
          }))}
          isMultiple
        />
        <ChoiceField
          view={view}
          name="days"
          label={t('keys.life')}
          hint={t('keys.lifeHint')}
          error={problems.days}
          values={[typed.days]}
          choices={keyLifetimes.map((days) => ({ value: String(days), text: t('keys.days', { count: days }) }))}
        />
        <TextField
          view={view}
          name="perMinute"
          label={t('keys.perMinute')}
          hint={t('keys.perMinuteHint', { most: mostPerMinute })}
          type="number"
          min="1"
          max={String(mostPerMinute)}
          value={typed.perMinute}
          error={problems.perMinute}
          isRequired
        />
        <div class="buttons">
          <button type="submit" class="primary">
            {t('keys.make')}
          </button>
          <a class="button" href={inNetwork(view, keysPath)}>
            {t('ui.cancel')}
          </a>
        </div>
      </Form>
    </ConsolePage>
  )
}

/** The only page that ever shows a key's text. */
export const MadeKeyPage: FC<{ view: View; name: string; text: string; publicUrl: string }> = ({
  view,
  name,
  text,
  publicUrl,
}) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={t('keys.madeTitle')} current="settings">
      <PageHeading title={t('keys.madeTitle')} lead={t('keys.madeLead')} />
      <div class="field">
        <label for="key">{t('keys.madeLabel', { name })}</label>
        <input id="key" class="code" type="text" value={text} readonly autocomplete="off" spellcheck={false} />
      </div>
      <p>{t('keys.madeTry')}</p>
      <pre tabindex={0}>{`curl -H "Authorization: Bearer ${text}" ${publicUrl}/api/v1/contacts?limit=1`}</pre>
      <p>
        <LinkButton href={inNetwork(view, keysPath)} text={t('keys.back')} kind="primary" />
      </p>
    </ConsolePage>
  )
}

export const RevokeKeyPage: FC<{ view: View; apiKey: ApiKey }> = ({ view, apiKey }) => {
  const { t } = view
  const title = t('keys.revokeTitle', { name: apiKey.name })
  return (
    <ConsolePage view={view} title={title} current="settings">
      <Confirmation
        view={view}
        title={title}
        action={inNetwork(view, `${keysPath}/${apiKey.id}/revoke`)}
        confirm={t('keys.revokeNow')}
        back={inNetwork(view, keysPath)}
        isDangerous
      >
        <p>{t('keys.revokeText')}</p>
      </Confirmation>
    </ConsolePage>
  )
}
