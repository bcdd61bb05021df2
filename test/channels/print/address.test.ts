import { describe, expect, it } from 'vitest'
import { addressProblem, postalLines } from '../../../channels/print/address.ts'
import { printChannel } from '../../../channels/print/channel.ts'
import { contents, outgoingOf } from '../outgoing.ts'

describe('the lines of a postal address', () => {
  it('end in capitals without accents, the street and the city without punctuation', () => {
    expect(
      postalLines(['Quincaillerie  du Port', '', 'Mme Éloïse Œuvrard', "12, rue de l'Église", '59000 Lille-Œuf']),
    ).toEqual(['Quincaillerie du Port', 'MME ELOISE OEUVRARD', '12 RUE DE L EGLISE', '59000 LILLE OEUF'])
  })

  it('stay as they are when made twice', () => {
    const once = postalLines(contents.print.addressLines)
    expect(postalLines(once)).toEqual(once)
  })

  it.each([
    ['one line only', ['59000 LILLE'], '59000', 'FR', 'address_missing'],
    ['no postcode', ['A', 'B'], ' ', 'FR', 'address_missing'],
    ['39 characters', ['A', 'x'.repeat(39)], '59000', 'FR', 'address_overflow'],
    ['seven lines at home', Array(7).fill('A'), '59000', 'FR', 'address_overflow'],
    ['eight lines abroad', Array(8).fill('A'), '1000', 'BE', 'address_overflow'],
  ])('with %s are refused rather than cut', (_name, lines, postcode, country, code) => {
    expect(addressProblem(lines, postcode, country)).toMatchObject({ code })
  })

  it.each([
    ['38 characters', ['A', 'x'.repeat(38)], 'FR'],
    ['seven lines abroad', Array(7).fill('A'), 'BE'],
    ['six lines overseas', Array(6).fill('A'), 'RE'],
    ['38 letters beyond the basic plane', ['A', '𝒳'.repeat(38)], 'FR'],
  ])('with %s fit', (_name, lines, country) => {
    expect(addressProblem(lines, '97400', country)).toBeUndefined()
  })

  it('are checked before a piece is owed to the print shop', async () => {
    const content = { ...contents.print, addressLines: ['Nobody'] }
    const [receipt] = await printChannel().send([outgoingOf('print', { content })])
    expect(receipt).toMatchObject({ outcome: 'refused', code: 'address_missing', permanent: true })
    const [good] = await printChannel().send([outgoingOf('print')])
    expect(good).toMatchObject({
      outcome: 'accepted',
      row: {
        table: 'pieces',
        addressLines: ['Quincaillerie du Port', 'MME ELOISE OEUVRARD', '12 RUE DE L EGLISE', '59000 LILLE'],
      },
    })
  })
})
