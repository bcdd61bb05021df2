import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { htmlWords } from '../../src/mail-in/html-words.ts'
import { ownWords } from '../../src/mail-in/own-words.ts'

describe('what somebody wrote', () => {
  test.each([
    ['Oui.\n\nLe 15/09/2026 à 09:02, Réseau a écrit :\n> Bonjour', 'Oui.'],
    ['Oui.\n\nLe mar. 15 sept. 2026 à 09:02, Réseau Horizon\n<r@x.example> a écrit :\n\n> Bonjour', 'Oui.'],
    ['Yes.\n\nOn Tue, Sep 15, 2026 at 9:02 AM Network <n@x.example> wrote:\n> Hello', 'Yes.'],
    ['Oui.\n\n-----Message d’origine-----\nDe : Réseau\nBonjour', 'Oui.'],
    ['Oui.\n\nDe : Réseau\nEnvoyé : mardi\nÀ : Marie\nObjet : Le challenge\n\nBonjour', 'Oui.'],
    ['Yes.\n\n________________________________\nFrom: Network\nSent: Tuesday\nTo: Marie\n\nHello', 'Yes.'],
    ['Yes.\n\nFrom: Network\nSent: Tuesday\nTo: Marie\nSubject: x\n\nHello', 'Yes.'],
    ['De : nous tous au comptoir, merci !', 'De : nous tous au comptoir, merci !'],
    ['Le chef a écrit :\nvenez tous', 'Le chef a écrit :\nvenez tous'],
    ['Oui.\n-- \nMarie\n03 20 00 00 00', 'Oui.'],
    ['-- \nMarie', '-- \nMarie'],
    ['Oui.\n\nEnvoyé de mon iPhone', 'Oui.'],
    ['Oui.\n\nEnvoyé à partir de Outlook pour Android', 'Oui.'],
    ['Yes.\n\nGet Outlook for iOS', 'Yes.'],
    ['Le 15/09/2026 à 09:02, Réseau a écrit :\n> Combien ?\n\nSix.', 'Six.'],
    ['> Combien ?\nSix.\n> Quand ?\nLundi.', 'Six.\nLundi.'],
    ['Prix < 3 et > 2, merci', 'Prix < 3 et > 2, merci'],
    ['', ''],
  ])('%j is %j', (mail, words) => {
    expect(ownWords(mail)).toBe(words)
  })

  test('is never lost altogether, however odd the mail, and read in a time its length bounds', () => {
    const line = fc.constantFrom(
      '> a',
      'Le 1er mai, X a écrit :',
      '-- ',
      'De : x',
      'À : y',
      'Objet : z',
      '',
      'mot',
      'On',
    )
    void fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string())), (lines) => {
        const text = lines.join('\n')
        expect(ownWords(text) === '').toBe(text.trim() === '')
      }),
    )
    for (const hostile of ['le '.repeat(100_000), '>'.repeat(300_000), 'De : '.repeat(60_000), '>\n'.repeat(50_000)])
      ownWords(hostile)
  })
})

describe('the words of HTML', () => {
  test.each([
    [
      '<p>Bonjour&nbsp;!</p><p>&Agrave; demain, &eacute;t&eacute; &#8364; &#x1F600;</p>',
      'Bonjour !\nà demain, été € 😀',
    ],
    ['Oui<br>non', 'Oui\nnon'],
    ['<style>p{color:red}</style><script>alert(1)</script><p>Oui</p>', 'Oui'],
    ['<div>Oui</div><blockquote><div>Combien ?</div></blockquote>', 'Oui\n> Combien ?'],
    ['3 < 4 et <b>5', '3 < 4 et 5'],
    ['', ''],
  ])('%j is %j', (html, words) => {
    expect(htmlWords(html)).toBe(words)
  })

  test('takes no longer than its length', () => {
    for (const hostile of [
      '<'.repeat(50_000),
      '<a '.repeat(20_000),
      '&'.repeat(500_000),
      '<blockquote>'.repeat(50_000),
    ])
      htmlWords(hostile)
  })
})
