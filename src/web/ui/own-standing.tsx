import type { FC } from 'hono/jsx'
import type { OwnView } from '../../challenge/ranking/own-view.ts'
import { drawJourney } from '../../challenge/theme/drawing.ts'
import { placeInWords, placeOf, themeOf } from '../../challenge/theme/journey.ts'
import type { View } from '../view.ts'
import { JourneyMap } from './journey-map.tsx'

const initialsOf = (name: string): string =>
  name
    .split(/[\s-]+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]!.toUpperCase())
    .join('')

/** Where one stands and how far one has come: the first three, one's own surroundings, and the journey drawn. */
export const OwnStanding: FC<{ view: View; themeName: string | undefined; standing: OwnView }> = ({
  view,
  themeName,
  standing: { progress, board, others },
}) => {
  const { t, formats, language } = view
  const theme = themeOf(themeName)
  const place = placeOf(theme, progress)
  const words = placeInWords(theme, place, language)
  return (
    <section aria-labelledby="standing">
      <h2 id="standing">{t('ranking.title')}</h2>
      {!board && <p>{t('ranking.hiddenOwn')}</p>}
      {board && !board.own && <p>{t('ranking.notYet')}</p>}
      {board?.own && (
        <p>
          {board.own.rank === 1
            ? t('ranking.first')
            : t('ranking.gap', { points: formats.number(Math.max(1, board.own.gap)) })}
        </p>
      )}
      {board && board.rows.length > 0 && (
        <table class="standing">
          <thead>
            <tr>
              <th scope="col">{t('ranking.rank')}</th>
              <th scope="col">{t('ranking.name')}</th>
              <th scope="col">{t('ranking.points')}</th>
            </tr>
          </thead>
          <tbody>
            {board.rows.map((row, at) => (
              <>
                {at === board.gapBefore && (
                  <tr>
                    <td colspan={3}>…</td>
                  </tr>
                )}
                <tr class={row.isOwn ? 'is-own' : undefined}>
                  <td>{formats.number(row.rank)}</td>
                  <td>
                    {row.name}
                    {row.isOwn && ` (${t('ranking.own')})`}
                  </td>
                  <td>{formats.number(row.points)}</td>
                </tr>
              </>
            ))}
          </tbody>
        </table>
      )}
      <JourneyMap
        label={t('ranking.mapOf', { theme: theme.title[language], stop: place.at[language], place: words })}
        drawing={drawJourney(
          theme,
          [
            ...others.map((one) => ({ initials: initialsOf(one.name), progress: one.progress })),
            { initials: '', progress, isOwn: true },
          ],
          language,
        )}
      />
      <p>{words}</p>
    </section>
  )
}
