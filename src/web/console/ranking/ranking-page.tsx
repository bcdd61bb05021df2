import type { FC } from 'hono/jsx'
import type { DropFound } from '../../../challenge/active.ts'
import type { Challenge } from '../../../challenge/challenge.ts'
import type { ChallengeRules } from '../../../challenge/definition.ts'
import type { Ranked, RankingOf } from '../../../challenge/ranking/board.ts'
import { rankedBy } from '../../../challenge/ranking/board.ts'
import { drawJourney } from '../../../challenge/theme/drawing.ts'
import { placeInWords, placeOf, themeOf } from '../../../challenge/theme/journey.ts'
import { tierOf } from '../../../challenge/tiers.ts'
import type { Board } from '../../../db/schema/standing.ts'
import { JourneyMap } from '../../ui/journey-map.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import { DataTable } from '../../ui/table.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { inLanguage, type View } from '../../view.ts'
import type { CampaignRow } from '../campaigns/queries.ts'
import { ChallengeFrame, titleOf } from './challenge-tabs.tsx'

interface RankingProps {
  view: View
  campaign: CampaignRow
  challenge: Challenge
  list: RankingOf
  boards: readonly Board[]
  leagues: readonly number[]
  rows: readonly Ranked[]
  /** For the map: the first of the list by progress. */
  travellers: readonly Ranked[]
  next?: number | undefined
  isContinued: boolean
  isHidden: boolean
  drop: DropFound
  url(change: Record<string, string | undefined>): string
}

/** One or two letters of a name. */
export const initialsOf = (name: string): string =>
  name
    .split(/[\s-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]!.toUpperCase())
    .join('')

/** The tier that points come to, and what is missing to the next. */
const TierText: FC<{ view: View; rules: ChallengeRules; points: number }> = ({ view, rules, points }) => {
  const { t, language } = view
  const standing = tierOf(rules, points)
  if (!standing) return null
  const { tier, next, toNext } = standing
  return (
    <>
      {tier ? inLanguage(tier.title, language, tier.name) : t('ranking.noTier')}
      {next && (
        <small>{t('ranking.toNextTier', { points: toNext, tier: inLanguage(next.title, language, next.name) })}</small>
      )}
    </>
  )
}

const Participation: FC<{ view: View; drop: DropFound }> = ({ view, drop }) => {
  const { participation, baseline, because, notNow } = drop
  const { t, formats } = view
  if (!participation) return <p>{t('ranking.noBaseline')}</p>
  const { from, to, active, registered } = participation
  return (
    <p>
      {t('ranking.participationWeek', {
        ...{ from: formats.date(new Date(`${from}T12:00:00Z`)), to: formats.date(new Date(`${to}T12:00:00Z`)) },
        ...{ active, registered },
      })}{' '}
      {baseline !== undefined && `${t('ranking.participationUsual', { share: formats.share(baseline, 1) })} `}
      {because === 'no_baseline'
        ? t('ranking.noBaseline')
        : because === 'steady'
          ? t('ranking.steady')
          : t(notNow ? `ranking.droppedNotNow.${notNow}` : 'ranking.dropped')}
    </p>
  )
}

/** The lists of a challenge as head office sees them: whole, at any time. */
export const RankingPage: FC<RankingProps> = (props) => {
  const { view, campaign, challenge, list, boards, leagues, rows, travellers, isHidden, drop, url } = props
  const { t, formats, language } = view
  const theme = themeOf(challenge.rules.theme)
  return (
    <ChallengeFrame
      view={view}
      campaign={campaign}
      title={t('ranking.of', { campaign: titleOf(view, campaign) })}
      lead={t('ranking.lead')}
      tab="ranking"
    >
      {isHidden && <Flash tone="warning">{t('ranking.hidden')}</Flash>}
      <Panel id="participation" title={t('ranking.participation')}>
        <Participation view={view} drop={drop} />
      </Panel>
      <Tabs
        label={t('ranking.title')}
        tabs={boards.map((board) => ({
          text: t(`ranking.boards.${board}`),
          href: url({ board, league: undefined, cursor: undefined }),
          isCurrent: board === list.board,
        }))}
      />
      <Tabs
        label={t('ranking.title')}
        tabs={rankedBy.map((by) => ({
          text: t(`ranking.by.${by}`),
          href: url({ by, cursor: undefined }),
          isCurrent: by === list.by,
        }))}
      />
      {leagues.length > 1 && (
        <Tabs
          label={t('ranking.league', { league: '' }).trim()}
          tabs={leagues.map((league) => ({
            text: t('ranking.league', { league }),
            href: url({ league: String(league), cursor: undefined }),
            isCurrent: league === list.league,
          }))}
        />
      )}
      <DataTable
        view={view}
        caption={t('ranking.title')}
        columns={[
          { key: 'rank', head: t('ranking.rank'), cell: (row) => formats.number(row.rank) },
          { key: 'name', head: t('ranking.name'), cell: (row) => row.name },
          { key: 'points', head: t('ranking.points'), isNumber: true, cell: (row) => formats.number(row.points) },
          ...(challenge.rules.tiers
            ? [
                {
                  key: 'tier',
                  head: t('ranking.tier'),
                  cell: (row: Ranked) => <TierText view={view} rules={challenge.rules} points={row.points} />,
                },
              ]
            : []),
          {
            key: 'progress',
            head: t('ranking.progress'),
            isNumber: true,
            cell: (row) => (row.progress < 0 ? t('ranking.noObjective') : formats.share(row.progress, 1000)),
          },
          {
            key: 'place',
            head: t('ranking.place'),
            cell: (row) => placeInWords(theme, placeOf(theme, row.progress), language),
          },
        ]}
        rows={rows}
        url={url}
        next={props.next === undefined ? undefined : String(props.next)}
        isContinued={props.isContinued}
        empty={<p>{t('ranking.empty')}</p>}
      />
      <Panel id="map" title={t('ranking.map')} note={theme.title[language]}>
        <JourneyMap
          label={t('ranking.mapAll', { theme: theme.title[language] })}
          drawing={drawJourney(
            theme,
            travellers.map(({ name, progress }) => ({ initials: initialsOf(name), progress })),
            language,
          )}
        />
        <ol class="journey-stops" start={0}>
          {theme.stops.map((stop, at) => (
            <li>{at === 0 ? stop.name[language] : `${at} ${stop.name[language]}`}</li>
          ))}
        </ol>
      </Panel>
    </ChallengeFrame>
  )
}
