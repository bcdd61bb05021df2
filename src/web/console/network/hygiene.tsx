import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import {
  type listTroubled,
  mostTroubles,
  type Trouble,
  type TroubledAddress,
  troubles,
} from '../../../network/hygiene.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'
import { reasonText } from '../reasons.ts'
import { Stopped } from './contacts.tsx'
import { listAddress } from './list-address.ts'
import { NetworkTabs } from './tabs.tsx'

export const hygieneDone = ['markedGood', 'corrected', 'dropped'] as const
export type HygieneDone = (typeof hygieneDone)[number]

const knownReasons = [
  'unknown_number',
  'invalid_number',
  'not_a_mobile',
  'unknown_mailbox',
  'invalid_address',
  'bounced_address',
  'bounced',
  'failed',
  'returned',
  'postcode',
  'UNKNOWN_RECIPIENT',
  'ADDRESS_DEFECT',
] as const

/** Why an address is in trouble, as the carrier put it. */
function whyText(view: View, { address }: TroubledAddress): string | undefined {
  const code = address.statusReason
  if (code === null) return undefined
  const known = knownReasons.find((one) => one === code)
  return known ? view.t(`hygiene.reasons.${known}`) : reasonText(code, view.language)
}

const Holders: FC<{ view: View; row: TroubledAddress }> = ({ view, row }) => (
  <>
    {row.holders.map((holder) => (
      <span class="holder">
        <a href={`/console/${holder.kind === 'contact' ? 'contacts' : 'sites'}/${holder.id}`}>
          {holder.name || view.t('network.unnamed')}
        </a>
        {holder.kind === 'contact' && <small>{holder.siteName}</small>}
      </span>
    ))}
    {row.hasMoreHolders && <small>{view.t('hygiene.moreHolders')}</small>}
  </>
)

const Delivery: FC<{ view: View; row: TroubledAddress }> = ({ view, row }) =>
  row.delivery ? (
    <a href={`/console/outbox/${row.delivery.id}`}>{view.t('hygiene.delivery', { step: row.delivery.step })}</a>
  ) : null

const columnsFor = (view: View): Column<TroubledAddress>[] => {
  const { t, formats } = view
  return [
    {
      key: 'address',
      head: t('hygiene.address'),
      cell: (row) => (
        <>
          <a class="row-link lines" href={`/console/hygiene/${row.address.id}`}>
            {row.address.normalised}
          </a>
          <small>{t(`addressKinds.${row.address.kind}`)}</small>
        </>
      ),
    },
    {
      key: 'what',
      head: t('hygiene.what'),
      cell: (row) => (
        <>
          {t(`hygiene.happened.${row.trouble}`)}
          <small>{whyText(view, row)}</small>
          <Delivery view={view} row={row} />
        </>
      ),
    },
    { key: 'who', head: t('hygiene.who'), cell: (row) => <Holders view={view} row={row} /> },
    {
      key: 'since',
      head: t('hygiene.since'),
      cell: ({ address }) => <time datetime={address.updatedAt.toISOString()}>{formats.date(address.updatedAt)}</time>,
    },
    {
      key: 'look',
      head: t('ui.actions'),
      cell: ({ address }) => <LinkButton href={`/console/hygiene/${address.id}`} text={t('hygiene.look')} />,
    },
  ]
}

