import { businessNow } from '../clock.ts'
import { chooseNetwork } from '../network/choose.ts'
import { findContact } from '../network/timeline.ts'
import { explainRule } from '../segment/explain.ts'
import { factsOf } from '../segment/facts.ts'
import { parseSegments } from '../segment/parse.ts'
import { refreshSegments, segmentSize } from '../segment/refresh.ts'
import { listSegments, saveSegments } from '../segment/save.ts'
import type { Register } from './command.ts'
import { BadInput } from './io.ts'
import { networkOption } from './options.ts'
import { readText } from './read-file.ts'
import { table } from './table.ts'

/** relais segment list | show NAME | save FILE.yaml | explain NAME --contact ID */
export const segmentCommands: Register = (program, cli) => {
  const segment = program.command('segment').description('named rules and who belongs to them')

  const chosen = async (network?: string) => {
    const { context } = await cli.relais()
    const found = await chooseNetwork(context.db, network)
    return { context, network: found, now: businessNow(context.wall.now(), found) }
  }
  const named = async (name: string, network?: string) => {
    const where = await chosen(network)
    const all = await listSegments(where.context.db, where.network.id)
    const found = all.find((candidate) => candidate.name === name)
    if (!found)
      throw new BadInput(
        `There is no segment ${name} in ${where.network.name}; there is ${all.map((one) => one.name).join(', ') || 'none yet'}.`,
      )
    return { ...where, segment: found }
  }

  segment
    .command('list')
    .addOption(networkOption())
    .action(async (options: { network?: string }) => {
      const { context, network } = await chosen(options.network)
      const rows: { name: string; title: Record<string, string>; size: number }[] = []
      for (const { name, title } of await listSegments(context.db, network.id))
        rows.push({ name, title, size: await segmentSize(context.db, network.id, name) })
      cli.show(
        rows,
        table(
          ['segment', 'title', 'people'],
          rows.map((row) => [row.name, row.title[network.language] ?? '', row.size]),
        ),
      )
    })

  segment
    .command('show')
    .argument('<name>')
    .addOption(networkOption())
    .action(async (name: string, options: { network?: string }) => {
      const { context, network, segment: found } = await named(name, options.network)
      const size = await segmentSize(context.db, network.id, name)
      const { title, rule, version } = found
      cli.show(
        { name, title, rule, version, size },
        `${name} (version ${version}): ${size} people\n${JSON.stringify(rule, null, 2)}`,
      )
    })

  segment
    .command('save')
    .argument('<file.yaml>')
    .addOption(networkOption())
    .action(async (file: string, options: { network?: string }) => {
      const text = readText(cli.io, file)
      const { context, network, now } = await chosen(options.network)
      const existing = (await listSegments(context.db, network.id)).map((one) => one.name)
      const definitions = parseSegments(text, file, existing)
      const saved = await context.db.transaction((tx) => saveSegments(tx, network.id, definitions, now))
      const moved = await refreshSegments(context.db, network, now)
      cli.show(
        { ...saved, ...moved },
        `${saved.created.length} created, ${saved.updated.length} updated, ${saved.unchanged.length} unchanged; ${moved.joined} people joined, ${moved.left} left.`,
      )
    })

  segment
    .command('explain')
    .argument('<name>')
    .requiredOption('--contact <id>', 'external id, or Relais’ own id')
    .addOption(networkOption())
    .action(async (name: string, options: { contact: string; network?: string }) => {
      const { context, network, now, segment: found } = await named(name, options.network)
      const contact = await findContact(context.db, network.id, options.contact)
      if (!contact) throw new BadInput(`There is no contact ${options.contact} in ${network.name}.`)
      const facts = (await factsOf(context.db, network.id, [contact.id], { now })).get(contact.id)
      const explained = explainRule(found.rule, facts!, network.language)
      cli.show(explained, JSON.stringify(explained, null, 2))
    })
}
