import type { FC } from 'hono/jsx'
import type { FoundSite, PartnerRow } from '../../../library/partners.ts'
import type { PictureRow } from '../../../library/pictures.ts'
import { inNetwork } from '../../in-network.ts'
import { Breadcrumb, ConsolePage } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Confirmation, Flash } from '../../ui/notice.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { LibraryTabs } from './library-tabs.tsx'
import { LogoChoice } from './logo-choice.tsx'
import { mayWrite } from './pictures.tsx'

const path = '/console/library/partners'
const partnerPath = (siteId: string) => `${path}/${siteId}`

const Search: FC<{ view: View; q: string; found: readonly FoundSite[] }> = ({ view, q, found }) => {
  const { t, network } = view
  return (
    <section class="panel" aria-labelledby="search-title">
      <h2 id="search-title">{t('library.partners.search')}</h2>
      <form class="form" action={path}>
        <input type="hidden" name="network" value={network?.name} />
        <TextField
          view={view}
          name="q"
          type="search"
          label={t('library.partners.searchLabel')}
          hint={t('library.partners.searchHint')}
          value={q}
          isRequired
        />
        <div class="buttons">
          <button type="submit">{t('ui.search')}</button>
        </div>
      </form>
      {q !== '' && found.length === 0 && <p class="note">{t('library.partners.noneFound')}</p>}
      {found.length > 0 && (
        <ul class="use-list" aria-label={t('library.partners.found')}>
          {found.map(({ id, name, externalId, city }) => (
            <li>
              <a href={partnerPath(id)}>{name}</a> <small>{[externalId, city].filter(Boolean).join(' · ')}</small>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** The partners shown beside the network, and the way to another one. */
export const PartnersPage: FC<{
  view: View
  rows: readonly PartnerRow[]
  logos: ReadonlyMap<string, PictureRow>
  q: string
  found: readonly FoundSite[]
  next?: string
  isContinued?: boolean
  done?: 'removed'
}> = ({ view, rows, logos, q, found, next, isContinued, done }) => {
  const { t, network } = view
  const isWriter = mayWrite(view)
  const url = (change: Record<string, string | undefined>) => {
    const query = new URLSearchParams({ network: network?.name ?? '' })
    for (const [key, value] of Object.entries(change)) if (value !== undefined) query.set(key, value)
    return `${path}?${query}`
  }
  return (
    <ConsolePage view={view} title={t('library.tabPartners')} current="library">
      <PageHeading title={t('library.tabPartners')} lead={t('library.partners.lead')} />
      <LibraryTabs view={view} current="partners" />
      {done && <Flash tone="good">{t('library.partners.removed')}</Flash>}
      <div class="library-columns">
        <div>
          <DataTable
            view={view}
            caption={t('library.partners.list')}
            rows={rows}
            columns={[
              {
                key: 'site',
                head: t('library.partners.site'),
                cell: ({ siteId, site }) => (isWriter ? <a href={partnerPath(siteId)}>{site}</a> : site),
              },
              { key: 'name', head: t('library.partners.name'), cell: ({ partner }) => partner.name },
              {
                key: 'logo',
                head: t('library.partners.logo'),
                cell: ({ partner }) => {
                  const row = partner.logo === undefined ? undefined : logos.get(partner.logo)
                  if (!row) return t('library.partners.noLogo')
                  return (
                    <span class="picture-stage small">
                      <img
                        src={`/console/library/${row.id}/picture`}
                        width={row.width}
                        height={row.height}
                        alt={row.name}
                      />
                    </span>
                  )
                },
              },
            ]}
            url={url}
            next={next}
            isContinued={isContinued}
            empty={<p>{t(isWriter ? 'library.partners.empty' : 'library.partners.emptyReader')}</p>}
          />
        </div>
        {isWriter && <Search view={view} q={q} found={found} />}
      </div>
    </ConsolePage>
  )
}

export interface PartnerTyped {
  name: string
  logo: string
}

/** What one site's teams see beside the network. */
export const PartnerPage: FC<{
  view: View
  site: FoundSite
  isShown: boolean
  typed: PartnerTyped
  pictures: readonly PictureRow[]
  done?: 'saved'
  problems?: Problems
}> = ({ view, site, isShown, typed, pictures, done, problems = {} }) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={site.name} current="library">
      <Breadcrumb view={view} trail={[[t('library.tabPartners'), inNetwork(view, path)]]} />
      <PageHeading title={site.name} lead={t('library.partners.pageLead')}>
        {isShown && (
          <LinkButton href={`${partnerPath(site.id)}/remove`} text={t('library.partners.remove')} kind="danger" />
        )}
      </PageHeading>
      {done && <Flash tone="good">{t('library.partners.saved')}</Flash>}
      <section class="panel" aria-label={site.name}>
        <Form view={view} action={partnerPath(site.id)} problems={problems}>
          <TextField
            view={view}
            name="name"
            label={t('library.partners.name')}
            hint={t('library.partners.nameHint')}
            value={typed.name}
            maxlength={60}
            error={problems.name}
            isRequired
          />
          <LogoChoice
            view={view}
            label={t('library.partners.logo')}
            none={t('library.partners.noLogoChoice')}
            value={typed.logo}
            pictures={pictures}
            error={problems.logo}
          />
          <div class="buttons">
            <button type="submit" class="primary">
              {isShown ? t('ui.save') : t('library.partners.add')}
            </button>
          </div>
        </Form>
      </section>
    </ConsolePage>
  )
}

export const RemovePartnerPage: FC<{ view: View; site: FoundSite }> = ({ view, site }) => {
  const { t } = view
  const title = t('library.partners.removeTitle', { site: site.name })
  return (
    <ConsolePage view={view} title={title} current="library">
      <Confirmation
        view={view}
        title={title}
        action={`${partnerPath(site.id)}/remove`}
        confirm={t('library.partners.remove')}
        back={partnerPath(site.id)}
        isDangerous
      >
        <p>{t('library.partners.removeText')}</p>
      </Confirmation>
    </ConsolePage>
  )
}
