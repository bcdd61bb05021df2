import { describe, expect, test } from 'vitest'
import { exclusionCodes, factCodes, headCodes, reasonCodes } from '../../src/routing/codes.ts'
import { explain } from '../../src/routing/explain.ts'
import { route } from '../../src/routing/route.ts'
import type { Because } from '../../src/routing/types.ts'
import { languages } from '../../src/words.ts'
import { address, belief, notice, reachableBy, scene } from './cast.ts'
import { becauseOfEveryCode } from './every-code.ts'

/** French puts no-break spaces before some signs; here they are shown as plain ones. */
const plain = (sentence: string) => sentence.replace(/[\u00a0\u202f]/g, ' ')
const said = (because: readonly Because[]) => languages.map((language) => plain(explain(because, language)))

test('an SMS that was learned, with its hours, its price and the mailbox it replaces', () => {
  const contact = { email: address('atelier@example.test', { isShared: true }) }
  const decision = route(scene({ contact, input: { beliefs: { sms: belief(0.47, 3, 4), email: belief(0.3) } } }))
  expect(said(decision.because)).toEqual([
    'SMS : 3 réponses sur 4 envois récents (47 %), dans la plage 8 h–20 h, 0,07 € ; e-mail écarté : boîte partagée',
    'SMS: 3 answers to 4 recent messages (47%), within 8:00–20:00, €0.07; e-mail not used: shared mailbox',
  ])
})

test('somebody new is written to as their profile usually is', () => {
  const beliefs = { sms: belief(0.35), email: belief(0.08) }
  const now = new Date('2026-11-24T06:45:00Z')
  const decision = route(
    scene({ contact: { profile: 'field' }, message: { class: 'transactional' }, input: { beliefs, now } }),
  )
  expect(said(decision.because)).toEqual([
    'SMS : canal habituel du profil Terrain (35 % de réponses attendues), à toute heure (réponse à son propre geste), 0,07 €',
    'SMS: usual channel of the field profile (35% answers expected), at any hour (answers their own act), €0.07',
  ])
})

test('a switch tells what was compared', () => {
  const decision = route(scene({ input: { beliefs: { email: belief(0.33, 1, 4), sms: belief(0.47, 3, 4) } } }))
  expect(said(decision.because)).toEqual([
    'SMS : 3 réponses sur 4 envois récents (47 %), mieux suivi que e-mail, dans la plage 8 h–20 h, 0,07 € ; e-mail écarté : moins suivi (33 %)',
    'SMS: 3 answers to 4 recent messages (47%), better answered than e-mail, within 8:00–20:00, €0.07; e-mail not used: less answered (33%)',
  ])
})

test('a message that waits says until when, on the clock of the one who waits', () => {
  const input = { now: new Date('2026-11-21T18:30:00Z') }
  expect(said(route(scene({ contact: reachableBy('sms'), input })).because)).toEqual([
    'SMS : seul canal possible, reporté au lundi 23 novembre à 8 h, prochaine ouverture, 0,07 € ; e-mail écarté : pas d’adresse',
    'SMS: only possible channel, deferred to Monday 23 November at 8:00, the next opening, €0.07; e-mail not used: no address',
  ])
})

test('an urgent notice needs no hours', () => {
  expect(said(route(scene({ message: notice })).because)).toEqual([
    'SMS : urgent, premier canal ouvert, à toute heure (urgence de service), 0,07 €',
    'SMS: urgent, first open channel, at any hour (urgent service), €0.07',
  ])
})

test('somebody unreachable is told of channel by channel', () => {
  const measure = () => undefined
  expect(said(route(scene({ contact: reachableBy(), input: { measure } })).because)).toEqual([
    'Injoignable : e-mail, pas d’adresse ; SMS, pas d’adresse ; intranet, pas de texte pour ce canal',
    'Unreachable: e-mail, no address; SMS, no address; intranet, no words for this channel',
  ])
})

test('what costs less than a cent keeps its tenth, and nothing is called nothing', () => {
  const cost = (millis: number) => said([{ code: 'cost', params: { millis, currency: 'EUR', parts: 1 } }])
  expect(cost(100)).toEqual(['0,001 €', '€0.001'])
  expect(cost(110_000)).toEqual(['1,10 €', '€1.10'])
  expect(cost(0)).toEqual(['Sans coût', 'At no cost'])
})

test('the code of another stage is shown as it is', () => {
  expect(explain([{ code: 'campaign_paused' }], 'fr')).toBe('Campaign_paused')
})

describe.each(languages)('in %s', (language) => {
  test.each(reasonCodes)('%s has words of its own, with every parameter filled', (code) => {
    const sentence = explain([becauseOfEveryCode[code]], language)
    expect(sentence).not.toContain(code)
    expect(sentence).not.toMatch(/undefined|NaN|null|\(\)|_/)
    expect(sentence.length).toBeGreaterThan(2)
  })

  test('no two codes say the same', () => {
    for (const codes of [headCodes, factCodes, exclusionCodes]) {
      const sentences = codes.map((code) => explain([becauseOfEveryCode[code]], language))
      expect(new Set(sentences).size).toBe(sentences.length)
    }
  })
})
