import { html } from 'hono/html'
import { formatsFor } from '../web/format.ts'
import { translatorFor } from '../web/words/index.ts'
import type { Language } from '../words.ts'
import { type Mail, oneLine } from './mailer.ts'
import { mailedLinkMinutes } from './sign-in-link.ts'

interface Letter {
  language: Language
  to: Mail['to']
  subject: string
  paragraphs: string[]
  link: string
  button: string
  foot: string
}

/** One small form for all of them: what it is, one button, the link to copy, and what to do if it was not asked for. */
async function compose({ language, to, subject, paragraphs, link, button, foot }: Letter): Promise<Mail> {
  const t = translatorFor(language)
  const greeting = t('mails.greeting', { name: oneLine(to.name) })
  const style = 'margin:0 0 16px'
  const page = await html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="margin:0;background:#f5f4f0;font:16px/1.5 Arial,Helvetica,sans-serif;color:#1c2327">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:520px;background:#ffffff;border:1px solid #e0ddd4;border-radius:12px"><tr><td style="padding:32px">
<p style="margin:0 0 24px;font-weight:bold;font-size:18px;color:#0f5c63">Relais</p>
<p style="${style}">${greeting}</p>
${paragraphs.map((paragraph) => html`<p style="${style}">${paragraph}</p>`)}
<p style="margin:24px 0"><a href="${link}" style="display:inline-block;background:#0f5c63;color:#ffffff;padding:12px 24px;border-radius:8px;text-decoration:none;font-weight:bold">${button}</a></p>
<p style="margin:0 0 4px;font-size:14px;color:#565d60">${t('mails.copy')}</p>
<p style="margin:0 0 24px;font-size:14px;word-break:break-all"><a href="${link}" style="color:#0d565d">${link}</a></p>
<p style="margin:0;font-size:14px;color:#565d60;border-top:1px solid #e0ddd4;padding-top:16px">${foot}</p>
</td></tr></table></td></tr></table>
</body></html>`
  const text = [greeting, ...paragraphs, `${button}${t('colon')}\n${link}`, foot].join('\n\n')
  return { to, subject, text: `${text}\n`, html: String(page) }
}

export function signInMail(given: { to: Mail['to']; language: Language; link: string }): Promise<Mail> {
  const t = translatorFor(given.language)
  return compose({
    ...given,
    subject: t('mails.signIn.subject'),
    paragraphs: [t('mails.signIn.text', { count: mailedLinkMinutes })],
    button: t('mails.signIn.button'),
    foot: t('mails.signIn.foot'),
  })
}

export function invitationMail(given: {
  to: Mail['to']
  language: Language
  link: string
  network: string
  role: string
  invitedBy: string
  expiresAt: Date
}): Promise<Mail> {
  const { network, role, invitedBy } = given
  const t = translatorFor(given.language)
  const until = formatsFor(given.language, 'Europe/Paris').short(given.expiresAt)
  return compose({
    ...given,
    subject: t('mails.invitation.subject', { network }),
    paragraphs: [t('mails.invitation.text', { network, role, invitedBy }), t('mails.invitation.until', { until })],
    button: t('mails.invitation.button'),
    foot: t('mails.invitation.foot'),
  })
}

export function emailChangeMail(given: { to: Mail['to']; language: Language; link: string }): Promise<Mail> {
  const t = translatorFor(given.language)
  return compose({
    ...given,
    subject: t('mails.emailChange.subject'),
    paragraphs: [t('mails.emailChange.text')],
    button: t('mails.emailChange.button'),
    foot: t('mails.emailChange.foot'),
  })
}
