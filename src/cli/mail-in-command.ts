import { readFileSync, statSync } from 'node:fs'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { existingFile } from './read-file.ts'

/** What a mail may weigh; of a larger one the mail server tells its sender. */
const largestMail = 32 * 1024 * 1024

/**
 * relais mail-in FILE: one message in its original form (RFC 5322), as a mail server pipes it to a program. Without a
 * file it is read from standard input, which `spool-mail.ts` has put into one.
 */
export const mailInCommand: Register = (program, cli) => {
  program
    .command('mail-in')
    .description('takes in one e-mail as a mail server hands it over: an answer, an absence, a bounce')
    .argument('[file]', 'the message; standard input when there is none')
    .option('--to <mailbox>', 'whom it was for, where the message does not say')
    .option('--from <mailbox>', 'the envelope’s sender; empty for the null sender')
    .action(async (file: string | undefined, { to, from }: { to?: string; from?: string }) => {
      if (file === undefined) throw new BadInput('There is no message on standard input.')
      const path = existingFile(cli.io, file)
      if (statSync(path).size > largestMail) throw new BadInput('The mail is larger than 32 MB.')
      const raw = readFileSync(path)
      const { context, mailIn } = await cli.relais()
      const { readMail } = await import('../mail-in/read-mail.ts')
      const { takeInMail } = await import('../mail-in/take-in.ts')
      const mail = await readMail(raw, { to: to === undefined ? undefined : [to], from })
      const { db, wall, keys, metrics } = context
      const taken = await takeInMail(
        {
          ...{ db, wall, keys, mailIn },
          onHeard: (provider, count) => metrics.heard(provider, count),
          onRefused: () => metrics.refused('mail'),
        },
        mail,
      )
      const says = {
        stored: 'Taken in.',
        known: 'Known already.',
        dropped: 'Left aside: it names no delivery, answers none, and nobody of a network wrote it.',
      }
      cli.show({ taken }, says[taken])
    })
}
