import type { FC } from 'hono/jsx'
import type { Invitation } from '../../../accounts/invitations.ts'
import type { Member } from '../../../accounts/members.ts'
import type { MembershipScope, Role } from '../../../db/schema/accounts.ts'
import { languages } from '../../../words.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { Badge } from '../../ui/badge.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { translatorFor } from '../../words/index.ts'
import { SettingsTabs } from '../settings/settings-page.tsx'
import { RoleFields, type TypedRole } from './role-form.tsx'

const home = '/console/settings/users'

/** A link of ours to pass on, when no mail carries it. */
export interface HandOver {
  text: string
  link: string
}

export interface Said {
  text: string
  tone: 'good' | 'bad' | 'warning'
}

export function scopeText({ t }: View, { areas = [], sites = [], shop }: MembershipScope): string {
  const parts = [
    areas.length > 0 && t('users.ofAreas', { list: areas.join(', ') }),
    sites.length > 0 && t('users.ofSites', { count: sites.length }),
    shop !== undefined && t('users.ofShop', { shop }),
  ].filter(Boolean)
  return parts.length > 0 ? parts.join(' · ') : t('users.whole')
}

const RoleLine: FC<{ view: View; role: Role; scope: MembershipScope }> = ({ view, role, scope }) => (
  <span class="stacked">
    {view.t(`roles.${role}`)} <small>{scopeText(view, scope)}</small>
  </span>
)

interface UsersProps {
  view: View
  rows: readonly Member[]
  next?: string
  cursor?: string
  waiting: readonly Invitation[]
  mayWrite: boolean
  /** Invitations run on wall time, whatever the date of a sandbox. */
  wallNow: Date
  said?: Said
  handOver?: HandOver
}

export const UsersPage: FC<UsersProps> = ({ view, rows, next, cursor, waiting, mayWrite, wallNow, said, handOver }) => {
  const { t, formats, network, user } = view
  const url = (change: Record<string, string | undefined>) =>
    inNetwork(view, change.cursor ? `${home}?cursor=${encodeURIComponent(change.cursor)}` : home)
  return (
    <ConsolePage view={view} title={t('users.title')} current="settings">
      <PageHeading title={t('users.title')} lead={t('users.lead', { network: network?.title ?? '' })}>
        {mayWrite && <LinkButton href={inNetwork(view, `${home}/invite`)} text={t('users.invite')} kind="primary" />}
      </PageHeading>
      <SettingsTabs view={view} current="users" />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      {handOver && <HandOverBox handOver={handOver} />}
      <DataTable
        view={view}
        caption={t('users.members')}
        rows={rows}
        next={next}
        isContinued={cursor !== undefined}
        url={url}
        empty={t('users.empty')}
        columns={[
          {
            key: 'name',
            head: t('users.name'),
            cell: (row) => (
              <>
                {mayWrite ? <a href={inNetwork(view, `${home}/${row.id}`)}>{row.name}</a> : row.name}
                {row.id === user?.id && <small> ({t('users.you')})</small>}
                {row.disabledAt && <Badge text={t('users.disabled')} tone="bad" />}
                <small class="stacked">{row.email}</small>
              </>
            ),
          },
          {
            key: 'roles',
            head: t('users.roles'),
            cell: (row) => row.roles.map((held) => <RoleLine view={view} {...held} />),
          },
          {
            key: 'secondStep',
            head: t('users.secondStep'),
            cell: (row) => (row.twoFactorEnabled ? t('users.on') : t('users.off')),
          },
          {
            key: 'used',
            head: t('users.used'),
            cell: (row) => (row.usedAt ? formats.short(row.usedAt) : t('users.never')),
          },
        ]}
      />
      <Panel id="waiting" title={t('users.waiting')}>
        {waiting.length === 0 ? (
          <p class="note">{t('users.noWaiting')}</p>
        ) : (
          <ul class="account-list">
            {waiting.map((invitation) => (
              <WaitingEntry view={view} invitation={invitation} mayWrite={mayWrite} wallNow={wallNow} />
            ))}
          </ul>
        )}
      </Panel>
    </ConsolePage>
  )
}

