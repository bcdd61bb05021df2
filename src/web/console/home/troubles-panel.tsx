import type { FC } from 'hono/jsx'
import type { Trouble } from '../../../network/hygiene.ts'
import { inNetwork } from '../../in-network.ts'
import { DeliveryState } from '../../labels.tsx'
import { Panel } from '../../ui/panel.tsx'
import { inLanguage, type View } from '../../view.ts'
import { breakerReason, breakerSentence } from '../breaker-words.ts'
import { reasonText } from '../reasons.ts'
import { atLeast, Entry } from './entry.tsx'
import { type ClosedStatus, newsDays, type Troubles } from './troubles.ts'

const mostReasons = 8

/** What the hygiene queue calls them. */
const kindOf = { bounced: 'bounced', dead: 'dead', quarantined: 'returned' } as const satisfies Record<
  ClosedStatus,
  Trouble
>

/** What went wrong, each with the way to where it is mended. */
export const TroublesPanel: FC<{ view: View; troubles: Troubles }> = ({ view, troubles }) => {
  const { t, formats } = view
  const isNone = Object.values(troubles).every((list) => list.length === 0)
  return (
    <Panel title={t('home.troubles')} id="troubles" note={t('home.troublesSince', { count: newsDays })}>
      {isNone ? (
        <p class="all-well">{t('home.nothingWrong')}</p>
      ) : (
        <ul class="entries">
          {troubles.breakers.map((breaker) => (
            <Entry href={inNetwork(view, '/console/settings/senders')} note={breakerReason(view, breaker)}>
              {breakerSentence(view, breaker)}
            </Entry>
          ))}
          {troubles.paused.map(({ id, title, name, reason }) => (
            <Entry href={`/console/campaigns/${id}`} note={reason ? reasonText(reason, view.language) : undefined}>
              {t('home.paused', { campaign: inLanguage(title, view.language, name) })}
            </Entry>
          ))}
          {troubles.deliveries.slice(0, mostReasons).map((trouble) => (
            <Entry
              href={inNetwork(view, `/console/outbox?status=${trouble.status}`)}
              count={atLeast(view, trouble)}
              note={trouble.reason ? reasonText(trouble.reason, view.language) : undefined}
            >
              <DeliveryState view={view} status={trouble.status} />
            </Entry>
          ))}
          {troubles.imports.map(({ id, fileName, error, at }) => (
            <Entry href={inNetwork(view, `/console/imports/${id}`)} note={error ?? formats.short(at)}>
              {t('home.importFailed', { file: fileName })}
            </Entry>
          ))}
          {troubles.addresses.map((address) => (
            <Entry
              href={inNetwork(view, `/console/hygiene?kind=${kindOf[address.status]}`)}
              count={atLeast(view, address)}
              note={t('home.addressMend')}
            >
              {t(`home.address.${address.status}`, { count: address.count })}
            </Entry>
          ))}
        </ul>
      )}
    </Panel>
  )
}
