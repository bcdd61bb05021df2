import type { Context } from '../context.ts'
import type { Policy } from '../routing/types.ts'
import type { Register } from './command.ts'
import { BadInput, Failed } from './io.ts'
import { networkOption } from './options.ts'
import { changeText, ruleText } from './policy-text.ts'
import { table } from './table.ts'

/** relais policy show | versions | diff A B | test */
export const policyCommands: Register = (program, cli) => {
  const policy = program
    .command('policy')
    .description('which channels a message takes: the rules, their versions, their cases')

  const versionOf = async (context: Context, networkId: string, named: string): Promise<Policy> => {
    const { policyAt } = await import('../policy/versions.ts')
    const found = /^\d{1,9}$/.test(named) ? await policyAt(context.db, networkId, Number(named)) : undefined
    if (!found) throw new BadInput(`There is no version ${named} of the policy; see relais policy versions.`)
    return found
  }

  policy
    .command('show')
    .description('the rules in order; the first that matches decides')
    .argument('[version]', 'an earlier one instead of the current')
    .addOption(networkOption())
    .action(async (named: string | undefined, options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { currentPolicy } = await import('../outbox/step.ts')
      const { shadowedRules } = await import('../routing/shadowed.ts')
      const shown =
        named === undefined ? await currentPolicy(context.db, network.id) : await versionOf(context, network.id, named)
      const { version, rules, companions } = shown
      const shadowed = shadowedRules(rules)
      cli.show(
        { version, rules, companions, shadowed },
        [
          `Version ${version} of ${network.name}`,
          ...rules.map((rule, index) => `${String(index + 1).padStart(2)}. ${ruleText(rule)}`),
          companions.intranet
            ? 'Everything is also stored on the intranet.'
            : 'Nothing is stored on the intranet beside.',
          ...shadowed.map(({ id, by }) => `${id} never matches: ${by.join(', ')} before it take all of it.`),
        ].join('\n'),
      )
    })

  policy
    .command('versions')
    .description('every version: when, by whom and why')
    .addOption(networkOption())
    .action(async (options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { policyVersions } = await import('../policy/versions.ts')
      const rows = (await policyVersions(context.db, network.id)).map(
        ({ version, note, restoredFrom, createdBy, createdAt }) => ({
          version,
          savedAt: createdAt?.toISOString() ?? null,
          savedBy: createdBy ?? null,
          note,
          restoredFrom,
        }),
      )
      cli.show(
        rows,
        table(
          ['version', 'saved', 'by', 'note'],
          rows.map((row) => [row.version, row.savedAt ?? 'shipped', row.savedBy ?? 'relais', row.note]),
        ),
      )
    })

  policy
    .command('diff')
    .description('what one version changed of another')
    .argument('<a>')
    .argument('<b>')
    .addOption(networkOption())
    .action(async (a: string, b: string, options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { diffPolicies } = await import('../routing/policy-diff.ts')
      const before = await versionOf(context, network.id, a)
      const after = await versionOf(context, network.id, b)
      const changes = diffPolicies(before, after)
      cli.show(
        changes,
        changes.length === 0 ? `Versions ${a} and ${b} have the same rules.` : changes.map(changeText).join('\n'),
      )
    })

  policy
    .command('test')
    .description('tries the policy by its example cases; exit 1 when one fails')
    .argument('[version]', 'an earlier one instead of the current')
    .addOption(networkOption())
    .action(async (named: string | undefined, options: { network?: string }) => {
      const { context, network } = await cli.network(options.network)
      const { currentPolicy } = await import('../outbox/step.ts')
      const { casesOf } = await import('../policy/cases.ts')
      const { runCases } = await import('../routing/run-cases.ts')
      const { explain } = await import('../routing/explain.ts')
      const tried =
        named === undefined ? await currentPolicy(context.db, network.id) : await versionOf(context, network.id, named)
      const { cases } = await casesOf(context.db, network.id)
      const results = runCases(
        tried,
        cases.map((kept) => kept.case),
      )
      const failures = results
        .filter(({ isPassed }) => !isPassed)
        .map(({ case: one, wrong, got, trace }) => ({
          name: one.name[network.language],
          wrong,
          expected: one.expected,
          got: { ...got, sentence: explain(got.because, network.language) },
          trace,
        }))
      const passed = results.length - failures.length
      cli.show(
        { policyVersion: tried.version, passed, failed: failures.length, failures },
        [
          ...failures.map(({ name, expected, got, trace }) =>
            [
              `FAILED  ${name}`,
              `  expected  ${outcomeText(expected)}${expected.reason ? `, because ${expected.reason}` : ''}`,
              `  got       ${outcomeText(got)}`,
              `  ${got.sentence}`,
              ...trace.map((entry) => `    ${[entry.rule, entry.channel, entry.verdict].filter(Boolean).join(' ')}`),
            ].join('\n'),
          ),
          `Version ${tried.version}: ${passed} passed, ${failures.length} failed`,
        ].join('\n'),
      )
      if (failures.length > 0) throw new Failed('')
    })
}

const outcomeText = ({ outcome, channel, rule }: { outcome: string; channel?: string; rule?: string }): string =>
  [outcome, channel && `by ${channel}`, rule && `under rule ${rule}`].filter(Boolean).join(' ')
