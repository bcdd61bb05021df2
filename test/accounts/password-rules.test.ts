import { expect, test } from 'vitest'
import { passwordFault } from '../../src/accounts/password-rules.ts'

const marie = ['Marie Vauquelin', 'marie.vauquelin@maison-vauquelin.fr', 'Maison Vauquelin']

test.each([
  'la grenouille traverse la Marne',
  'correct horse battery staple',
  '7 pommes, 2 camions et un parapluie',
  'ZxTq4-Lm9pW-r2Kd8',
  'トマトときゅうりとなすとにんじん',
])('“%s” is good', (password) => {
  expect(passwordFault(password, marie)).toBeUndefined()
})

test.each([
  ['', 'short'],
  ['quatorze lettr', 'short'],
  ['é'.repeat(129), 'long'],
  ['passwordpassword', 'common'],
  ['Motdepasse123456', 'common'],
  ['M0tdepasse-2026!', undefined],
  ['azertyuiopqsdfghjklm', 'common'],
  ['aaaaaaaaaaaaaaaaaaaa', 'common'],
  ['abababababababababab', 'common'],
  ['123456789012345678', 'common'],
  ['Bienvenue2026!!!!!', 'common'],
  ['relais-campagne-2026', 'common'],
  ['marie.vauquelin.2026', 'personal'],
  ['Maison Vauquelin 51', 'personal'],
])('“%s” is %s', (password, fault) => {
  expect(passwordFault(password, marie)).toBe(fault)
})

test('length is counted in characters, so that an emoji is one', () => {
  expect(passwordFault('🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤', [])).toBe('short')
})

test('a long input is looked at in no time', () => {
  const started = performance.now()
  passwordFault('ab'.repeat(64), marie)
  passwordFault('a'.repeat(1_000_000), marie)
  expect(performance.now() - started).toBeLessThan(1000)
})
