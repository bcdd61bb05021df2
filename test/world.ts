import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Simulation } from '../src/channel.ts'
import type { Config } from '../src/config.ts'
import type { Context, Network } from '../src/context.ts'
import { dialect, newId } from '../src/db/index.ts'
import { contacts, stations } from '../src/db/schema.ts'
import { type Ambient, openRelais, type Relais } from '../src/main.ts'
import { importFile } from '../src/network/import/import-file.ts'
import { createNetwork } from '../src/network/networks.ts'
import { setUpNetwork } from '../src/network/setup.ts'
import { draw } from '../src/random.ts'
import { freshDatabase, type TestDatabase } from './database.ts'

/** Monday 11 January 2027, 07:00 in Paris. */
export const mondayMorning = new Date('2027-01-11T06:00:00Z')

/** A clock that stands still until it is moved. */
export function fakeClock(at: Date) {
  let now = at
  return {
    now: () => now,
    set: (to: Date) => {
      now = to
    },
    forward: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
  }
}
export type FakeClock = ReturnType<typeof fakeClock>

/** Bytes that repeat from run to run. */
export function fakeRandom(seed: string) {
  let drawn = 0
  return { bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(draw(seed, drawn++) * 256)) }
}

/**
 * The named cast, as the marketer's file has them. Marcel: a craftsman without a mailbox · Odile: an office reader who
 * agreed to be measured · Karim: a counter agent with a screen · Hélène: a director · Lucas: only the shared mailbox ·
 * Sylvie: said STOP before · Jean: cannot be reached by anything but the intranet.
 */
export const cast = {
  marcel: { id: 'P1', name: 'Marcel Poteau', mobile: '+33639980001' },
  odile: { id: 'P2', name: 'Odile Martin', email: 'odile.martin@batipro.example.com', mobile: '+33639980002' },
  karim: { id: 'P3', name: 'Karim Benali', mobile: '+33639980003', email: 'karim.benali@comptoir.example.com' },
  helene: { id: 'P4', name: 'Hélène Royer', email: 'helene.royer@royer.example.com', mobile: '+33639980004' },
  lucas: { id: 'P5', name: 'Lucas Petit', email: 'contact@comptoir.example.com' },
  sylvie: { id: 'P6', name: 'Sylvie Morel', mobile: '+33639980006' },
  jean: { id: 'P7', name: 'Jean Perdu' },
} as const

const header =
  'Code site;Raison sociale;Typologie;Niveau;Adresse 1;Code postal;Ville;Pays;E-mail site;Identifiant;Prénom;Nom;Fonction;Profil;E-mail;Mobile;Langue;Accord e-mail;Accord SMS;Accord suivi des ouvertures'

export const castFile = [
  header,
  'S1;Poteau Couverture;Artisan;Gold;12 rue des Tuiles;1000;Bourg-en-Bresse;France;;P1;Marcel;Poteau;Couvreur;Terrain;;06 39 98 00 01;fr;;oui;',
  'S2;Bâti Pro;Distributeur;Silver;4 avenue de Lyon;69003;Lyon;France;contact@batipro.example.com;P2;Odile;Martin;Assistante commerciale;Bureau;odile.martin@batipro.example.com;06 39 98 00 02;fr;oui;oui;oui',
  'S3;Le Comptoir du Rhône;Distributeur;Gold;8 quai Perrache;69002;Lyon;France;contact@comptoir.example.com;P3;Karim;Benali;Agent de comptoir;Comptoir;karim.benali@comptoir.example.com;06 39 98 00 03;fr;oui;oui;non',
  'S4;Royer Distribution;Revendeur;Platinium;1 place Bellecour;69002;Lyon;France;info@royer.example.com;P4;Hélène;Royer;Dirigeante;Dirigeant;helene.royer@royer.example.com;06 39 98 00 04;fr;oui;oui;oui',
  'S3;Le Comptoir du Rhône;Distributeur;Gold;8 quai Perrache;69002;Lyon;France;contact@comptoir.example.com;P5;Lucas;Petit;Magasinier;Comptoir;contact@comptoir.example.com;;fr;oui;;',
  'S6;Morel Peinture;Artisan;Bronze;5 rue Basse;42000;Saint-Étienne;France;;P6;Sylvie;Morel;Peintre;Terrain;;06 39 98 00 06;fr;;oui;',
  'S7;Perdu SARL;Artisan;;;;;France;;P7;Jean;Perdu;Plombier;Terrain;;;fr;;;',
].join('\r\n')

export interface World {
  store: TestDatabase
  relais: Relais
  context: Context
  network: Network
  clock: FakeClock
  /** Id of a contact by the file's identifier. */
  contactId(externalId: string): Promise<string>
  close(): Promise<void>
}

export interface WorldOptions {
  mode?: 'sandbox' | 'live'
  at?: Date
  config?: Partial<Config>
  /** Who stands behind the carriers; people who do what they please by default. */
  simulation?: Simulation
  /** The partner file; the named cast by default. */
  file?: string
}

/** An installation with one network in it, on the database of this test run, with a fake clock. */
export async function world({
  mode = 'sandbox',
  at = mondayMorning,
  config = {},
  simulation,
  file = castFile,
}: WorldOptions = {}): Promise<World> {
  const store = await freshDatabase()
  await store.db.close()
  const clock = fakeClock(at)
  const ambient: Ambient = { wall: clock, random: fakeRandom('world'), simulation, isReplayable: true }
  const dataFolder = dialect === 'sqlite' ? store.folder : join(store.folder, 'data')
  mkdirSync(dataFolder, { recursive: true })
  const relais = await openRelais(
    {
      port: 0,
      publicUrl: 'http://localhost:3000',
      shortUrl: 'http://localhost:3000',
      secret: 'a secret of the tests, long enough to be taken',
      logLevel: 'silent',
      mailFrom: 'Réseau <bonjour@reseau.example.com>',
      diskReserveMb: 0,
      warnings: [],
      ...config,
      dataFolder,
      databaseUrl: store.location.url,
    },
    ambient,
  )
  const { context } = relais
  const network = await context.db.transaction((tx) =>
    createNetwork(
      tx,
      { name: 'reseau', title: 'Réseau Rhône', mode, country: 'FR', language: 'fr', timezone: 'Europe/Paris' },
      at,
    ),
  )
  const path = join(store.folder, 'partners.csv')
  writeFileSync(path, file)
  await importFile(context, { file: path, networkId: network.id, basis: 'consent' })
  await setUpNetwork(context, network)
  const contactId = async (externalId: string) => {
    const rows = await context.db.select({ id: contacts.id, externalId: contacts.externalId }).from(contacts)
    const found = rows.find((row) => row.externalId === externalId)
    if (!found) throw new Error(`Nobody in the world is ${externalId}.`)
    return found.id
  }
  return {
    store,
    relais,
    context,
    network,
    clock,
    contactId,
    close: async () => {
      await relais.close()
      await store.drop().catch(() => {})
    },
  }
}

/** Puts a screen on the counter of somebody's site. */
export async function addScreen({ context, network, contactId }: World, externalId: string): Promise<string> {
  const id = await contactId(externalId)
  const rows = await context.db.select({ id: contacts.id, siteId: contacts.siteId }).from(contacts)
  const siteId = rows.find((row) => row.id === id)!.siteId
  const station = {
    networkId: network.id,
    id: newId(),
    siteId,
    name: 'Comptoir',
    tokenHash: newId(),
    createdAt: mondayMorning,
  }
  await context.db.insert(stations).values(station)
  return siteId
}
