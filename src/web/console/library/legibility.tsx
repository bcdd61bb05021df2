import type { FC } from 'hono/jsx'
import type { Brand } from '../../../library/brand.ts'
import { type Colour, contrast, readableRatio } from '../../../render/contrast.ts'
import { darkCard, tonesOf } from '../../../render/look.ts'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'

const Swatch: FC<{ ground: Colour; text: Colour; word: string }> = ({ ground, text, word }) => (
  <svg class="swatch" viewBox="0 0 64 32" aria-hidden="true">
    <rect width="64" height="32" rx="6" fill={ground} />
    <text x="32" y="21" text-anchor="middle" font-size="14" font-weight="600" fill={text}>
      {word}
    </text>
  </svg>
)

/** What the chosen colours measure, and what is done where text in them could not be read. */
export const Legibility: FC<{ view: View; brand: Brand }> = ({ view, brand }) => {
  const { t, formats } = view
  const tones = tonesOf(brand)
  // Cut off, not rounded: 4.49 must not look as if it passed.
  const said = (one: Colour, other: Colour) => formats.number(Math.floor(contrast(one, other) * 10) / 10)
  const onWhite = contrast(brand.main, '#ffffff')
  const rows = [
    {
      swatch: <Swatch ground="#ffffff" text={tones.link} word="Aa" />,
      text:
        onWhite >= readableRatio
          ? t('library.brand.textFits', { ratio: said(brand.main, '#ffffff') })
          : t('library.brand.textDarkened', {
              ratio: said(brand.main, '#ffffff'),
              colour: tones.link,
              now: said(tones.link, '#ffffff'),
            }),
    },
    {
      swatch: <Swatch ground={tones.button} text={tones.buttonText} word="Aa" />,
      text:
        tones.buttonText === '#ffffff'
          ? t('library.brand.buttonWhite', { ratio: said(tones.button, '#ffffff') })
          : t('library.brand.buttonBlack', {
              ratio: said(tones.button, tones.buttonText),
              white: said(tones.button, '#ffffff'),
            }),
    },
    {
      swatch: <Swatch ground={darkCard} text={tones.linkDark} word="Aa" />,
      text: t('library.brand.dark', { colour: tones.linkDark, ratio: said(tones.linkDark, darkCard) }),
    },
    {
      swatch: <Swatch ground={brand.accent} text={brand.accent} word="" />,
      text: t('library.brand.accentNote', { ratio: said(brand.accent, '#ffffff') }),
    },
  ]
  return (
    <Panel title={t('library.brand.contrast')} id="contrast" note={t('library.brand.contrastNote')}>
      <ul class="swatches">
        {rows.map(({ swatch, text }) => (
          <li>
            {swatch}
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
