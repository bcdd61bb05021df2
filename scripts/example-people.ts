import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { draw } from '../src/random.ts'
import { packageRoot } from '../src/root.ts'

/** A partner's place: an invented company at an invented number of a real commune. */
export interface Place {
  company: string
  domain: string
  street: string
  postcode: string
  town: string
}

const firstNames =
  'Adèle Amir Anaïs Arthur Aurore Bastien Camille Capucine Clément Coralie Damien Élise Émile Fanny Farid Gaëlle Gaspard Hugo Inès Jeanne Karim Léa Lucien Maëlle Malik Manon Mathis Nadia Noémie Octave Pauline Rachid Rémi Samira Solène Théo Ursule Valentin Yasmine Zoé'.split(
    ' ',
  )
const lastNames =
  'Aubin Baillot Benali Bertin Blanchet Bordier Carlier Chauvin Cordier Delmas Diallo Dufour Esnault Fabre Fontanel Garnier Gaudin Hamel Imbert Jacquot Kessler Lambert Lefort Marchal Menard Naudin Olivier Pasquet Pelletier Quentin Rebours Roussel Sabatier Tessier Urbain Vasseur Vidal Weber Yvon Zeller'.split(
    ' ',
  )

/** Letters and digits only, as a mailbox has them. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')

let known: Place[] | undefined

/** The places of the sample file whose postcode is whole, in its order; read once. */
export function samplePlaces(): Place[] {
  known ??= readPlaces()
  return known
}

function readPlaces(): Place[] {
  const rows: string[][] = parse(readFileSync(join(packageRoot, 'examples/data/agences-4000.csv')), {
    delimiter: ';',
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  const places = new Map<string, Place>()
  for (const [code, company, , , street, , written, town, country] of rows.slice(1) as string[][]) {
    const postcode = written!.padStart(5, '0')
    if (country !== 'France' || !/^(0[1-9]|[1-8]\d|9[0-5])\d{3}$/.test(postcode) || places.has(code!)) continue
    places.set(code!, {
      company: company!,
      domain: `${plain(company!)}.example.com`,
      street: street!,
      postcode,
      town: town!,
    })
  }
  return [...places.values()]
}

/** Somebody's name, fixed by who it is for. */
export function nameOf(...whom: (string | number)[]): { first: string; last: string } {
  const one = (list: readonly string[], what: string) => list[Math.floor(draw(what, ...whom) * list.length)]!
  return { first: one(firstNames, 'first'), last: one(lastNames, 'last') }
}

/** A mobile out of 06 39 98 00 00–99 99, which ARCEP keeps for fiction. */
export const mobileOf = (index: number): string => {
  const digits = String(index).padStart(4, '0')
  return `06 39 98 ${digits.slice(0, 2)} ${digits.slice(2)}`
}

/** A file as a French Excel writes it. */
export const csv = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${rows.map((row) => row.map((cell) => (/[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(';')).join('\r\n')}\r\n`
