import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BatchPiece, composeBatch } from '../channels/print/batch.ts'
import { frDlRight } from '../channels/print/profile.ts'
import { answer } from './in-child.ts'
import { benchNow } from './workspace.ts'

/** Sets so many letters into one sealed batch. */
const count = Number(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'relais-letters-'))
async function* letters(): AsyncGenerator<BatchPiece> {
  for (let index = 0; index < count; index++)
    yield {
      pieceId: `piece-${String(index).padStart(6, '0')}`,
      language: 'fr',
      contentSha256: '0'.repeat(64),
      content: {
        channel: 'print',
        title: 'Challenge Grand Nord',
        addressLines: [`MAISON ${index}`, '', `${(index % 200) + 1} RUE DES ESSAIS`, '69003 LYON'].filter(Boolean),
        postcode: '69003',
        country: 'FR',
        senderLines: ['Réseau Boréal'],
        dateLine: '11 janvier 2027',
        blocks: [
          { type: 'heading', text: 'Le Grand Nord vous attend' },
          ...Array.from({ length: 6 }, (_, paragraph) => ({
            type: 'paragraph' as const,
            runs: [
              {
                text: `Paragraphe ${paragraph + 1} pour la maison ${index} : chaque vente déclarée rapporte des points, et la meilleure progression est récompensée autant que le meilleur score. Les points de vente jouent par ligues de taille comparable.`,
              },
            ],
          })),
        ],
        qr: { url: `https://www.example.com/q/ABCD${String(index).padStart(4, '0')}`, label: 'www.example.com' },
      },
    }
}
const startedAt = performance.now()
const made = await composeBatch(letters(), frDlRight, folder, {
  number: 'R-2027-0001',
  revision: 1,
  createdAt: benchNow,
})
const seconds = (performance.now() - startedAt) / 1_000
rmSync(folder, { recursive: true, force: true })
answer({ pieces: made.pieces, pages: made.pages, perSecond: Math.round(count / seconds) })
