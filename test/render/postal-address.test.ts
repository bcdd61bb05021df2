import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PostalParts, postalAddress } from '../../src/render/postal-address.ts'

const address = (change: Partial<PostalParts> = {}) =>
  postalAddress({
    organisation: 'Vidal & Fils',
    person: 'M. Anatole Royer',
    street: '55 place Lambert',
    postcode: '25640',
    city: 'Germondans',
    country: 'FR',
    ...change,
  })

describe('A postal address', () => {
  it('has free names, then capitals without accents or punctuation', () => {
    expect(
      address({ street: "12 bis, rue de l'Église-Saint-Œuf", complement: 'B.P. 30', city: 'Condé-sur-Ifs' }),
    ).toEqual({
      lines: [
        'Vidal & Fils',
        'M. Anatole Royer',
        '12 BIS RUE DE L EGLISE SAINT OEUF',
        'B P 30',
        '25640 CONDE SUR IFS',
      ].map((line) => line.replace('12 BIS RUE DE L EGLISE SAINT OEUF', '12 BIS RUE DE L EGLISE ST OEUF')),
      postcode: '25640',
      country: 'FR',
    })
  })

  it('names the outlet alone when no person is meant', () => {
    expect(address({ person: undefined })).toMatchObject({
      lines: ['Vidal & Fils', '55 PLACE LAMBERT', '25640 GERMONDANS'],
    })
  })

  it('abbreviates the street only beyond 32 characters', () => {
    expect(address({ street: '13 boulevard Rey' })).toMatchObject({
      lines: expect.arrayContaining(['13 BOULEVARD REY']),
    })
    expect(address({ street: '1313 boulevard du Général de Gaulle' })).toMatchObject({
      lines: expect.arrayContaining(['1313 BD DU GENERAL DE GAULLE']),
    })
  })

  it('breaks a long company name over two lines, at a space', () => {
    expect(
      address({
        organisation: 'Société des Établissements Dumont et Brunet Associés',
        person: 'Mme Scholastique Lemaire',
      }),
    ).toMatchObject({
      lines: [
        'Société des Établissements Dumont et',
        'Brunet Associés',
        'Mme Scholastique Lemaire',
        '55 PLACE LAMBERT',
        '25640 GERMONDANS',
      ],
    })
  })

  it('puts the country last for foreign addresses only', () => {
    expect(address({ country: 'BE', postcode: '1000', city: 'Bruxelles' })).toMatchObject({
      lines: expect.arrayContaining(['1000 BRUXELLES', 'BELGIQUE']),
    })
    expect(address({ country: 'RE', postcode: '97400', city: 'Saint-Denis' })).toMatchObject({
      lines: ['Vidal & Fils', 'M. Anatole Royer', '55 PLACE LAMBERT', '97400 SAINT DENIS'],
    })
  })

  it.each([
    [{ street: '' }, 'address.street'],
    [{ postcode: 'ABCDE' }, 'address.postcode'],
    [{ postcode: '' }, 'address.postcode'],
    [{ city: null }, 'address.city'],
    [{ organisation: 'x'.repeat(39) }, 'address.name'],
    [{ organisation: 'mot '.repeat(30) }, 'address.name'],
    [{ street: '1 chemin des Très Longues Vignes du Bout du Monde' }, 'address.tooLong'],
  ] as const)('is refused rather than cut: %j', (change, problem) => {
    expect(address(change)).toMatchObject({ problem })
  })

  it('never has more than 6 lines of 38 characters, 7 abroad', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(
      fc.property(
        text,
        text,
        text,
        text,
        fc.constantFrom('FR', 'RE', 'BE', 'XX'),
        (organisation, person, street, complement, country) => {
          const found = address({ organisation, person, street, complement, country })
          if (found.problem) return
          expect(found.lines.length).toBeLessThanOrEqual(country === 'FR' || country === 'RE' ? 6 : 7)
          for (const line of found.lines) expect(line.length).toBeLessThanOrEqual(38)
        },
      ),
    )
  })
})
