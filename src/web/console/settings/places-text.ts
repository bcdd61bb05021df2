import type { View } from '../../view.ts'

/** A country in words; `*` stands for all those without a row of their own. */
export const countryName = ({ t, language }: View, code: string): string =>
  code === '*'
    ? t('settings.hours.elsewhere')
    : (new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code)

/** A region of holidays in words: FR-67 is not everybody's. */
export const regionName = (view: View, region: string): string => {
  const [country = region, part] = region.split('-')
  return part ? `${countryName(view, country)} (${part})` : countryName(view, country)
}

/** 25 December 2026, with its weekday. */
export const longDay = ({ language }: View, date: string): string =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  }).format(new Date(`${date}T00:00:00Z`))
