import { z } from 'zod'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import {
  type CredentialProblem,
  type Credentials,
  credentialProblems,
  credentialsSchema,
  type OwnProvider,
  ownProviders,
  secretFields,
} from '../../../network/credentials.ts'
import { accountsOf, credentialsOf, removeCredentials, saveCredentials } from '../../../network/secrets.ts'
import { SecretUnreadable } from '../../../network/vault.ts'
import type { House } from '../../house.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import type { Problems } from '../../ui/form.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import { sendPage, type View } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { type AccountFields, AccountPage, accountFields } from './account-form.tsx'
import { backTo, fieldsOf, orNotFound } from './form-fields.ts'
import { providerName } from './senders.tsx'

const list = '/console/settings/senders'
const providerSchema = z.enum(ownProviders)

/** A live network's accounts with providers. A sandbox network has none: its pages say why, and it takes none. */
export function accountRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps
  const { vault, carriers } = context

  const named = (c: PageContext): OwnProvider => orNotFound(providerSchema.safeParse(c.req.param('provider')).data)
  const providerOf = (c: PageContext): OwnProvider => {
    orNotFound(c.get('network').mode === 'live' || undefined)
    return named(c)
  }
  const accountOf = async (c: PageContext, provider: OwnProvider) =>
    (await accountsOf(db, vault, c.get('network').id)).find((account) => account.provider === provider)
  const actOf = (c: PageContext) => ({ network: c.get('network'), actor: c.get('user').id, at: wall.now() })

  /** The stored credentials; undefined where there are none, or where they cannot be opened. */
  const stored = async (c: PageContext, provider: OwnProvider): Promise<Credentials | undefined> => {
    try {
      return await credentialsOf(db, vault, c.get('network').id, provider)
    } catch (error) {
      if (error instanceof SecretUnreadable) return undefined
      throw error
    }
  }

  const account: PageHandler = async (c) => {
    const provider = named(c)
    const known = await accountOf(c, provider)
    return sendPage(
      c,
      <AccountPage view={await view(c)} provider={provider} account={known} values={accountFields(provider, known)} />,
    )
  }

  const save: PageHandler = async (c) => {
    const provider = providerOf(c)
    const given = await fieldsOf(c)
    const known = await accountOf(c, provider)
    const drawn = await view(c)
    const refuse = (problems: Problems) =>
      sendPage(
        c,
        <AccountPage
          view={drawn}
          provider={provider}
          account={known?.isReadable ? known : undefined}
          values={withoutSecrets(provider, given)}
          problems={problems}
        />,
        422,
      )
    const parsed = credentialsSchema.safeParse({
      ...kept(provider, await stored(c, provider), given),
      provider,
    })
    if (!parsed.success) return refuse(problemsIn(drawn, parsed.error))
    // Asked before anything is stored: what the provider refuses for certain would only keep messages waiting.
    const check = await carriers.check(parsed.data)
    if (!check.isGood && check.code !== 'unreachable' && check.code !== 'unexpected')
      return refuse({ form: drawn.t(`settings.check.${check.code}`) })
    const name = check.isGood ? check.account : undefined
    await db.transaction((tx) => saveCredentials(tx, vault, actOf(c), parsed.data, name))
    return backTo(c, list, check.isGood ? 'accountSaved' : 'accountUnchecked')
  }

  const check: PageHandler = async (c) => {
    const provider = providerOf(c)
    orNotFound(await accountOf(c, provider))
    const credentials = await stored(c, provider)
    const answer = credentials ? await carriers.check(credentials) : ({ isGood: false, code: 'unreadable' } as const)
    if (answer.isGood) return backTo(c, list, 'accountGood')
    const query = new URLSearchParams({ network: c.get('network').name, failed: answer.code })
    return c.redirect(`${list}?${query}`, 303)
  }

  const askRemoval: PageHandler = async (c) => {
    const provider = named(c)
    const drawn = await view(c)
    const { t } = drawn
    const title = t('settings.accounts.removeTitle', { provider: providerName(drawn, provider) })
    return sendPage(
      c,
      <ConsolePage view={drawn} title={title} current="settings">
        <Confirmation
          view={drawn}
          title={title}
          action={inNetwork(drawn, `/console/settings/accounts/${provider}/remove`)}
          confirm={t('ui.remove')}
          back={inNetwork(drawn, list)}
          isDangerous
        >
          <p>{t('settings.accounts.removeText')}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const remove: PageHandler = async (c) => {
    const provider = providerOf(c)
    const removed = await db.transaction((tx) => removeCredentials(tx, actOf(c), provider, context.liveSenders))
    orNotFound(removed || undefined)
    return backTo(c, list, 'accountRemoved')
  }

  app.get('/console/settings/accounts/:provider', may('settings.write', networkOf(db)), account)
  app.post('/console/settings/accounts/:provider', may('settings.write', networkOf(db)), save)
  app.post('/console/settings/accounts/:provider/check', may('settings.write', networkOf(db)), check)
  app.get('/console/settings/accounts/:provider/remove', may('settings.write', networkOf(db)), askRemoval)
  app.post('/console/settings/accounts/:provider/remove', may('settings.write', networkOf(db)), remove)
}

/**
 * A secret left empty stays, as long as the account is the same: another account, or another host, must not be sent
 * the secret of this one.
 */
function kept(provider: OwnProvider, stored: Credentials | undefined, given: AccountFields): AccountFields {
  if (!stored) return given
  const held = stored as Readonly<Record<string, unknown>>
  const identity: Record<OwnProvider, readonly string[]> = {
    twilio: ['accountSid'],
    sendgrid: [],
    smtp: ['host', 'user'],
  }
  const isSame = identity[provider].every((field) => (given[field] ?? '') === String(held[field] ?? ''))
  if (!isSame) return given
  const fields = { ...given }
  for (const field of secretFields[provider]) {
    const secret = held[field]
    // An API key taken away takes its secret with it.
    if (field === 'apiSecret' && given.apiKey !== held.apiKey) continue
    if (!fields[field] && typeof secret === 'string') fields[field] = secret
  }
  return fields
}

const withoutSecrets = (provider: OwnProvider, given: AccountFields): AccountFields =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !secretFields[provider].includes(name)))

const isCredentialProblem = (text: string): text is CredentialProblem =>
  credentialProblems.some((problem) => problem === text)

/** The first problem of each field in the reader's words; what was typed is never quoted. */
function problemsIn({ t }: View, error: z.ZodError): Problems {
  const problems: Record<string, string> = {}
  for (const { path, message } of error.issues)
    problems[String(path[0] ?? 'form')] ??= isCredentialProblem(message)
      ? t(`settings.credentialProblems.${message}`)
      : t('settings.problems.unknown')
  return problems
}
