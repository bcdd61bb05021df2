import { describe, expect, test } from 'vitest'
import { reSubject } from '../../src/inbox/compose.ts'
import { excerptOf } from '../../src/inbox/excerpt.ts'
import { filledIn } from '../../src/inbox/saved-answers.ts'

describe('the subject of an answer', () => {
  test.each([
    ['Le défi commence', 'Re: Le défi commence'],
    ['RE: Re : TR: Le défi', 'Re: Le défi'],
    ['Re[2]: AW: Hello', 'Re: Hello'],
    ['Recette du mois', 'Re: Recette du mois'],
    ['', 'Re: Réseau Rhône'],
    ['Re:', 'Re: Réseau Rhône'],
    ['Deux\r\nBcc: x@example.com', 'Re: Deux Bcc: x@example.com'],
  ])('%j becomes %j', (subject, expected) => {
    expect(reSubject(subject, 'Réseau Rhône')).toBe(expected)
  })
})

describe('a saved answer', () => {
  const saved = { text: { fr: 'Bonjour {prénom}, c’est noté !', en: 'Hello {firstName}, noted.' } }
  test('speaks the person’s language and says their first name', () => {
    expect(filledIn(saved, { language: 'en', firstName: 'Karim' }, 'fr')).toBe('Hello Karim, noted.')
  })
  test('leaves no gap where no name is known', () => {
    expect(filledIn(saved, undefined, 'fr')).toBe('Bonjour, c’est noté !')
  })
  test('is given in the other language where it was written in one only', () => {
    expect(filledIn({ text: { fr: 'Merci.' } }, { language: 'en', firstName: null }, 'en')).toBe('Merci.')
  })
})

test('an excerpt is one line, cut at a word', () => {
  expect(excerptOf('Un\n deux')).toBe('Un deux')
  const cut = excerptOf('mot '.repeat(60))
  expect(cut.length).toBeLessThanOrEqual(141)
  expect(cut.endsWith('mot…')).toBe(true)
})
