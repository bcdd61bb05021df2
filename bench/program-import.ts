import { join } from 'node:path'
import { importFile } from '../src/network/import/import-file.ts'
import { answer } from './in-child.ts'
import { writePartnerFile } from './partner-file.ts'
import { workspace } from './workspace.ts'

/** Imports a file of so many rows twice, and says what the second time changed. */
const rows = Number(process.argv[2])
const space = await workspace()
const file = join(space.folder, 'partners.csv')
writePartnerFile(file, rows)
const options = { file, networkId: space.network.id, basis: 'consent' as const }
const first = await importFile(space.relais.context, options)
const second = await importFile(space.relais.context, options)
await space.close()
answer({
  isWhole:
    first.read === first.created + first.updated + first.unchanged + first.rejected + first.blank &&
    first.created === rows,
  isRepeatable: second.unchanged === rows && second.created + second.updated + second.rejected === 0,
})
