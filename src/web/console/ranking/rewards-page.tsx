import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { AwardRefusal, Reward } from '../../../challenge/reward/award.ts'
import type { Budget, Prize } from '../../../challenge/reward/prizes.ts'
import { prizeKinds } from '../../../db/schema/reward.ts'
import { inNetwork } from '../../layout.tsx'
import { SelectField, TextField } from '../../ui/field.tsx'
import { KeyFigures } from '../../ui/figures.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'

interface RewardsProps {
  view: View
  campaign: CampaignRow
  budget: Budget | undefined
  prizes: readonly Prize[]
  rewards: readonly (Reward & { name: string })[]
  people: readonly { contactId: string; name: string }[]
  /** Names this showing of the form: pressing twice gives once. */
  requestKey: string
  refused?: AwardRefusal | undefined
  problems?: Problems | undefined
  values?: Readonly<Record<string, string>> | undefined
}

/** Prizes of a challenge: the budget, the catalogue, and what was given to whom. */
export const RewardsPage: FC<RewardsProps> = (props) => {
  const { view, campaign, budget, prizes, rewards, people, refused, problems, values = {} } = props
  const { t, formats, language, user, network } = view
  const currency = network?.currency ?? 'EUR'
  const path = `/console/campaigns/${campaign.id}/rewards`
  const mayControl = user !== undefined && network !== undefined && can(user, 'campaign.control', network.id)
  const mayMeet = user !== undefined && network !== undefined && can(user, 'contact.read', network.id)
  const open = prizes.filter(({ isRetired }) => !isRetired)
  return (
    <ChallengeFrame
      view={view}
      campaign={campaign}
      title={t('rewards.of', { campaign: titleOf(view, campaign) })}
      lead={t('rewards.lead')}
      tab="rewards"
    >
      {refused && (
        <Flash tone="bad">
          {t(`rewards.refused.${refused}`, {
            left: budget ? formats.money(budget.capCents - budget.committedCents, currency) : '',
          })}
        </Flash>
      )}
      <Panel
        id="budget"
        title={t('rewards.budget')}
        action={mayMeet && <LinkButton href={inNetwork(view, '/console/rewards')} text={t('rewards.openYear')} />}
      >
        {budget ? (
          <KeyFigures
            figures={[
              { label: t('rewards.budget'), value: formats.money(budget.capCents, currency) },
              { label: t('rewards.committed'), value: formats.money(budget.committedCents, currency) },
              { label: t('rewards.left'), value: formats.money(budget.capCents - budget.committedCents, currency) },
            ]}
          />
        ) : (
          <p>{t('rewards.noBudget')}</p>
        )}
        {mayControl && (
          <Form view={view} action={`${path}/budget`} problems={problems?.cap ? { cap: problems.cap } : undefined}>
            <TextField
              view={view}
              name="cap"
              label={t('rewards.budgetUnits', { currency })}
              value={values.cap ?? (budget ? String(budget.capCents / 100) : '')}
              error={problems?.cap}
              isRequired
            />
            <button type="submit">{t('rewards.setBudget')}</button>
          </Form>
        )}
      </Panel>
      <Panel id="prizes" title={t('rewards.prizes')}>
        <DataTable
          view={view}
          caption={t('rewards.prizes')}
          columns={[
            { key: 'prize', head: t('rewards.prize'), cell: (row) => inLanguage(row.title, language, '') },
            { key: 'kind', head: t('rewards.kind'), cell: (row) => t(`rewards.kinds.${row.kind}`) },
            {
              key: 'value',
              head: t('rewards.value'),
              isNumber: true,
              cell: (row) => formats.money(row.valueCents, currency),
            },
            {
              key: 'given',
              head: t('rewards.given'),
              isNumber: true,
              cell: (row) =>
                `${formats.number(row.given)} / ${row.stock === null ? t('rewards.unlimited') : formats.number(row.stock)}`,
            },
            {
              key: 'do',
              head: '',
              cell: (row) =>
                mayControl && !row.isRetired ? (
                  <ActionButton action={`${path}/prize`} text={t('rewards.retire')} fields={{ retire: row.id }} />
                ) : (
                  ''
                ),
            },
          ]}
          rows={prizes}
          url={() => path}
          empty={<p>{t('rewards.noPrizes')}</p>}
        />
        {mayControl && (
          <details open={problems?.title !== undefined || problems?.value !== undefined || prizes.length === 0}>
            <summary>{t('rewards.add')}</summary>
            <Form view={view} action={`${path}/prize`}>
              <TextField
                view={view}
                name="title"
                label={t('rewards.prize')}
                value={values.title}
                error={problems?.title}
                maxlength={120}
                isRequired
              />
              <SelectField
                view={view}
                name="kind"
                label={t('rewards.kind')}
                choices={prizeKinds.map((kind) => ({ value: kind, text: t(`rewards.kinds.${kind}`) }))}
                value={values.kind}
                isRequired
              />
              <TextField
                view={view}
                name="value"
                label={t('rewards.valueUnits', { currency })}
                value={values.value}
                error={problems?.value}
                isRequired
              />
              <TextField
                view={view}
                name="stock"
                label={t('rewards.stock')}
                hint={t('rewards.stockHint')}
                value={values.stock}
                error={problems?.stock}
              />
              <button type="submit" class="primary">
                {t('rewards.add')}
              </button>
            </Form>
          </details>
        )}
      </Panel>
      {mayControl && mayMeet && budget && open.length > 0 && (
        <Panel id="give" title={t('rewards.give')}>
          {people.length === 0 ? (
            <p>{t('rewards.noParticipants')}</p>
          ) : (
            <Form view={view} action={`${path}/give`}>
              <input type="hidden" name="requestKey" value={props.requestKey} />
              <SelectField
                view={view}
                name="prize"
                label={t('rewards.prize')}
                choices={open.map(({ id, title, valueCents }) => ({
                  value: id,
                  text: `${inLanguage(title, language, '')}, ${formats.money(valueCents, currency)}`,
                }))}
                isRequired
              />
              <SelectField
                view={view}
                name="contact"
                label={t('rewards.toWhom')}
                choices={people.map(({ contactId, name }) => ({ value: contactId, text: name }))}
                isRequired
              />
              <button type="submit" class="primary">
                {t('rewards.giveNow')}
              </button>
            </Form>
          )}
        </Panel>
      )}
      {mayMeet && (
        <Panel id="given" title={t('rewards.list')} note={t('rewards.disclaimer')}>
          <DataTable
            view={view}
            caption={t('rewards.list')}
            columns={[
              { key: 'who', head: t('rewards.beneficiary'), cell: (row) => row.name },
              { key: 'prize', head: t('rewards.prize'), cell: (row) => inLanguage(row.title, language, '') },
              {
                key: 'value',
                head: t('rewards.value'),
                isNumber: true,
                cell: (row) => formats.money(row.valueCents, currency),
              },
              { key: 'status', head: t('rewards.status'), cell: (row) => t(`rewards.statuses.${row.status}`) },
              {
                key: 'do',
                head: '',
                cell: (row) =>
                  mayControl && row.status === 'awarded' ? (
                    <div class="toolbar">
                      <ActionButton action={`${path}/state`} text={t('rewards.deliver')} fields={{ deliver: row.id }} />
                      <ActionButton action={`${path}/state`} text={t('rewards.cancel')} fields={{ cancel: row.id }} />
                    </div>
                  ) : (
                    ''
                  ),
              },
            ]}
            rows={rewards}
            url={() => path}
            empty={<p>{t('rewards.noRewards')}</p>}
          />
        </Panel>
      )}
    </ChallengeFrame>
  )
}
