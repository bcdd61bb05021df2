import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { smsSize } from '../../src/render/sms-parts.ts'
import { transliterate } from '../../src/render/transliterate.ts'

const times = (text: string, count: number) => text.repeat(count)

describe('The parts of a text message', () => {
  it.each([
    ['160 A', times('A', 160), 1],
    ['161 A', times('A', 161), 2],
    ['306 A', times('A', 306), 2],
    ['307 A', times('A', 307), 3],
    ['70 ê', times('ê', 70), 1],
    ['71 ê', times('ê', 71), 2],
    ['134 ê', times('ê', 134), 2],
    ['135 ê', times('ê', 135), 3],
    ['80 €', times('€', 80), 1],
    ['81 €', times('€', 81), 2],
    ['a € that would straddle two parts', `${times('A', 152)}€${times('A', 152)}`, 3],
    ['a € that ends a part exactly', `${times('A', 153)}€${times('A', 151)}`, 2],
    ['a surrogate pair that would straddle', `${times('ê', 66)}🙂${times('ê', 66)}`, 3],
    ['a surrogate pair that begins a part', `${times('ê', 67)}🙂${times('ê', 65)}`, 2],
    ['nothing', '', 0],
  ])('of %s are counted as the network counts them', (_, text, parts) => {
    expect(smsSize(text).parts).toBe(parts)
  })

  it.each([...'éèàùìòÇüöäñæßåÉÄÖÜÑÅ'])('stay GSM-7 with %s', (character) => {
    expect(smsSize(character)).toEqual({ encoding: 'GSM-7', length: 1, parts: 1 })
  })

  it.each([...'€^[]{}~|\\'])('count %s twice', (character) => {
    expect(smsSize(character).length).toBe(2)
  })

  it.each([...'çêëîïôûâœÀÈÊÂÎÔÛÙ’«»–—…°•', '\u00a0', '\u202f', '🙂', 'e\u0301'])(
    'become UCS-2 with %s',
    (character) => {
      expect(smsSize(character).encoding).toBe('UCS-2')
    },
  )

  it('never hold less than one character each, nor more than the network carries', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-composite', maxLength: 500 }), (text) => {
        const { encoding, length, parts } = smsSize(text)
        const each = encoding === 'GSM-7' ? 153 : 67
        const alone = encoding === 'GSM-7' ? 160 : 70
        expect(parts).toBeGreaterThanOrEqual(length <= alone ? Math.min(length, 1) : Math.ceil(length / each))
        expect(parts).toBeLessThanOrEqual(length <= alone ? 1 : Math.ceil(length / (each - 1)) + 1)
      }),
    )
  })
})

describe('Transliteration', () => {
  it.each([
    [
      'Réseau Manor : fermeture exceptionnelle de la centrale demain dès 8h. Détails : rl.fr/a1B2c3 STOP au 36180',
      { encoding: 'GSM-7', length: 106, parts: 1 },
      106,
    ],
    [
      'N’oubliez pas : la fenêtre de commande ferme ce soir à 18 h. Reçu ? Répondez OK.',
      { encoding: 'UCS-2', length: 80, parts: 2 },
      80,
    ],
    [
      'Félicitations Loïc ! Vous êtes 3e du challenge « Grand Nord » : 1 240 points. Cœur de cible : n°5…',
      { encoding: 'UCS-2', length: 98, parts: 2 },
      101,
    ],
  ])('brings a real sentence to one part: %s', (text, before, lengthAfter) => {
    expect(smsSize(text)).toEqual(before)
    expect(smsSize(transliterate(text))).toEqual({ encoding: 'GSM-7', length: lengthAfter, parts: 1 })
  })

  it('changes only what GSM-7 has not', () => {
    expect(transliterate('éèàù ê ç ô œ « a » ’ … ° \u00a0À')).toBe('éèàù e c o oe " a " \' ... o  A')
  })

  it('composes the accents of macOS before anything else', () => {
    expect(transliterate('e\u0301te\u0301')).toBe('été')
  })

  it('leaves what has no substitute, and whole', () => {
    expect(transliterate('👨‍👩‍👧 שלום Привет')).toBe('👨‍👩‍👧 שלום Привет')
  })

  it('counts the STOP texts as their providers do', () => {
    expect(' STOP au 36180').toHaveLength(14)
    expect(smsSize(' STOP au 36180').length).toBe(14)
    expect(smsSize('STOP 36180').length).toBe(10)
  })

  it('is done once: doing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (text) => {
        const once = transliterate(text)
        expect(transliterate(once)).toBe(once)
      }),
    )
  })
})
