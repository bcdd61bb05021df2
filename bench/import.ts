import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { v7 } from 'uuid'
import { importFile } from '../src/network/import/import-file.ts'
import { compare, type Figure, type Side } from './measure.ts'
import { writePartnerFile } from './partner-file.ts'
import { type Workspace, workspace } from './workspace.ts'

/** Import of a new partner file, against the three libraries it cannot do without. */
export async function benchImport(contacts: number, pairs: number): Promise<Figure> {
  const spaces: Workspace[] = []
  const product: Side = {
    prepare: async () => {
      const space = await workspace()
      spaces.push(space)
      const file = join(space.folder, 'partners.csv')
      writePartnerFile(file, contacts)
      return async () => {
        const { created } = await importFile(space.relais.context, {
          file,
          networkId: space.network.id,
          basis: 'consent',
        })
        if (created !== contacts) throw new Error(`${created} of ${contacts} contacts were created.`)
        return created
      }
    },
  }
  const ceiling: Side = {
    prepare: async () => {
      const space = await workspace()
      spaces.push(space)
      const file = join(space.folder, 'partners.csv')
      writePartnerFile(file, contacts)
      return () => bareImport(file, join(space.folder, 'bare.db'))
    },
  }
  const figure = await compare(
    {
      name: 'import',
      unit: 'rows',
      against: 'csv-parse + libphonenumber-js + raw upserts of the same rows',
      floor: 0.25,
      goal: 0.5,
    },
    product,
    ceiling,
    pairs,
  )
  for (const space of spaces) await space.close()
  return figure
}

/** The same rows as the import writes (site, contact, two addresses, two links, consents), without its judgement. */
async function bareImport(file: string, path: string): Promise<number> {
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(`
    create table sites (id text primary key, code text unique, name text, street text, postcode text, city text);
    create table contacts (id text primary key, key text unique, site text, first text, last text, function text, profile text, language text);
    create table addresses (id text primary key, kind text, value text, unique (kind, value));
    create table contact_addresses (contact text, address text, kind text, primary key (contact, address));
    create index contact_addresses_address on contact_addresses (address);
    create table consents (id text primary key, contact text, channel text, value text);
    create index consents_contact on consents (contact, channel);`)
  const site = db.prepare(
    'insert into sites values (?,?,?,?,?,?) on conflict (code) do update set name = excluded.name',
  )
  const contact = db.prepare(
    'insert into contacts values (?,?,?,?,?,?,?,?) on conflict (key) do update set first = excluded.first',
  )
  const address = db.prepare(
    'insert into addresses values (?,?,?) on conflict (kind, value) do update set value = excluded.value',
  )
  const link = db.prepare('insert into contact_addresses values (?,?,?) on conflict do nothing')
  const consent = db.prepare('insert into consents values (?,?,?,?)')
  let rows = 0
  db.exec('begin')
  for await (const row of createReadStream(file).pipe(parse({ delimiter: ';', bom: true, columns: true }))) {
    const record = row as Record<string, string>
    const id = v7()
    const phone = parsePhoneNumberFromString(record.Mobile!, 'FR')?.number ?? ''
    site.run(
      v7(),
      record['Code site'],
      record['Raison sociale'],
      record['Adresse 1'],
      record['Code postal'],
      record.Ville,
    )
    contact.run(
      id,
      `${record['Code site']}|${record.Prénom}|${record.Nom}`,
      record['Code site'],
      record.Prénom,
      record.Nom,
      record.Fonction,
      record.Profil,
      record.Langue,
    )
    for (const [kind, value] of [
      ['email', record['E-mail']],
      ['mobile', phone],
    ]) {
      const addressId = v7()
      address.run(addressId, kind, value)
      link.run(id, addressId, kind)
    }
    consent.run(v7(), id, 'email', record['Accord e-mail'])
    consent.run(v7(), id, 'sms', record['Accord SMS'])
    rows += 1
    if (rows % 500 === 0) db.exec('commit; begin')
  }
  db.exec('commit')
  db.close()
  return rows
}
