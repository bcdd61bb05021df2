import { and, eq, inArray } from 'drizzle-orm'
import { HTTPException } from 'hono/http-exception'
import {
  createKey,
  findKey,
  keyLifetimes,
  keyPermissions,
  keyState,
  listKeys,
  mostKeys,
  mostPerMinute,
  revokeKey,
  TooManyKeys,
  usualPerMinute,
} from '../../../accounts/api-keys.ts'
import type { Db } from '../../../db/index.ts'
import { apiKeys } from '../../../db/schema.ts'
import type { Locate } from '../../../http/guard.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { type House, idOf } from '../../house.ts'
import type { Problems } from '../../ui/form.tsx'
import { sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { KeysPage, keysPath, MadeKeyPage, NewKeyPage, RevokeKeyPage, type TypedKey } from './keys.tsx'

/** Keys are a network's: permissions on them are never narrower. */
const keyOf =
  (db: Db): Locate =>
  async (c, { networkIds }) => {
    if (networkIds.length === 0) return undefined
    const [row] = await db
      .select({ networkId: apiKeys.networkId })
      .from(apiKeys)
      .where(and(inArray(apiKeys.networkId, networkIds), eq(apiKeys.id, c.req.param('id') ?? '')))
    return row?.networkId
  }

const nothingTyped: TypedKey = { name: '', permissions: [], days: '90', perMinute: String(usualPerMinute) }

async function typedIn(c: PageContext): Promise<TypedKey> {
  const form = new URLSearchParams(await c.req.text())
  const text = (name: string) => form.get(name)?.trim() ?? ''
  return {
    name: text('name'),
    permissions: form.getAll('permissions'),
    days: text('days'),
    perMinute: text('perMinute'),
  }
}

/** What programs may come in with. */
export function keysRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall, publicUrl, context } = deps

  const list: PageHandler = async (c) => {
    const said = c.req.query('said')
    return sendPage(
      c,
      <KeysPage
        view={await view(c)}
        keys={await listKeys(db, c.get('network').id)}
        wallNow={wall.now()}
        said={said === 'revoked' || said === 'gone' ? said : undefined}
      />,
    )
  }

  const form: PageHandler = async (c) => sendPage(c, <NewKeyPage view={await view(c)} typed={nothingTyped} />)

  const wanted = ({ t }: View, typed: TypedKey) => {
    const permissions = keyPermissions.filter((permission) => typed.permissions.includes(permission))
    const days = keyLifetimes.find((one) => String(one) === typed.days)
    const perMinute = /^\d{1,5}$/.test(typed.perMinute) ? Number(typed.perMinute) : 0
    const problems: Problems = {
      ...(typed.name.length < 1 || typed.name.length > 80 ? { name: t('keys.problems.name') } : {}),
      ...(permissions.length === 0 ? { permissions: t('keys.problems.rights') } : {}),
      ...(perMinute < 1 || perMinute > mostPerMinute
        ? { perMinute: t('keys.problems.perMinute', { most: mostPerMinute }) }
        : {}),
    }
    return { name: typed.name, permissions, days: days ?? (90 as const), perMinute, problems }
  }

  /** The answer is the page with the key itself: kept for a redirect, its text would have to be stored. */
  const make: PageHandler = async (c) => {
    const drawn = await view(c)
    const typed = await typedIn(c)
    const { problems, ...asked } = wanted(drawn, typed)
    const refuse = (said: Problems) => sendPage(c, <NewKeyPage view={drawn} typed={typed} problems={said} />, 422)
    if (Object.keys(problems).length > 0) return refuse(problems)
    try {
      const { text } = await db.transaction((tx) =>
        createKey(tx, context.random, {
          ...asked,
          network: c.get('network'),
          createdBy: c.get('user').id,
          at: wall.now(),
        }),
      )
      return sendPage(c, <MadeKeyPage view={drawn} name={typed.name} text={text} publicUrl={publicUrl} />)
    } catch (error) {
      if (error instanceof TooManyKeys) return refuse({ form: drawn.t('keys.problems.tooMany', { most: mostKeys }) })
      throw error
    }
  }

  const askRevoke: PageHandler = async (c) => {
    const key = await findKey(db, c.get('network').id, idOf(c))
    if (!key) throw new HTTPException(404)
    if (keyState(key, wall.now()) === 'revoked') return backTo(c, 'gone')
    return sendPage(c, <RevokeKeyPage view={await view(c)} apiKey={key} />)
  }

  const revoke: PageHandler = async (c) => {
    const given = { networkId: c.get('network').id, id: idOf(c), revokedBy: c.get('user').id, at: wall.now() }
    const isRevoked = await db.transaction((tx) => revokeKey(tx, given))
    return backTo(c, isRevoked ? 'revoked' : 'gone')
  }

  app.get('/console/settings/keys', may('key.read', networkOf(db)), list)
  app.get('/console/settings/keys/new', may('key.write', networkOf(db)), form)
  app.post('/console/settings/keys', may('key.write', networkOf(db)), make)
  app.get('/console/settings/keys/:id/revoke', may('key.write', keyOf(db)), askRevoke)
  app.post('/console/settings/keys/:id/revoke', may('key.write', keyOf(db)), revoke)
}

const backTo = (c: PageContext, said: 'revoked' | 'gone') =>
  c.redirect(`${keysPath}?${new URLSearchParams({ network: c.get('network').name, said })}`, 303)
