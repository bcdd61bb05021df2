import { and, eq, inArray } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { Db } from '../../../db/index.ts'
import { addresses } from '../../../db/schema.ts'
import type { Locate } from '../../../http/guard.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { EditProblems } from '../../../network/edit-problem.ts'
import { countTroubled, findTroubled, listTroubled, troubles } from '../../../network/hygiene.ts'
import { correctAddress, dropAddress, markAddressGood } from '../../../network/hygiene-actions.ts'
import { type House, idOf, optional, parsed } from '../../house.ts'
import { inNetwork } from '../../layout.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { aCursor, inPlace, problemsIn } from './form-problems.ts'
import { type HygieneDone, HygienePage, hygieneDone, TroubledPage } from './hygiene.tsx'

const listQuery = z.object({
  kind: optional(z.enum(troubles)),
  cursor: optional(aCursor),
  done: optional(z.enum(hygieneDone)),
})
const correctForm = z.object({ value: z.string().max(1_000).default('') })

/** An address that waits to be looked at, where somebody in the user's reach has it. */
const troubledOf =
  (db: Db): Locate =>
  async (c, { networkIds, scope }) => {
    if (networkIds.length === 0) return undefined
    const id = c.req.param('id') ?? ''
    const [row] = await db
      .select({ networkId: addresses.networkId })
      .from(addresses)
      .where(and(inArray(addresses.networkId, networkIds), eq(addresses.id, id)))
    if (!row) return undefined
    return (await findTroubled(db, row.networkId, scope(row.networkId), id)) && row.networkId
  }

/** The queue of addresses to look at, and what may be done about each. */
export function hygieneRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const list: PageHandler = async (c) => {
    const network = c.get('network')
    const scope = c.get('scope')
    const { kind, cursor, done } = parsed(listQuery, c.req.query())
    const page = await inPlace(listTroubled(db, network.id, scope, { trouble: kind, cursor }))
    const counts = scope.of === 'network' ? await countTroubled(db, network.id) : undefined
    return sendPage(
      c,
      <HygienePage view={await view(c)} page={page} trouble={kind} cursor={cursor} counts={counts} done={done} />,
    )
  }

  const one: PageHandler = async (c) => {
    const row = await findTroubled(db, c.get('network').id, c.get('scope'), idOf(c))
    if (!row) throw new HTTPException(404)
    return sendPage(c, <TroubledPage view={await view(c)} row={row} />)
  }

  const correct: PageHandler = async (c) => {
    const network = c.get('network')
    const { value } = parsed(correctForm, await c.req.parseBody())
    try {
      await correctAddress({ db, wall }, network, idOf(c), value, c.get('user').id)
    } catch (error) {
      if (!(error instanceof EditProblems)) throw error
      const row = await findTroubled(db, network.id, c.get('scope'), idOf(c))
      if (!row) throw new HTTPException(404)
      const page = await view(c)
      return sendPage(c, <TroubledPage view={page} row={row} value={value} problems={problemsIn(page, error)} />, 422)
    }
    return c.redirect(inNetwork(await view(c), '/console/hygiene?done=corrected'), 303)
  }

  const act =
    (work: typeof markAddressGood | typeof dropAddress, done: HygieneDone): PageHandler =>
    async (c) => {
      await work({ db, wall }, c.get('network'), idOf(c), c.get('user').id)
      return c.redirect(inNetwork(await view(c), `/console/hygiene?done=${done}`), 303)
    }

  app.get('/console/hygiene', may('contact.read', networkOf(db)), list)
  app.get('/console/hygiene/:id', may('contact.read', troubledOf(db)), one)
  app.post('/console/hygiene/:id/correct', may('contact.write', troubledOf(db)), correct)
  app.post('/console/hygiene/:id/good', may('contact.write', troubledOf(db)), act(markAddressGood, 'markedGood'))
  app.post('/console/hygiene/:id/drop', may('contact.write', troubledOf(db)), act(dropAddress, 'dropped'))
}
