import { describe, expect, test } from 'vitest'
import { messageName, oneOffWords, plainWords, wordsProblems, writtenWords } from '../../src/campaign/one-off.ts'

describe('the words of one message', () => {
  test.each([
    ['**Gras** et *fin*', 'Gras et fin'],
    ['Un [lien](https://x.example.com/a_b) ici', 'Un lien : https://x.example.com/a_b ici'],
    ['[https://x.example.com](https://x.example.com)', 'https://x.example.com'],
    ['# Titre\n\n> cité', 'Titre\n\ncité'],
    ['2 * 3 * 4 = 24', '2 * 3 * 4 = 24'],
    ['nom_de_fichier_long', 'nom_de_fichier_long'],
    ['![plan](https://x.example.com/p.png)Texte', 'Texte'],
  ])('%j is read on a phone as %j', (written, plain) => {
    expect(plainWords(written)).toBe(plain)
  })

  test('come back to the form as they were written', () => {
    const words = {
      fr: { subject: 'Deux points : et "guillemets"', text: 'Ligne\n\n- un\n- deux', sms: 'Court' },
      en: { subject: 'Hello', text: 'Plain' },
    }
    expect(writtenWords(oneOffWords(words, 'message/x'))).toEqual(words)
  })

  test('too long for a screen are not shown on one', () => {
    const channels = oneOffWords({ fr: { subject: 'Long', text: 'mot '.repeat(200) } }, 'message/x').map(
      ({ channel }) => channel,
    )
    expect(channels).toEqual(['sms', 'email', 'print', 'intranet'])
  })

  test('with a fault say it at the field where it is', () => {
    const at = (words: Parameters<typeof wordsProblems>[0]) =>
      wordsProblems(words, 'relational', 'message/x').map(({ language, field }) => `${language} ${field}`)
    expect(at({ fr: { subject: 'S', text: 'Bonjour {{ contact.firstName' } })).toContain('fr text')
    expect(at({ fr: { subject: 'S', text: 'Bonjour', sms: '{{ contact.inconnu }}' } })).toEqual(['fr sms'])
    expect(at({ fr: { subject: 'S', text: 'Bonjour {{ greeting }}' } })).toEqual([])
    expect(
      wordsProblems({ fr: { subject: 'S', text: 'Bonjour', sms: 'STOP' } }, 'contractual', 'message/x'),
    ).toHaveLength(1)
  })

  test('give their campaign a name of the letters names are made of', () => {
    expect(messageName('Réunion d’équipe : jeudi !')).toBe('message-reunion-d-equipe-jeudi')
    expect(messageName('🎉')).toBe('message')
    expect(messageName('x'.repeat(200)).length).toBeLessThanOrEqual(60)
  })
})
