import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { SmicReference, YearSmic } from '../../../challenge/reward/smic.ts'
import { smicReferences } from '../../../challenge/reward/smic.ts'
import { thresholdsOf } from '../../../challenge/reward/urssaf.ts'
import type { YearAccount } from '../../../challenge/reward/year.ts'
import type { PrizeKind } from '../../../db/schema/reward.ts'
import type { ExportTable } from '../../../export/table.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'

interface YearProps {
  view: View
  year: number
  years: readonly number[]
  reference: SmicReference
  smic: YearSmic | undefined
  accounts: readonly YearAccount[]
  next?: string | undefined
  isContinued: boolean
  url(change: Record<string, string | undefined>): string
}

/** What somebody is to whoever rewards them, as one choice of a list. */
export const situations = ['flat', 'not_customer_facing', 'same_group', 'other_regime'] as const

/** The yearly ledger of rewards, with the estimate of what they cost in contributions. */
export const YearPage: FC<YearProps> = ({ view, year, years, reference, smic, accounts, next, isContinued, url }) => {
  const { t, formats, language, user, network } = view
  const currency = network?.currency ?? 'EUR'
  const money = (cents: number) => formats.money(cents, currency)
  const mayWrite = user !== undefined && network !== undefined && can(user, 'contact.write', network.id)
  const mayExport = user !== undefined && network !== undefined && can(user, 'result.export', network.id)
  const maySet = user !== undefined && network !== undefined && can(user, 'settings.read', network.id)
  const bounds = smic && thresholdsOf(smic.monthlyCents)
  return (
    <ConsolePage view={view} title={t('rewards.yearOf', { year })} current="results">
      <PageHeading title={t('rewards.yearOf', { year })} lead={t('rewards.yearLead')} />
      <p>
        <strong>{t('rewards.disclaimer')}</strong>
      </p>
      <p>
        {smic && bounds
          ? t('rewards.smic', {
              ...{ amount: money(smic.monthlyCents), source: smic.row.source },
              ...{ free: money(bounds.freeCents), flat: money(bounds.flatCents) },
            })
          : t('rewards.noSmic', { year })}{' '}
        {smic?.isCarriedOver && t('rewards.smicOld', { year })}{' '}
        {maySet && <a href={inNetwork(view, '/console/settings/rewards')}>{t('rewards.smicSet')}</a>}
      </p>
      <Tabs
        label={t('rewards.year')}
        tabs={years.map((one) => ({
          text: String(one),
          href: url({ year: String(one), cursor: undefined }),
          isCurrent: one === year,
        }))}
      />
      <Tabs
        label={t('rewards.situation')}
        tabs={smicReferences.map((one) => ({
          text: t(`rewards.reference.${one}`),
          href: url({ smic: one, cursor: undefined }),
          isCurrent: one === reference,
        }))}
      />
      <DataTable
        view={view}
        caption={t('rewards.year')}
        columns={[
          {
            key: 'who',
            head: t('rewards.beneficiary'),
            cell: (row) => (
              <>
                <a href={`/console/contacts/${row.contactId}`}>{row.name}</a>
                <small>{row.site}</small>
              </>
            ),
          },
          {
            key: 'payer',
            head: t('rewards.payer'),
            cell: (row) => (
              <>
                {row.payer}
                <details>
                  <summary>{t('rewards.lines', { count: row.lines.length })}</summary>
                  <ul>
                    {row.lines.map((line) => (
                      <li>
                        {[
                          formats.date(line.awardedAt),
                          inLanguage(line.title, language, ''),
                          money(line.valueCents),
                          ...(row.estimate
                            ? [t('rewards.lineAdded', { contribution: money(line.added.contributionCents) })]
                            : []),
                        ].join(' · ')}
                      </li>
                    ))}
                  </ul>
                </details>
              </>
            ),
          },
          { key: 'total', head: t('rewards.total'), isNumber: true, cell: (row) => money(row.totalCents) },
          {
            key: 'contribution',
            head: t('rewards.contribution'),
            isNumber: true,
            cell: (row) => (row.estimate ? money(row.estimate.contributionCents) : '–'),
          },
          {
            key: 'excess',
            head: t('rewards.excess'),
            isNumber: true,
            cell: (row) => (row.estimate ? money(row.estimate.excessCents) : '–'),
          },
          {
            key: 'situation',
            head: t('rewards.situation'),
            cell: (row) => (
              <>
                {t(`rewards.treatments.${row.treatment ?? 'unknown'}`)}
                {mayWrite && (
                  <form method="post" action={inNetwork(view, '/console/rewards/standing')} class="toolbar">
                    <input type="hidden" name="contact" value={row.contactId} />
                    <input type="hidden" name="year" value={String(year)} />
                    <select name="situation" aria-label={t('rewards.situation')}>
                      {situations.map((one) => (
                        <option value={one} selected={one === row.treatment}>
                          {t(`rewards.treatments.${one}`)}
                        </option>
                      ))}
                    </select>
                    <button type="submit">{t('rewards.say')}</button>
                  </form>
                )}
              </>
            ),
          },
        ]}
        rows={accounts}
        url={url}
        next={next}
        isContinued={isContinued}
        empty={<p>{t('rewards.emptyYear')}</p>}
      />
      {mayExport && (
        <form method="post" action={inNetwork(view, '/console/rewards/export')} class="toolbar">
          <input type="hidden" name="year" value={String(year)} />
          <input type="hidden" name="smic" value={reference} />
          <button type="submit" name="file" value="csv">
            {t('rewards.exportCsv')}
          </button>
          <button type="submit" name="file" value="xlsx">
            {t('rewards.exportXlsx')}
          </button>
        </form>
      )}
    </ConsolePage>
  )
}

