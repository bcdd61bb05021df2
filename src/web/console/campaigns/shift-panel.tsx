import type { FC } from 'hono/jsx'
import type { ChannelName } from '../../../words.ts'
import { Channel } from '../../labels.tsx'
import type { View } from '../../view.ts'
import type { ChannelMove } from './channel-shift.ts'
import type { Outcomes } from './funnel.ts'

export interface Shift {
  before: string
  after: string
  kept: number
  moves: ChannelMove[]
}

/** How answers to one step changed the route of the next, and what people did with their chances. */
export const ShiftPanel: FC<{ view: View; shifts: Shift[]; outcomes: Outcomes[] }> = ({ view, shifts, outcomes }) => {
  const { t, formats } = view
  const chip = (channel: ChannelName | null) =>
    channel ? <Channel view={view} channel={channel} /> : <span class="channel c-none">{t('shift.nothing')}</span>
  return (
    <section class="shift" aria-labelledby="shift-title">
      <h2 id="shift-title">{t('shift.title')}</h2>
      <div class="two">
        {shifts.map((shift) => (
          <section class="panel">
            <h3>{t('shift.moved')}</h3>
            <p class="note">{t('shift.lead', { before: shift.before, after: shift.after })}</p>
            {shift.moves.length > 0 ? (
              <table class="figures">
                <thead>
                  <tr>
                    <th scope="col">{t('shift.from')}</th>
                    <th scope="col">{t('shift.to')}</th>
                    <th scope="col">{t('shift.contacts')}</th>
                  </tr>
                </thead>
                <tbody>
                  {shift.moves.map((move) => (
                    <tr>
                      <td class="text">{chip(move.from)}</td>
                      <td class="text">{chip(move.to)}</td>
                      <td>{formats.number(move.contacts)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            ) : (
              <p>{t('shift.none')}</p>
            )}
            <p class="note">{t('shift.kept', { count: shift.kept })}</p>
          </section>
        ))}
        {outcomes.length > 0 && (
          <section class="panel">
            <h3>{t('shift.learned')}</h3>
            <p class="note">{t('shift.learnedLead')}</p>
            <table class="figures">
              <thead>
                <tr>
                  <th scope="col">{t('campaign.channel')}</th>
                  <th scope="col">{t('shift.actedCount')}</th>
                  <th scope="col">{t('shift.missedCount')}</th>
                  <th scope="col">{t('shift.pendingCount')}</th>
                </tr>
              </thead>
              <tbody>
                {outcomes.map((row) => (
                  <tr>
                    <th scope="row">
                      <Channel view={view} channel={row.channel} />
                    </th>
                    <td>
                      {formats.number(row.acted)}
                      <small>{formats.share(row.acted, row.acted + row.missed)}</small>
                    </td>
                    <td>{formats.number(row.missed)}</td>
                    <td>{formats.number(row.pending)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </div>
    </section>
  )
}
