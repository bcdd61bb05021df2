import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import type { Challenge } from '../../../challenge/challenge.ts'
import type { Closing, ClosingRefusal, Winner } from '../../../challenge/winners/closing.ts'
import type { ImageConsent, WinnerPicture } from '../../../challenge/winners/image.ts'
import { imageWording } from '../../../challenge/winners/wording.ts'
import type { winnerClaims } from '../../../db/schema.ts'
import { TextArea, TextField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import type { View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'

export interface NamedWinner extends Winner {
  name: string
  consent?: ImageConsent | undefined
}

interface WinnersProps {
  view: View
  campaign: CampaignRow
  challenge: Challenge
  closing: Closing | undefined
  winners: readonly NamedWinner[]
  claims: readonly (typeof winnerClaims.$inferSelect & { name: string })[]
  pictures: readonly (WinnerPicture & { mayBeShown: boolean; name: string })[]
  refused?: ClosingRefusal | undefined
  problems?: Problems | undefined
}

const Claims: FC<{ props: WinnersProps; mayControl: boolean; path: string }> = ({ props, mayControl, path }) => {
  const { view, claims } = props
  const { t, formats } = view
  if (claims.length === 0) return <p>{t('winners.noClaims')}</p>
  return (
    <ul class="plain">
      {claims.map((claim) => (
        <li>
          <p>
            <strong>{t('winners.claimBy', { name: claim.name, at: formats.short(claim.raisedAt) })}</strong>,{' '}
            {t(`winners.claimStates.${claim.status}`)}
          </p>
          <p>{claim.text}</p>
          {claim.answer && <p>{claim.answer}</p>}
          {claim.status === 'open' && mayControl && (
            <form class="form" method="post" action={`${path}/claim`}>
              <input type="hidden" name="claim" value={claim.id} />
              <TextArea view={view} name={`answer-${claim.id}`} label={t('winners.answer')} rows={2} maxlength={1000} />
              <div class="buttons">
                <button type="submit" name="status" value="upheld" class="primary">
                  {t('winners.uphold')}
                </button>
                <button type="submit" name="status" value="rejected">
                  {t('winners.reject')}
                </button>
              </div>
            </form>
          )}
        </li>
      ))}
    </ul>
  )
}

const imageState = (consent: ImageConsent | undefined) =>
  consent === undefined ? 'none' : consent.isGranted ? 'granted' : 'withdrawn'

const Images: FC<{ props: WinnersProps; path: string }> = ({ props: { view, winners, pictures, problems }, path }) => {
  const { t } = view
  const people = [...new Map(winners.flatMap((one) => (one.contactId ? [[one.contactId, one] as const] : []))).values()]
  return (
    <>
      <blockquote lang={view.language}>{imageWording.text[view.language]}</blockquote>
      {people.map(({ contactId, name, consent }) => (
        <details>
          <summary>
            {name}, {t(`winners.imageStates.${imageState(consent)}`)}
          </summary>
          {consent?.isGranted ? (
            <ActionButton
              action={`${path}/image`}
              text={t('winners.withdraw')}
              fields={{ contact: contactId!, do: 'withdraw' }}
            />
          ) : (
            <Form view={view} action={`${path}/image`} problems={problems}>
              <input type="hidden" name="contact" value={contactId!} />
              <input type="hidden" name="do" value="grant" />
              <TextField view={view} name="signedName" label={t('winners.signedName')} maxlength={200} isRequired />
              <button type="submit">{t('winners.keep')}</button>
            </Form>
          )}
          <Form view={view} action={`${path}/image`}>
            <input type="hidden" name="contact" value={contactId!} />
            <input type="hidden" name="do" value="add" />
            <TextField view={view} name="url" type="url" label={t('winners.film')} maxlength={500} isRequired />
            <button type="submit">{t('winners.addFilm')}</button>
          </Form>
          {pictures
            .filter((picture) => picture.contactId === contactId)
            .map((picture) => (
              <p>
                <a href={picture.url ?? ''} rel="noreferrer">
                  {picture.url}
                </a>
                , {t(picture.publishedAt && picture.mayBeShown ? 'winners.shown' : 'winners.hidden')}{' '}
                {!picture.publishedAt && (
                  <ActionButton
                    action={`${path}/image`}
                    text={t('winners.publishImage')}
                    fields={{ contact: contactId!, do: 'publish', picture: picture.id }}
                    isDisabled={!picture.mayBeShown}
                  />
                )}
              </p>
            ))}
        </details>
      ))}
    </>
  )
}

/** How a challenge ends: the provisional ranking, objections, approval, and pictures of those who won. */
export const WinnersPage: FC<WinnersProps> = (props) => {
  const { view, campaign, challenge, closing, winners, refused } = props
  const { t, formats, user, network } = view
  const path = `/console/campaigns/${campaign.id}/winners`
  const mayControl = user !== undefined && network !== undefined && can(user, 'campaign.control', network.id)
  const mayApprove = user !== undefined && network !== undefined && can(user, 'campaign.approve', network.id)
  const ready = new Date(Math.max(challenge.endsAt.getTime(), challenge.resultsUntil.getTime()))
  return (
    <ChallengeFrame
      view={view}
      campaign={campaign}
      title={t('winners.of', { campaign: titleOf(view, campaign) })}
      lead={t('winners.lead')}
      tab="winners"
    >
      {refused && <Flash tone="bad">{t(`winners.refused.${refused}`)}</Flash>}
      {!closing && (
        <>
          <p>{t('winners.before', { at: formats.short(ready) })}</p>
          {mayControl && <ActionButton action={`${path}/provisional`} text={t('winners.publish')} kind="primary" />}
        </>
      )}
      {closing && (
        <p>
          {t('winners.published', {
            at: formats.short(closing.provisionalAt),
            until: formats.short(closing.claimsUntil),
          })}{' '}
          {closing.approvedAt && t('winners.approved', { at: formats.short(closing.approvedAt) })}
        </p>
      )}
      {closing && !closing.approvedAt && mayApprove && (
        <ActionButton action={`${path}/approve`} text={t('winners.approve')} kind="primary" />
      )}
      {closing && (
        <>
          <DataTable
            view={view}
            caption={t('winners.list')}
            columns={[
              {
                key: 'board',
                head: t('winners.list'),
                cell: (row) =>
                  `${t(`ranking.boards.${row.board}`)}, ${row.by === 'progress' ? t('winners.byProgress') : row.league === 0 ? t('winners.byPoints') : t('ranking.league', { league: row.league })}`,
              },
              { key: 'place', head: t('winners.place'), isNumber: true, cell: (row) => formats.number(row.place) },
              { key: 'who', head: t('winners.who'), cell: (row) => row.name },
              {
                key: 'score',
                head: t('winners.score'),
                isNumber: true,
                cell: (row) => (row.by === 'points' ? formats.number(row.score) : formats.share(row.score, 1000)),
              },
            ]}
            rows={winners}
            url={() => path}
            empty={<p>{t('ranking.empty')}</p>}
          />
          <Panel id="claims" title={t('winners.claims')}>
            <Claims props={props} mayControl={mayControl} path={path} />
          </Panel>
          {mayControl && (
            <Panel id="images" title={t('winners.image')} note={t('winners.imageNote')}>
              <Images props={props} path={path} />
            </Panel>
          )}
        </>
      )}
    </ChallengeFrame>
  )
}