/** The ledger of a year as a table: a line a beneficiary and payer; amounts in units of the currency. */
export const yearTable = ({ t }: View, year: number, accounts: AsyncIterable<YearAccount>): ExportTable => ({
  name: t('rewards.yearOf', { year }),
  columns: [
    ...(['beneficiary', 'payer', 'total', 'contribution', 'excess', 'situation'] as const).map((key) => ({
      head: t(`rewards.${key}`),
    })),
    { head: t('rewards.disclaimer') },
  ],
  rows: (async function* () {
    for await (const { name, site, payer, totalCents, estimate, treatment } of accounts)
      yield [
        site === '' ? name : `${name}, ${site}`,
        payer,
        totalCents / 100,
        estimate ? estimate.contributionCents / 100 : null,
        estimate ? estimate.excessCents / 100 : null,
        t(`rewards.treatments.${treatment ?? 'unknown'}`),
        '',
      ]
  })(),
})

/** Every reward of a year, a line each: what the ledger’s sums are made of, and what each added to the estimate. */
export const lineTable = (view: View, year: number, accounts: AsyncIterable<YearAccount>): ExportTable => {
  const { t, language } = view
  return {
    name: t('rewards.linesOf', { year }),
    columns: [
      ...(['beneficiary', 'payer'] as const).map((key) => ({ head: t(`rewards.${key}`) })),
      { head: t('rewards.awardedAt') },
      ...(['prize', 'kind', 'value', 'contribution', 'excess'] as const).map((key) => ({ head: t(`rewards.${key}`) })),
    ],
    rows: (async function* () {
      for await (const { name, site, payer, estimate, lines } of accounts)
        for (const line of lines)
          yield [
            site === '' ? name : `${name}, ${site}`,
            payer,
            line.awardedAt,
            inLanguage(line.title, language, ''),
            t(`rewards.kinds.${line.kind as PrizeKind}`),
            line.valueCents / 100,
            estimate ? line.added.contributionCents / 100 : null,
            estimate ? line.added.excessCents / 100 : null,
          ]
    })(),
  }
}
