import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { packageRoot } from '../../src/root.ts'

const web = join(packageRoot, 'src/web')
const tokens = readFileSync(join(web, 'styles/tokens.css'), 'utf8')
const sheets = [...readdirSync(join(web, 'styles')).map((name) => join(web, 'styles', name)), join(web, 'relais.css')]
const css = sheets.map((path) => readFileSync(path, 'utf8')).join('\n')

const colours = (text: string) =>
  Object.fromEntries([...text.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!]))
const [light = '', dark = ''] = tokens.split('@media (prefers-color-scheme: dark)')
const themes = { light: colours(light), dark: { ...colours(light), ...colours(dark) } }

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (high + 0.05) / (low + 0.05)
}

/** Success criterion 1.4.3: what is read. */
const read: [ink: string, on: string][] = [
  ...['paper', 'surface', 'raised', 'quiet-soft', 'accent-soft'].flatMap((on): [string, string][] => [
    ['ink', on],
    ['soft', on],
    ['link', on],
  ]),
  ['accent-ink', 'accent'],
  ['accent-ink', 'accent-hover'],
  ['bad-ink', 'bad'],
  ['bad-ink', 'bad-hover'],
  ['frame-ink', 'frame'],
  ['frame-soft', 'frame'],
  ['frame-ink', 'frame-raised'],
  ['sandbox-ink', 'sandbox'],
  ['sandbox-ink', 'sandbox-line'],
  ['bad', 'sandbox'],
  ...['good', 'moving', 'warning', 'bad'].flatMap((tone): [string, string][] => [
    [tone, `${tone}-soft`],
    [tone, 'surface'],
  ]),
]
/** Success criterion 1.4.11: what must be made out, such as the edge of a field. */
const seen: [edge: string, on: string][] = [
  ...['paper', 'surface'].flatMap((on): [string, string][] => [
    ['line-strong', on],
    ['focus', on],
    ['accent', on],
  ]),
  ['spark', 'frame'],
  ['spark', 'frame-raised'],
  ...['sms', 'email', 'print', 'intranet', 'screen'].map((channel): [string, string] => [channel, 'surface']),
]

describe.each(Object.entries(themes))('in the %s', (_, theme) => {
  test.each(read)('%s is read on %s: 4.5 to 1', (ink, on) => {
    expect(contrast(theme[ink]!, theme[on]!)).toBeGreaterThanOrEqual(4.5)
  })
  test.each(seen)('%s is made out on %s: 3 to 1', (edge, on) => {
    expect(contrast(theme[edge]!, theme[on]!)).toBeGreaterThanOrEqual(3)
  })
})

test('every colour has a value in the dark, but those that are the same', () => {
  const same = ['spark']
  expect(Object.keys(colours(light)).filter((name) => !same.includes(name) && !(name in colours(dark)))).toEqual([])
})

test('the sheet uses only tokens that there are', () => {
  const local = new Set([...css.matchAll(/--([a-z-]+):/g)].map(([, name]) => name))
  const used = new Set([...css.matchAll(/var\(--([a-z-]+)/g)].map(([, name]) => name))
  expect([...used].filter((name) => !local.has(name))).toEqual([])
})

test('the sheet holds no rule for a class that no page has', () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(tsx?|js)$/.test(name) && !name.startsWith('words'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
  const text = [
    ...sources(web),
    ...sources(join(packageRoot, 'src/tracking')),
    ...sources(join(packageRoot, 'src/http')),
  ]
    .join('\n')
    .replaceAll(/\$\{[^}]*\}/g, '*')
  const classes = new Set([...css.matchAll(/\.([a-z][a-z-]*[a-z])(?=[\s,.:{>)+~[])/g)].map(([, name]) => name!))
  // `c-sms`, `fill-sms` and the tones of a state are put together from a word.
  const composed = /^(c|fill|v)-/
  const unused = [...classes].filter((name) => !composed.test(name) && !new RegExp(`\\b${name}\\b`).test(text))
  expect(unused).toEqual([])
})
