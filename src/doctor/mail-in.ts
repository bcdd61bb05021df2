import type { Examination, Finding } from './finding.ts'

/** Whether answers by e-mail come in, and whether what brings them is told from forged. */
export const examineMailIn: Examination = async ({ config: { mailIn, sendgrid, smtp, publicUrl } }) => {
  const about = 'answers by e-mail'
  if (!mailIn?.domain) {
    if (mailIn)
      return [
        {
          about,
          health: 'warn',
          says: 'INBOUND_DOMAIN is not set: mail that comes in is known by what it refers to alone, and no bounce is believed.',
          mend: 'Set it to the domain whose mail comes in.',
        },
      ]
    const isSent = Boolean(sendgrid ?? smtp)
    return [
      {
        about,
        health: isSent ? 'warn' : 'unset',
        says: 'INBOUND_DOMAIN is not set: answers, absences and returned mail are not seen by Relais.',
        ...(isSent && { mend: 'Give it a domain whose mail comes in (the guide to going live, “Answers”).' }),
      },
    ]
  }
  const findings: Finding[] = [
    { about, health: 'ok', says: `Each mail is answered to an address of its own at ${mailIn.domain}.` },
  ]
  const isCallable = mailIn.publicKey !== undefined || mailIn.pathToken !== undefined
  if (sendgrid && !isCallable)
    findings.push({
      about,
      health: 'bad',
      says: 'Neither SENDGRID_INBOUND_PUBLIC_KEY nor INBOUND_TOKEN is set: Inbound Parse is answered 503.',
      mend: `Set one, and let Inbound Parse call ${publicUrl}/webhooks/sendgrid/inbound.`,
    })
  else if (!isCallable)
    findings.push({
      about,
      health: 'ok',
      says: 'Your own mail server is to hand mail for it to relais mail-in; the webhook is closed.',
    })
  return findings
}
