import { HTTPException } from 'hono/http-exception'
import { z } from 'zod'
import type { PageHandler } from '../../../http/page-env.ts'
import {
  longestName,
  longestSaved,
  mostSaved,
  removeSavedAnswer,
  saveAnswer,
  savedAnswer,
  savedAnswersOf,
} from '../../../inbox/saved-answers.ts'
import { anId, type House, optional, parsed } from '../../house.ts'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { SavedAnswersPage, type SavedEntry } from './saved.tsx'

const text = z.string().max(5_000).default('')
const form = z.object({ id: optional(anId), name: text, fr: text, en: text })
const query = z.object({ id: optional(anId), done: optional(z.enum(['saved', 'removed'])) })

const blank: SavedEntry = { name: '', fr: '', en: '' }

/** The answers a network keeps to give again. */
export function savedAnswerRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const list: PageHandler = async (c) => {
    const { id: networkId } = c.get('network')
    const { id, done } = parsed(query, c.req.query())
    const chosen = id ? await savedAnswer(db, networkId, id) : undefined
    if (id && !chosen) throw new HTTPException(404)
    const entry = chosen
      ? { id: chosen.id, name: chosen.name, fr: chosen.text.fr ?? '', en: chosen.text.en ?? '' }
      : blank
    const saved = await savedAnswersOf(db, networkId)
    return sendPage(c, <SavedAnswersPage view={await view(c)} saved={saved} entry={entry} done={done} />)
  }

  const save: PageHandler = async (c) => {
    const network = c.get('network')
    const { id, name, fr, en } = parsed(form, await c.req.parseBody())
    if (id && !(await savedAnswer(db, network.id, id))) throw new HTTPException(404)
    const at = wall.now()
    const change = { networkId: network.id, id, name, text: { fr, en }, actor: c.get('user').id, at }
    const wrong = await db.transaction((tx) => saveAnswer(tx, change))
    if (!wrong) return c.redirect(`/console/inbox/saved?network=${encodeURIComponent(network.name)}&done=saved`, 303)
    const page = await view(c)
    const most = { name: longestName, text: longestSaved, taken: 0, tooMany: mostSaved }[wrong]
    const problem = page.t(`savedAnswers.problems.${wrong}`, { most })
    const field = wrong === 'text' ? 'fr' : wrong === 'tooMany' ? 'form' : 'name'
    const saved = await savedAnswersOf(db, network.id)
    return sendPage(
      c,
      <SavedAnswersPage view={page} saved={saved} entry={{ id, name, fr, en }} problems={{ [field]: problem }} />,
      422,
    )
  }

  const remove: PageHandler = async (c) => {
    const network = c.get('network')
    const { id } = parsed(z.object({ id: anId }), await c.req.parseBody())
    await db.transaction((tx) =>
      removeSavedAnswer(tx, { networkId: network.id, id, actor: c.get('user').id, at: wall.now() }),
    )
    return c.redirect(`/console/inbox/saved?network=${encodeURIComponent(network.name)}&done=removed`, 303)
  }

  app.get('/console/inbox/saved', may('library.write', networkOf(db)), list)
  app.post('/console/inbox/saved', may('library.write', networkOf(db)), save)
  app.post('/console/inbox/saved/remove', may('library.write', networkOf(db)), remove)
}
