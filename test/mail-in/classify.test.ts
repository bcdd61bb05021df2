import { describe, expect, test } from 'vitest'
import { smtpPolicy } from '../../channels/email/errors.ts'
import { backOn } from '../../src/mail-in/absence.ts'
import { classify } from '../../src/mail-in/classify.ts'
import { headerFields } from '../../src/mail-in/header-values.ts'
import { mailOf } from '../../src/mail-in/read-mail.ts'
import { mailNamed } from './mails.ts'

const receivedAt = new Date('2026-09-15T08:00:00Z')
const rules = { policyOf: smtpPolicy, isForLeaving: false, receivedAt }

describe('a mail as it comes', () => {
  test.each([
    ['gmail-reply', { type: 'reply', isNearStop: false }],
    ['outlook-reply', { type: 'reply' }],
    ['iphone-reply', { type: 'reply', words: 'OK bien reçu' }],
    ['exchange-absence-fr', { type: 'auto_reply', kind: 'out_of_office', backOn: '2026-09-28' }],
    ['gmail-absence-en', { type: 'auto_reply', kind: 'out_of_office', backOn: '2026-09-28' }],
    [
      'postfix-unknown-user',
      { type: 'bounced', report: { code: 'unknown_mailbox', status: '5.1.1', permanent: true } },
    ],
    ['postfix-full-delayed', { type: 'deferred', report: { code: 'mailbox_full', permanent: false } }],
    ['exchange-full', { type: 'failed', report: { code: 'mailbox_full', status: '5.2.2' } }],
    ['qmail-bounce', { type: 'bounced', report: { code: 'unknown_mailbox' } }],
    ['arf-complaint', { type: 'complaint', feedback: 'abuse' }],
    ['read-receipt', { type: 'auto_reply', kind: 'automatic' }],
    ['unsubscribe-reply', { type: 'unsubscribe' }],
  ])('%s is what it is', async (name, expected) => {
    expect(classify(await mailNamed(name), rules)).toMatchObject(expected)
  })

  test('keeps what its writer wrote, without what was quoted and the signature', async () => {
    const mail = await mailNamed('gmail-reply')
    const classified = classify(mail, rules)
    expect(classified).toMatchObject({
      words: 'Bonjour,\n\nNous participons avec plaisir : comptez six personnes au comptoir.\n\nMarie Lefèvre',
    })
    expect(mail.text).toContain('> Bonjour Marie')
    expect(mail).toMatchObject({
      from: { mailbox: 'marie.lefevre@quincaillerie-du-port.example', name: 'Marie Lefèvre' },
      subject: 'Re: Le challenge commence le 21 septembre',
      mailId: 'CAF+abc123@mail.gmail.example',
      answers: ['inconnu@example.com'],
    })
  })

  test('is read in HTML where that is all there is, down to what Outlook quotes, and its files are named', async () => {
    const mail = await mailNamed('outlook-reply')
    expect(classify(mail, rules)).toMatchObject({
      words: 'Bonjour,\nVoici le bon de commande signé.\nCordialement,\nKarim Dubois',
    })
    expect(mail.attachments).toEqual([{ name: 'bon de commande.pdf', type: 'application/pdf', size: 19 }])
  })
})

const mail = (head: Record<string, string>, text: string, envelopeFrom?: string) =>
  mailOf(
    headerFields(
      Object.entries(head)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
    ),
    { envelope: { from: envelopeFrom }, subject: head.Subject ?? '', text },
  )