const WaitingEntry: FC<{ view: View; invitation: Invitation; mayWrite: boolean; wallNow: Date }> = ({
  view,
  invitation,
  mayWrite,
  wallNow,
}) => {
  const { t, formats } = view
  const { id, name, email, role, scope, expiresAt } = invitation
  return (
    <li>
      <div>
        <strong>{name}</strong> <small>{email}</small>
        <RoleLine view={view} role={role} scope={scope} />
        <small>{expiresAt > wallNow ? t('users.until', { date: formats.short(expiresAt) }) : t('users.lapsed')}</small>
      </div>
      {mayWrite && (
        <div class="toolbar">
          <LinkButton href={inNetwork(view, `${home}/invitations/${id}/again`)} text={t('users.again')} />
          <ActionButton action={inNetwork(view, `${home}/invitations/${id}/revoke`)} text={t('users.takeBack')} />
        </div>
      )}
    </li>
  )
}

const HandOverBox: FC<{ handOver: HandOver }> = ({ handOver: { text, link } }) => (
  <div class="flash warning hand-over" role="status">
    <p>{text}</p>
    <p>
      <code>{link}</code>
    </p>
  </div>
)

export interface TypedInvitation {
  email: string
  name: string
  language: string
  role: TypedRole
}

export const InvitePage: FC<{
  view: View
  typed: TypedInvitation
  areas: readonly string[]
  problems?: Problems
}> = ({ view, typed, areas, problems = {} }) => {
  const { t, network } = view
  const title = t('users.inviteTitle', { network: network?.title ?? '' })
  return (
    <ConsolePage view={view} title={title} current="settings">
      <Breadcrumb view={view} trail={[[t('users.back'), inNetwork(view, home)]]} />
      <PageHeading title={title} lead={t('users.inviteLead')} />
      <Form view={view} action={inNetwork(view, `${home}/invite`)} problems={problems}>
        <TextField
          view={view}
          name="email"
          type="email"
          label={t('users.email')}
          value={typed.email}
          autocomplete="off"
          maxlength={254}
          error={problems.email}
          isRequired
        />
        <TextField
          view={view}
          name="name"
          label={t('users.name')}
          value={typed.name}
          autocomplete="off"
          maxlength={120}
          error={problems.name}
          isRequired
        />
        <SelectField
          view={view}
          name="language"
          label={t('users.language')}
          value={typed.language}
          choices={languages.map((value) => ({ value, text: translatorFor(value)('name') }))}
          isRequired
        />
        <RoleFields view={view} typed={typed.role} areas={areas} problems={problems} />
        <button type="submit" class="primary">
          {t('users.inviteSend')}
        </button>
      </Form>
    </ConsolePage>
  )
}

export const MemberPage: FC<{
  view: View
  member: Member
  typed: TypedRole
  areas: readonly string[]
  problems?: Problems
  said?: Said
}> = ({ view, member, typed, areas, problems = {}, said }) => {
  const { t } = view
  const path = `${home}/${member.id}`
  return (
    <ConsolePage view={view} title={member.name} current="settings">
      <Breadcrumb view={view} trail={[[t('users.back'), inNetwork(view, home)]]} />
      <PageHeading
        title={member.name}
        lead={member.email}
        facts={member.disabledAt && <Badge text={t('users.disabled')} tone="bad" />}
      />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      <Panel id="roles" title={t('users.roles')}>
        <ul class="account-list">
          {member.roles.map(({ role, scope }) => (
            <li>
              <div>
                <RoleLine view={view} role={role} scope={scope} />
              </div>
              <ActionButton action={inNetwork(view, `${path}/roles/revoke`)} text={t('users.take')} fields={{ role }} />
            </li>
          ))}
        </ul>
      </Panel>
      <Panel id="add-role" title={t('users.addRole')} note={t('users.addRoleLead')}>
        <Form view={view} action={inNetwork(view, path)} problems={problems}>
          <RoleFields view={view} typed={typed} areas={areas} problems={problems} />
          <button type="submit" class="primary">
            {t('users.add')}
          </button>
        </Form>
      </Panel>
      <Panel id="removal" title={t('users.removal')}>
        <div class="toolbar">
          <LinkButton href={inNetwork(view, `${path}/remove`)} text={t('users.remove')} kind="danger" />
          {member.disabledAt ? (
            <ActionButton action={inNetwork(view, `${path}/enable`)} text={t('users.enable')} />
          ) : (
            <LinkButton href={inNetwork(view, `${path}/disable`)} text={t('users.disable')} kind="danger" />
          )}
        </div>
      </Panel>
    </ConsolePage>
  )
}
