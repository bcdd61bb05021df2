import { describe, expect, it, test } from 'vitest'
import { readPhone } from '../../src/network/phones.ts'
import { ownSmsCountries, smsCountriesOf } from '../../src/network/sms-countries.ts'

const set = (value: unknown) => ({
  defaults: { smsCountries: { value, source: 'ours', checkedOn: '2026-11-22', setBy: 'somebody' } },
})

describe('the countries a network’s texts may go to', () => {
  test.each([
    ['FR', ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT']],
    ['RE', ['FR', 'GP', 'MQ', 'GF', 'RE', 'YT']],
    ['BE', ['BE']],
  ])('from %s, as long as it has not said: %j', (country, countries) => {
    expect(smsCountriesOf({ country, settings: {} })).toEqual(countries)
  })

  it('are those it has opened itself', () => {
    expect(smsCountriesOf({ country: 'FR', settings: set(['FR', 'BE']) })).toEqual(['FR', 'BE'])
  })

  it('an unreadable list opens nothing, and says where it is', () => {
    expect(() => ownSmsCountries(set(['France']))).toThrow(/defaults\.smsCountries\.value/)
    expect(() => ownSmsCountries(set([]))).toThrow(/defaults\.smsCountries/)
  })
})

describe('a number that costs its caller is no mobile', () => {
  test.each([
    ['premium rate', '0899 00 00 00'],
    ['shared cost', '0820 00 00 00'],
    ['toll free', '0800 00 00 00'],
    ['landline', '04 78 00 00 00'],
    ['British personal number', '+44 70 1234 5678'],
    ['American premium rate', '+1 900 555 0123'],
  ])('%s', (_, number) => {
    const read = readPhone(number)
    expect('kind' in read ? read.kind : 'refused').not.toBe('mobile')
  })
})
