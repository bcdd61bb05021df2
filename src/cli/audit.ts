import { Option } from 'commander'
import type { Verdict } from '../accounts/audit-verify.ts'
import type { Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { instant } from './options.ts'
import { table } from './table.ts'

const breaches: Record<Extract<Verdict, { isWhole: false }>['breach'], string> = {
  missing: 'it is not there',
  changed: 'it does not say what was written',
  unlinked: 'it does not continue the entry before it',
  cut: 'it and what followed were cut off the end',
  added: 'it was not written by Relais',
  head: 'the head of the trail is gone or cannot be read',
  noted: 'the trail is not the one whose head was noted',
}

const most = 1_000

/** relais audit verify | list */
export const auditCommands: Register = (program, cli) => {
  const audit = program
    .command('audit')
    .description('who did what: an append-only trail, each entry hashed over the last')

  audit
    .command('verify')
    .description('walks the whole trail; exit 1 and the first broken entry when it is not what was written')
    .option('--noted <head>', 'a head written down before, as this command prints it: it must still be in the trail')
    .action(async (options: { noted?: string }) => {
      const { context } = await cli.relais()
      const { headOf, headText } = await import('../accounts/audit.ts')
      const { verifyAudit } = await import('../accounts/audit-verify.ts')
      let noted: ReturnType<typeof headOf> | undefined
      if (options.noted !== undefined) {
        if (!/^\d{1,15}:[0-9a-f]{64}$/.test(options.noted))
          throw new BadInput(
            `--noted "${options.noted}" is not a head such as 12:5f0c…, as relais audit verify prints it.`,
          )
        noted = headOf(options.noted)
      }
      const verdict = await verifyAudit(context.db, noted)
      if (verdict.isWhole) {
        const head = headText(verdict.head)
        cli.show(
          { isWhole: true, entries: verdict.entries, head },
          `The audit trail is whole: ${verdict.entries} entries.\nIts head is ${head}\nNote it elsewhere, and give it to --noted the next time.`,
        )
        return
      }
      const { breach, seq, entries } = verdict
      cli.show({ isWhole: false, entries, brokenAt: seq, breach }, '')
      throw new Failed(
        `The audit trail is broken at entry ${seq}: ${breaches[breach]}. The ${entries} before it are whole. ` +
          'Compare with a back-up, and find out who could write to the database.',
      )
    })

  audit
    .command('list')
    .description('the newest entries')
    .option('--network <name>', 'only this network, and what its people did beside it')
    .option('--action <action>', 'only this kind of act, such as campaign.launch')
    .option('--actor <id>', 'only what this user, key:… or operator did')
    .option('--since <instant>', 'from this instant on, with its zone')
    .addOption(new Option('--limit <n>', `how many, at most ${most}`).default('50'))
    .action(async (options: { network?: string; action?: string; actor?: string; since?: string; limit: string }) => {
      const limit = Number(options.limit)
      if (!/^\d+$/.test(options.limit) || limit < 1 || limit > most)
        throw new BadInput(`--limit "${options.limit}" is not a whole number from 1 to ${most}.`)
      const { auditActions } = await import('../accounts/audit-actions.ts')
      const action = auditActions.find((known) => known === options.action)
      if (options.action !== undefined && !action) {
        const { closest } = await import('../segment/issues.ts')
        const meant = closest(options.action, auditActions)
        throw new BadInput(`There is no act "${options.action}"${meant ? `; did you mean ${meant}?` : '.'}`)
      }
      const since = options.since === undefined ? undefined : instant(options.since, '--since')
      const { context } = await cli.relais()
      const { listTrail } = await import('../accounts/audit-trail.ts')
      const networkId = options.network === undefined ? undefined : (await cli.network(options.network)).network.id
      const { entries } = await listTrail(context.db, { networkId, action, actor: options.actor, since }, limit)
      cli.show(
        entries.map(({ seq, at, actor, actorName, action: act, subject, networkId: within, data }) => ({
          seq,
          at: at.toISOString(),
          actor,
          actorName: actorName ?? null,
          action: act,
          subject,
          networkId: within,
          data,
        })),
        table(
          ['entry', 'at', 'who', 'did', 'to'],
          entries.map((entry) => [
            entry.seq,
            entry.at.toISOString(),
            entry.actorName ?? entry.actor,
            entry.action,
            entry.subject,
          ]),
        ) || 'Nothing was written down yet.',
      )
    })
}
