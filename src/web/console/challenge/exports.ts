import type { Challenge } from '../../../challenge/challenge.ts'
import type { Db } from '../../../db/index.ts'
import type { Cell, ExportTable } from '../../../export/table.ts'
import { ledgerPage, nameOf, participantPage, resultPage } from './queries.ts'

export const exportKinds = ['participants', 'results', 'ledger'] as const
export type ExportKind = (typeof exportKinds)[number]

const pageSize = 500

async function* paged<Row extends { id: string }>(
  read: (after: string | undefined) => Promise<Row[]>,
  cells: (row: Row) => Cell[],
): AsyncGenerator<Cell[]> {
  let after: string | undefined
  for (;;) {
    const page = await read(after)
    for (const row of page) yield cells(row)
    if (page.length < pageSize) return
    after = page.at(-1)!.id
  }
}

const table = (heads: readonly string[], rows: AsyncGenerator<Cell[]>): ExportTable => ({
  name: 'challenge',
  columns: heads.map((head) => ({ head })),
  rows,
})

/** All of a challenge’s participants, results or ledger, read page by page while it is sent. */
export function exportOf(db: Db, challenge: Challenge, kind: ExportKind): ExportTable {
  if (kind === 'participants')
    return table(
      [
        'identifiant',
        'site',
        'nom',
        'type',
        'role',
        'equipe',
        'ligue',
        'etat',
        'moyen',
        'inscrit par',
        'inscrit le',
        'reglement',
        'points',
      ],
      paged(
        (after) => participantPage(db, challenge, after, pageSize),
        (row) => [
          ...[row.externalId, row.siteCode, nameOf(row), row.kind, row.role, row.team, row.league, row.status, row.way],
          ...[row.registeredBy, row.registeredAt, row.agreedVersion, row.points ?? 0],
        ],
      ),
    )
  if (kind === 'results')
    return table(
      [
        'identifiant',
        'site',
        'nom',
        'critere',
        'quantite',
        'date',
        'moyen',
        'reference',
        'etat',
        'doute',
        'raison',
        'declare le',
      ],
      paged(
        (after) => resultPage(db, challenge, { after, limit: pageSize }),
        (row) => [
          ...[row.externalId, row.siteCode, nameOf(row), row.criterion, row.quantity, row.doneOn, row.way],
          ...[row.reference, row.status, row.suspicion, row.reason, row.recordedAt],
        ],
      ),
    )
  return table(
    [
      'ligne',
      'date',
      'identifiant',
      'site',
      'nom',
      'jour',
      'critere',
      'quantite',
      'points',
      'nature',
      'raison',
      'annule',
      'resultat',
      'reglement',
      'par',
    ],
    paged(
      (after) => ledgerPage(db, challenge, after, pageSize),
      (row) => [
        ...[
          row.id,
          row.at,
          row.externalId,
          row.siteCode,
          nameOf(row),
          row.day,
          row.criterion,
          row.quantity,
          row.points,
        ],
        ...[row.kind, row.reason, row.reversesId, row.resultId, row.rulesVersion, row.madeBy],
      ],
    ),
  )
}
