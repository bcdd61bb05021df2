import { describe, expect, it } from 'vitest'
import { isNearStop, keywordAct, keywords } from '../../../channels/sms/keywords.ts'

describe('the table of keywords', () => {
  it.each(keywords.map(({ word, does }) => [word, does] as const))('%s, alone, means %s', (word, does) => {
    for (const text of [word, word.toLowerCase(), `  ${word} !`, `« ${word}. »`, `${word} 🙏`, `\n${word}\n`])
      expect(keywordAct(text)).toBe(does)
  })

  it('names each word once, folded, with whose rule it is', () => {
    const all = keywords.map(({ word }) => word)
    expect(new Set(all).size).toBe(all.length)
    for (const { word, source } of keywords) {
      expect(word).toMatch(/^[A-Z]+( [A-Z]+)*$/)
      expect(source).not.toBe('')
    }
  })
})

describe('accents, however they are encoded', () => {
  it.each([
    ['ARRÊT', 'stop'],
    ['arre\u0302t', 'stop'],
    ['Désinscrire', 'stop'],
    ['Réabonner', 'start'],
    ['ＳＴＯＰ', 'stop'],
    ['Oui !', 'start'],
  ] as const)('"%s" means %s', (text, does) => {
    expect(keywordAct(text)).toBe(does)
  })
})

describe('a message that is more than the keyword', () => {
  it.each(['please stop', 'STOP merci', 'stop au 36111', 'arrêt de travail', 'Stopp', 'STPO', 'desabonnez moi'])(
    '"%s" acts on nothing and is shown to a person',
    (text) => {
      expect(keywordAct(text)).toBeUndefined()
      expect(isNearStop(text)).toBe(true)
    },
  )

  it.each(['Oui, avec plaisir', 'le stopover', 'endives', 'on reprend lundi', '', '🙏'])(
    '"%s" is an answer like any other',
    (text) => {
      expect(keywordAct(text)).toBeUndefined()
      expect(isNearStop(text)).toBe(false)
    },
  )
})
