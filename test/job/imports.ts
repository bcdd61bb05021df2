import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context, Network } from '../../src/context.ts'
import { newId } from '../../src/db/index.ts'
import { imports } from '../../src/db/schema.ts'
import { enqueue } from '../../src/job/enqueue.ts'
import type { RunPayload } from '../../src/network/import/run-job.ts'

const header = 'Code site;Raison sociale;Code postal;Ville;Prénom;Nom;E-mail;Mobile;Accord SMS'

/** A file of so many rows with dirt of every kind strewn in: some rejected, some blank, some said twice. */
export function dirtyFile(rows: number): string {
  const lines = Array.from({ length: rows }, (_, n) => {
    if (n % 97 === 13) return ''
    if (n % 89 === 7) return `S${n % 40};too;short`
    if (n % 83 === 5) return `;;;;Sans;Site${n};;;`
    const who = n % 71 === 3 ? n - 2 : n
    const name = n % 61 === 9 ? 'Autre nom' : `Site ${who % 40}`
    const mobile = n % 17 === 0 ? '06 12' : `06399${String(80_000 + (who % 10_000)).padStart(5, '0')}`
    const mail = n % 19 === 0 ? 'pas de mail' : `p${who}@example.com`
    return `S${who % 40};${name};${n % 23 === 0 ? '99999' : '69003'};Lyon;Prénom${who};Nom${who};${mail};${mobile};${n % 3 === 0 ? 'oui' : n % 7 === 0 ? 'non' : ''}`
  })
  return `${header}\r\n${lines.join('\r\n')}\r\n`
}

let uploads = 0

/** An import as the console leaves it once somebody has said: import. */
export async function queueImport(
  context: Pick<Context, 'db' | 'dataFolder'>,
  network: Pick<Network, 'id'>,
  text: string,
  at: Date,
): Promise<string> {
  const id = newId()
  const path = join('uploads', String(++uploads).padStart(32, '0'))
  mkdirSync(join(context.dataFolder, 'uploads'), { recursive: true })
  writeFileSync(join(context.dataFolder, path), text)
  await context.db.insert(imports).values({
    ...{ networkId: network.id, id, fileName: 'réseau.csv', fileHash: '', status: 'running', mapping: {} },
    ...{ basis: 'consent', uploadPath: path, startedAt: at },
  })
  const payload: RunPayload = {
    ...{ importId: id, actor: 'nobody', absent: 'keep', language: 'fr', startedAt: at.toISOString() },
    rows: text.split('\n').length - 2,
  }
  await enqueue(context.db, { networkId: network.id, id, kind: 'import.run', payload, at })
  return id
}
