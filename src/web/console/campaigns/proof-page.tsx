import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Proof, ProofItem } from '../../../approval/proof.ts'
import type { Seed } from '../../../approval/seeds.ts'
import type { Language } from '../../../words.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { ActionButton } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import { CampaignTrail } from './new-pages.tsx'

export interface LetterLink {
  step: string
  language: Language
  sample: number
}

interface ProofProps {
  view: View
  campaignId: string
  title: string
  /** Of the draft's text, as the form gives it back. */
  seen: string
  /** The newest proof; of the text as it stands where `isCurrent`. */
  proof: Proof | undefined
  isCurrent: boolean
  items: readonly ProofItem[]
  /** In the order of the proof; undefined where somebody is gone since. */
  people: readonly (string | undefined)[]
  letters: readonly LetterLink[]
  seeds: readonly Seed[]
  said?: { tone: 'good' | 'warning' | 'bad'; text: string }
}

/** What a draft looks like to those who would get it: sent to the house, set as letters, read on screen. */
export const ProofPage: FC<ProofProps> = (props) => {
  const { view, campaignId, title, seen, proof, isCurrent, items, people, letters, seeds, said } = props
  const { t, formats, user, network } = view
  const here = `/console/campaigns/${campaignId}`
  const heading = t('life.proof.title', { name: title })
  const mayWrite = user !== undefined && network !== undefined && can(user, 'campaign.write', network.id)
  const cost = items.reduce((sum, item) => sum + item.costMillis, 0)
  const seedName = (id: string) => seeds.find((seed) => seed.id === id)?.name ?? '–'
  return (
    <ConsolePage view={view} title={heading} current="campaigns">
      <CampaignTrail view={view} more={[[title, here]]} />
      {said && <Flash tone={said.tone}>{said.text}</Flash>}
      <PageHeading title={heading} lead={t('life.proof.lead')}>
        {mayWrite && !isCurrent && (
          <ActionButton action={`${here}/proof`} text={t('life.proof.make')} kind="primary" fields={{ seen }} />
        )}
        {mayWrite && isCurrent && <LinkButton href={`${here}/approval`} text={t('life.proof.ask')} kind="primary" />}
        <LinkButton href={`${here}/words`} text={t('life.proof.screen')} />
      </PageHeading>
      <p class={proof && !isCurrent ? 'flash warning' : 'note'}>
        {!proof
          ? t('life.proof.none')
          : t(isCurrent ? 'life.proof.current' : 'life.proof.stale', { at: formats.long(proof.createdAt) })}
      </p>
      {seeds.length === 0 && (
        <p class="note">
          {t('life.proof.noSeeds')} <a href={inNetwork(view, '/console/settings/launching')}>{t('life.rules.title')}</a>
        </p>
      )}
      {proof && (
        <Panel title={t('life.proof.people')} id="people">
          <ul class="notices">
            {proof.samples.map(({ because }, place) => (
              <li>
                {people[place] ?? '–'} <small>{t(`life.proof.because.${because}`)}</small>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {letters.length > 0 && (
        <Panel title={t('life.proof.letters')} id="letters">
          <ul class="notices">
            {letters.map((letter) => (
              <li>
                <a
                  href={`${here}/proof/letter?${new URLSearchParams({ step: letter.step, language: letter.language, sample: String(letter.sample) })}`}
                >
                  {t('life.proof.letter', {
                    step: letter.step,
                    language: letter.language,
                    person: people[letter.sample] ?? '–',
                  })}
                </a>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {items.length > 0 && (
        <Panel
          title={t('life.proof.items')}
          id="items"
          note={`${t('life.proof.cost')}${t('colon')} ${formats.moneyOfMillis(cost, items[0]?.currency ?? 'EUR')}`}
        >
          <DataTable
            view={view}
            caption={t('life.proof.items')}
            rows={items}
            url={() => `${here}/proof`}
            empty={t('ui.none')}
            columns={[
              { key: 'step', head: t('life.proof.step'), cell: (item) => item.step },
              { key: 'channel', head: t('life.proof.channel'), cell: (item) => t(`channels.${item.channel}`) },
              { key: 'language', head: t('life.proof.language'), cell: (item) => item.language },
              { key: 'person', head: t('life.proof.person'), cell: (item) => people[item.sample] ?? '–' },
              { key: 'seed', head: t('life.proof.seeds'), cell: (item) => seedName(item.seedId) },
              {
                key: 'state',
                head: t('life.proof.state'),
                cell: (item) => `${t(`life.proof.statuses.${item.status}`)}${item.reason ? ` · ${item.reason}` : ''}`,
              },
            ]}
          />
        </Panel>
      )}
    </ConsolePage>
  )
}