describe('an answer by a program', () => {
  test.each<[Record<string, string>, string, 'out_of_office' | 'automatic' | 'person']>([
    [{ 'Auto-Submitted': 'auto-replied' }, 'Merci', 'automatic'],
    [{ 'Auto-Submitted': 'auto-generated; why=vacation', Subject: 'Absence' }, 'x', 'out_of_office'],
    [{ 'Auto-Submitted': 'no' }, 'Merci, nous venons', 'person'],
    [{ Precedence: 'auto_reply' }, 'x', 'automatic'],
    [{ Precedence: 'bulk' }, 'Je suis en congés', 'out_of_office'],
    [{ Precedence: 'normal' }, 'Merci, nous venons', 'person'],
    [{ 'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply' }, 'x', 'automatic'],
    [{ 'X-Autoreply': 'yes' }, 'x', 'automatic'],
    [{ Subject: 'Absence du bureau : Le challenge' }, 'x', 'out_of_office'],
    [{ Subject: 'Absent du bureau' }, 'x', 'out_of_office'],
    [{ Subject: 'Réponse automatique : Le challenge' }, 'Bien reçu, merci', 'automatic'],
    [{ Subject: 'Réponse automatique : Le challenge' }, 'En vacances, de retour le 21', 'out_of_office'],
    [{ Subject: 'Automatic reply: The challenge' }, 'I am away', 'out_of_office'],
    [{ Subject: 'Out of Office: The challenge' }, 'x', 'out_of_office'],
    [{ Subject: 'Auto: Le challenge' }, 'x', 'automatic'],
    [{ Subject: 'Re: absence de réponse au challenge ?' }, 'Je relance', 'person'],
    [{ Subject: 'Re: Vacances : qui gagne le voyage ?' }, 'Moi !', 'person'],
    [{ Subject: 'Re: Le challenge', From: 'noreply@site.example' }, 'x', 'automatic'],
  ])('%j is told', (head, text, expected) => {
    const classified = classify(mail(head, text), rules)
    expect(classified.type === 'auto_reply' ? classified.kind : 'person').toBe(expected)
  })

  test('comes from the null sender, which no person writes from', () => {
    expect(classify(mail({ Subject: 'Re: Le challenge' }, 'Bonjour', ''), rules).type).toBe('auto_reply')
  })
})

describe('the day an absence ends', () => {
  test.each([
    ['Je suis absent jusqu’au 24 septembre 2026 inclus.', '2026-09-24'],
    ['De retour le lundi 28 septembre', '2026-09-28'],
    ['Je serai de retour le 1er octobre.', '2026-10-01'],
    ['absent du 12/09/2026 au 21/09/2026', '2026-09-21'],
    ['Retour prévu le 21/09', '2026-09-21'],
    ['de retour le 04/01', '2027-01-04'],
    ['I will be back on Monday, September 28th', '2026-09-28'],
    ['returning on 28 September 2026', '2026-09-28'],
    ['out of office until 2026-10-02', '2026-10-02'],
    ['until 25/09/2026', '2026-09-25'],
    ['until 09/10/2026', undefined],
    ['de retour le 31 septembre', undefined],
    ['de retour le 3 septembre 2026', undefined],
    ['En cas d’urgence appelez le 03 20 00 00 00', undefined],
    ['Je vous réponds au plus tôt', undefined],
  ])('“%s” gives %s', (text, expected) => {
    expect(backOn(text, receivedAt)).toBe(expected)
  })
})

describe('leaving by return of mail', () => {
  test.each([
    ['STOP', true],
    ['stop.', true],
    ['Désabonnement', true],
    ['Bonjour, merci de me désabonner. Cordialement', true],
    ['Veuillez me désinscrire svp', true],
    ['Unsubscribe please', true],
    ['please remove me', true],
    ['Stop, je ne reçois plus la gazette, pouvez-vous vérifier ?', false],
    ['Comment se désinscrire du challenge mais rester abonné ?', false],
  ])('“%s”: %s', (text, isLeaving) => {
    const classified = classify(mail({ Subject: 'Re: Le challenge' }, text), rules)
    if (isLeaving) expect(classified.type).toBe('unsubscribe')
    else expect(classified).toMatchObject({ type: 'reply', isNearStop: true })
  })

  test('is a subject with nothing under it too, and anything sent to the address for it', () => {
    expect(classify(mail({ Subject: 'unsubscribe' }, ''), rules).type).toBe('unsubscribe')
    expect(classify(mail({ Subject: 'Re: Le challenge' }, ''), rules).type).toBe('reply')
    const toLeave = { ...rules, isForLeaving: true }
    expect(classify(mail({ Subject: 'x', Precedence: 'bulk' }, ''), toLeave).type).toBe('unsubscribe')
  })

  test('is not what an absence says', () => {
    const absent = mail({ Subject: 'Absence du bureau', 'Auto-Submitted': 'auto-replied' }, 'STOP')
    expect(classify(absent, rules).type).toBe('auto_reply')
  })
})
