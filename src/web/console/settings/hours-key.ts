import type { EmailHoursKey, Override, RoutingOverrides } from '../../../network/routing-settings.ts'
import { defaultPolicy } from '../../../routing/default-policy.ts'
import { byCountryRow } from '../../../routing/policy.ts'
import type { Dated, OpeningHours, QuietHours } from '../../../routing/types.ts'
import { profiles } from '../../../words.ts'

/** Which window of hours a page is about, as its address says: country-FR, email-field, night. */
export type WindowKey =
  | { kind: 'country'; path: string; country: string }
  | { kind: 'email'; path: string; key: EmailHoursKey }
  | { kind: 'night'; path: string }

/** Undefined for an address that names none. */
export function windowKey(path: string): WindowKey | undefined {
  if (path === 'night') return { kind: 'night', path }
  if (path === 'country-other') return { kind: 'country', path, country: '*' }
  const [, country] = /^country-([A-Z]{2})$/.exec(path) ?? []
  if (country) return { kind: 'country', path, country }
  const key = (['default', ...profiles] as const).find((one) => path === `email-${one}`)
  return key && { kind: 'email', path, key }
}

export interface WindowNow {
  soft: OpeningHours
  /** Only for countries: what the law allows marketing, or null. */
  quiet?: QuietHours
  shipped: Pick<Dated<unknown>, 'source' | 'status' | 'checkedOn'>
  own?: Override<unknown>
}

/** How a window stands for a network. */
export function windowNow(window: WindowKey, own: RoutingOverrides): WindowNow {
  const { quietHours, emailHours, nightRest } = defaultPolicy.values
  if (window.kind === 'country') {
    const set = own.quietHours?.[window.country]
    const quiet = set?.value ?? (byCountryRow(quietHours.value, window.country) as QuietHours)
    return { soft: quiet.soft, quiet, shipped: quietHours, own: set }
  }
  if (window.kind === 'night')
    return {
      soft: own.nightRest?.value ?? nightRest?.value ?? {},
      shipped: nightRest ?? quietHours,
      own: own.nightRest,
    }
  const set = own.emailHours?.[window.key]
  const soft =
    set?.value ?? emailHours?.value[window.key] ?? own.emailHours?.default?.value ?? emailHours?.value.default ?? {}
  return { soft, shipped: emailHours ?? quietHours, own: set }
}

/** The network's own figures with this window set, or taken away. */
export function withWindow(
  own: RoutingOverrides,
  window: WindowKey,
  set: { quiet: Override<QuietHours>; week: Override<OpeningHours> } | undefined,
): RoutingOverrides {
  if (window.kind === 'country') return { ...own, quietHours: changed(own.quietHours, window.country, set?.quiet) }
  if (window.kind === 'email') return { ...own, emailHours: changed(own.emailHours, window.key, set?.week) }
  const { nightRest: _, ...rest } = own
  return set ? { ...rest, nightRest: set.week } : rest
}

/** A table with one row put in or taken out. */
export function changed<T>(
  table: Readonly<Record<string, T>> | undefined,
  key: string,
  row: T | undefined,
): Record<string, T> {
  const { [key]: _, ...rest } = table ?? {}
  return row === undefined ? rest : { ...rest, [key]: row }
}
