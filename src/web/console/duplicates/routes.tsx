import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import { businessNow } from '../../../clock.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { findJob, isOpen } from '../../../job/enqueue.ts'
import { runOneJob } from '../../../job/run.ts'
import { duplicatesJobId, enqueueDuplicates } from '../../../network/duplicates/enqueue.ts'
import { dismissPair } from '../../../network/merge/dismiss.ts'
import { type MergeChoices, type MergeSide, mergeFields } from '../../../network/merge/fields.ts'
import { MergeRefused, mergeContacts } from '../../../network/merge/merge.ts'
import { choicesOf, proposeMerge } from '../../../network/merge/propose.ts'
import { sidesOf } from '../../../network/merge/sides.ts'
import { anId, type House, idOf, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { ComparePage } from './compare.tsx'
import { ConfirmMergePage } from './confirm.tsx'
import { DuplicatesPage } from './list.tsx'
import { findPair, listPairs, pairOf } from './queries.ts'

const patienceMs = 1_500

const listQuery = z.object({
  cursor: optional(z.string().max(128)),
  done: optional(z.enum(['merged', 'dismissed', 'gone'])),
})

/** `a` and `b` are the first and the second of the pair, whichever is kept. */
const choicesForm = z.object({
  keep: anId,
  ...Object.fromEntries(mergeFields.map((field) => [field, optional(z.enum(['a', 'b']))])),
})

/** Contacts who may be one person: found, compared, merged or told apart. */
export function duplicateRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps

  const list: PageHandler = async (c) => {
    const { id } = c.get('network')
    const { cursor, done } = parsed(listQuery, c.req.query())
    const job = await findJob(db, id, duplicatesJobId)
    if (isOpen(job)) c.header('refresh', '3')
    const { rows, next } = await listPairs(db, id, c.get('scope'), cursor)
    return sendPage(
      c,
      <DuplicatesPage view={await view(c)} rows={rows} next={next} cursor={cursor} job={job} done={done} />,
    )
  }
  const toList = (c: PageContext, done?: 'merged' | 'dismissed' | 'gone') =>
    c.redirect(
      `/console/duplicates?network=${encodeURIComponent(c.get('network').name)}${done ? `&done=${done}` : ''}`,
      303,
    )

  const search: PageHandler = async (c) => {
    const { id } = c.get('network')
    await enqueueDuplicates(db, id, wall.now())
    const until = wall.now().getTime() + (deps.patienceMs ?? patienceMs)
    await runOneJob(context, { networkId: id, id: duplicatesJobId }, () => wall.now().getTime() >= until)
    return toList(c)
  }

  interface Pair {
    one: MergeSide
    other: MergeSide
    reason: NonNullable<Awaited<ReturnType<typeof findPair>>>['reason']
    here: string
  }
  const pairIn = async (c: PageContext): Promise<Pair | undefined> => {
    const networkId = c.get('network').id
    const ids = [idOf(c), c.req.param('otherId') ?? ''] as const
    const [row, sides] = await Promise.all([findPair(db, networkId, ...ids), sidesOf(db, networkId, ids)])
    const [one, other] = ids.map((id) => sides.get(id))
    return row && one && other
      ? { one, other, reason: row.reason, here: `/console/duplicates/${ids.join('/')}` }
      : undefined
  }

  const compare: PageHandler = async (c) => {
    const pair = await pairIn(c)
    if (!pair) throw new HTTPException(404)
    return sendPage(c, <ComparePage view={await view(c)} one={pair.one} other={pair.other} reason={pair.reason} />)
  }

  /** What was chosen, seen from the contact that stays; what was not asked is as it would be proposed. */
  const chosenFrom = (given: unknown, { one, other }: Pair) => {
    const form: Record<string, string | undefined> = parsed(choicesForm, given)
    const isFirst = form.keep === one.row.id
    if (!isFirst && form.keep !== other.row.id) throw new HTTPException(400, { message: 'Keep one of the two.' })
    const [keep, gone] = isFirst ? [one, other] : [other, one]
    const proposed = choicesOf(proposeMerge(keep, gone))
    const choices = Object.fromEntries(
      mergeFields.map((field) => {
        const place = form[field]
        if (place === undefined) return [field, proposed[field]]
        return [field, (place === 'a') === isFirst ? 'keep' : 'other']
      }),
    ) as unknown as MergeChoices
    const fields = Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => !!entry[1]))
    return { keep, gone, choices, fields }
  }

  const confirm: PageHandler = async (c) => {
    const pair = await pairIn(c)
    if (!pair) throw new HTTPException(404)
    const { keep, gone, choices, fields } = chosenFrom(c.req.query(), pair)
    return sendPage(
      c,
      <ConfirmMergePage
        view={await view(c)}
        keep={keep}
        other={gone}
        choices={choices}
        here={pair.here}
        fields={fields}
      />,
    )
  }

  const merge: PageHandler = async (c) => {
    const pair = await pairIn(c)
    if (!pair) return toList(c, 'gone')
    const { keep, gone, choices } = chosenFrom(await c.req.parseBody(), pair)
    const network = c.get('network')
    const at = wall.now()
    try {
      await db.transaction((tx) =>
        mergeContacts(
          tx,
          {
            networkId: network.id,
            keepId: keep.row.id,
            otherId: gone.row.id,
            actor: c.get('user').id,
            now: businessNow(at, network),
            at,
          },
          choices,
        ),
      )
    } catch (error) {
      if (error instanceof MergeRefused) return toList(c, 'gone')
      throw error
    }
    return toList(c, 'merged')
  }

  const dismiss: PageHandler = async (c) => {
    const pair = { networkId: c.get('network').id, contactId: idOf(c), otherId: c.req.param('otherId') ?? '' }
    await dismissPair(db, pair, c.get('user').id, wall.now())
    return toList(c, 'dismissed')
  }

  app.get('/console/duplicates', may('contact.write', networkOf(db)), list)
  app.post('/console/duplicates/search', may('contact.write', networkOf(db)), search)
  app.get('/console/duplicates/:id/:otherId', may('contact.write', pairOf(db)), compare)
  app.get('/console/duplicates/:id/:otherId/merge', may('contact.write', pairOf(db)), confirm)
  app.post('/console/duplicates/:id/:otherId/merge', may('contact.write', pairOf(db)), merge)
  app.post('/console/duplicates/:id/:otherId/dismiss', may('contact.write', pairOf(db)), dismiss)
}