/** Addresses somebody should look at, the newest of each kind first. */
export const HygienePage: FC<{
  view: View
  page: Awaited<ReturnType<typeof listTroubled>>
  trouble?: Trouble
  cursor?: string
  /** Only for who sees the whole network. */
  counts?: Record<Exclude<Trouble, 'shared'>, number>
  done?: HygieneDone
}> = ({ view, page, trouble, cursor, counts, done }) => {
  const { t, formats } = view
  const url = listAddress(view, '/console/hygiene', { kind: trouble })
  const countOf = (one: Trouble): string | undefined => {
    const count = one === 'shared' ? undefined : counts?.[one]
    if (count === undefined) return undefined
    return count > mostTroubles ? t('hygiene.capped', { count: mostTroubles }) : formats.number(count)
  }
  return (
    <ConsolePage view={view} title={t('hygiene.title')} current="network">
      <PageHeading title={t('hygiene.title')} lead={t('hygiene.lead')} />
      <NetworkTabs view={view} current="hygiene" />
      {done && <Flash tone="good">{t(`hygiene.${done}`)}</Flash>}
      <Tabs
        label={t('hygiene.what')}
        tabs={[
          { text: t('hygiene.all'), href: url({ kind: undefined }), isCurrent: trouble === undefined },
          ...troubles.map((one) => ({
            text: t(`hygiene.troubles.${one}`),
            href: url({ kind: one }),
            isCurrent: trouble === one,
            count: countOf(one),
          })),
        ]}
      />
      <DataTable
        view={view}
        caption={t('hygiene.caption')}
        columns={columnsFor(view)}
        rows={page.rows}
        url={url}
        next={page.next}
        isContinued={cursor !== undefined || (page.rows.length === 0 && page.next !== undefined)}
        empty={<p>{t(trouble ? 'hygiene.noneOfKind' : 'hygiene.none')}</p>}
      />
      <Stopped view={view} after={page.stoppedAfter} />
    </ConsolePage>
  )
}

/** One address: what happened to it, to whom, and the three ways out. */
export const TroubledPage: FC<{ view: View; row: TroubledAddress; value?: string; problems?: Problems }> = ({
  view,
  row,
  value,
  problems = {},
}) => {
  const { t, user, network, formats } = view
  const { address, trouble } = row
  const path = `/console/hygiene/${address.id}`
  const mayWrite = user && network && can(user, 'contact.write', network.id)
  const site = row.holders.find((holder) => holder.kind === 'site')
  return (
    <ConsolePage view={view} title={address.normalised ?? t('hygiene.title')} current="network">
      <Breadcrumb view={view} trail={[[t('hygiene.title'), inNetwork(view, '/console/hygiene')]]} />
      <PageHeading
        title={(address.normalised ?? '').replaceAll('\n', ', ')}
        facts={[
          t(`hygiene.happened.${trouble}`),
          trouble === 'shared' ? undefined : whyText(view, row),
          formats.date(address.updatedAt),
        ]
          .filter(Boolean)
          .map((fact) => <span>{fact}</span>)}
      />
      <div class="message-and-facts">
        {mayWrite && (
          <div>
            {address.kind === 'postal' ? (
              <Panel id="correct" title={t('hygiene.correct')} note={t('hygiene.correctSiteHow')}>
                {site && (
                  <LinkButton
                    href={inNetwork(view, `/console/sites/${site.id}/edit`)}
                    text={t('hygiene.correctSite')}
                    kind="primary"
                  />
                )}
              </Panel>
            ) : (
              <Panel id="correct" title={t('hygiene.correct')} note={t('hygiene.correctHow')}>
                <Form view={view} action={`${path}/correct`} problems={problems}>
                  <TextField
                    view={view}
                    name="value"
                    type={address.kind === 'email' ? 'email' : 'tel'}
                    label={t('hygiene.value')}
                    value={value ?? address.normalised ?? ''}
                    error={problems.value}
                    maxlength={254}
                    autocomplete="off"
                    isRequired
                  />
                  <button type="submit" class="primary">
                    {t('hygiene.correct')}
                  </button>
                </Form>
              </Panel>
            )}
            <Panel
              id="good"
              title={t(trouble === 'shared' ? 'hygiene.goodShared' : 'hygiene.good')}
              note={t(trouble === 'shared' ? 'hygiene.goodSharedHow' : 'hygiene.goodHow')}
            >
              <ActionButton
                action={`${path}/good`}
                text={t(trouble === 'shared' ? 'hygiene.goodShared' : 'hygiene.good')}
              />
            </Panel>
            <Panel id="drop" title={t('hygiene.drop')} note={t('hygiene.dropHow')}>
              <ActionButton action={`${path}/drop`} text={t('hygiene.drop')} kind="danger" />
            </Panel>
          </div>
        )}
        <div class="side">
          <Panel id="people" title={t('hygiene.people')}>
            <Holders view={view} row={row} />
            <Delivery view={view} row={row} />
          </Panel>
        </div>
      </div>
    </ConsolePage>
  )
}
