import { z } from 'zod'
import { tryNow } from '../../../deliver/breaker.ts'
import { breakersOf } from '../../../deliver/breakers-of.ts'
import { resumeSender } from '../../../deliver/refused-sender.ts'
import type { PageHandler } from '../../../http/page-env.ts'
import { setAccountRate } from '../../../network/account-rate.ts'
import {
  addressedChannels,
  addSender,
  changeSender,
  makeDefault,
  removeSender,
} from '../../../network/change-senders.ts'
import { readCountry } from '../../../network/countries.ts'
import { accountsOf } from '../../../network/secrets.ts'
import { sendersOf } from '../../../network/senders.ts'
import { type House, idOf, parsed } from '../../house.ts'
import { ConsolePage, inNetwork } from '../../layout.tsx'
import { Confirmation } from '../../ui/notice.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'
import { isCheckFailure } from './check-text.ts'
import { backTo, fieldsOf, orNotFound } from './form-fields.ts'
import { emptySender, type SenderForm, SenderPage, senderForm, senderProblemsText } from './sender-form.tsx'
import { SendersPage } from './senders.tsx'
import { isDone } from './settings-page.tsx'

const list = '/console/settings/senders'
const addressed = z.object({ channel: z.enum(addressedChannels) })

const readSender = (fields: Record<string, string>): SenderForm => ({
  name: fields.name ?? '',
  address: (fields.address ?? '').replace(/^\+[\d ]+$/, (number) => number.replaceAll(' ', '')),
  isTwoWay: fields.isTwoWay === 'on',
  countries: fields.countries ?? '',
  rate: (fields.rate ?? '').trim(),
})

/** A number as people write it; what is none is NaN, which the rules refuse. */
const numberOf = (text: string): number | null => (text === '' ? null : Number(text.replace(',', '.')))
const rateOf = ({ rate }: SenderForm): number | null => numberOf(rate)

/** Countries as people list them; what is none is kept, so that the rules can say so. */
const countriesOf = (text: string): string[] =>
  text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => readCountry(part) ?? part)

/** In whose name messages leave. */
export function senderRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, context, wall } = deps
  const actOf = (c: Parameters<PageHandler>[0]) => ({
    networkId: c.get('network').id,
    actor: c.get('user').id,
    at: wall.now(),
  })
  const senderOf = async (c: Parameters<PageHandler>[0]) =>
    orNotFound((await sendersOf(db, c.get('network').id)).find((sender) => sender.id === idOf(c)))

  const drawSenders = async (
    c: Parameters<PageHandler>[0],
    refusedRate?: { channel: 'sms' | 'email'; value: string },
  ) => {
    const network = c.get('network')
    const drawn = await view(c)
    const { done, failed } = c.req.query()
    return sendPage(
      c,
      <SendersPage
        view={drawn}
        senders={await sendersOf(db, network.id)}
        accounts={await accountsOf(db, context.vault, network.id)}
        installation={network.mode === 'live' ? context.liveSenders : []}
        rates={context.accountRates}
        publicUrl={deps.publicUrl}
        stopNumber={network.settings.stopNumber}
        breakers={await breakersOf(db, network)}
        done={isDone(done) ? done : undefined}
        failure={isCheckFailure(failed) ? drawn.t(`settings.check.${failed}`) : undefined}
        refusedRate={refusedRate}
      />,
      refusedRate ? 422 : 200,
    )
  }
  const senders: PageHandler = (c) => drawSenders(c)

  const setRate: PageHandler = async (c) => {
    const { channel } = parsed(addressed, { channel: c.req.param('channel') })
    const value = (await fieldsOf(c))[`rate-${channel}`] ?? ''
    const isSet = await db.transaction((tx) => setAccountRate(tx, actOf(c), channel, numberOf(value)))
    return isSet ? backTo(c, list, 'saved') : drawSenders(c, { channel, value })
  }

  const resume: PageHandler = async (c) => {
    const { id } = await senderOf(c)
    await db.transaction((tx) => resumeSender(tx, c.get('network').id, id))
    return backTo(c, list, 'tryNow')
  }

  const asked: PageHandler = async (c) => {
    const { channel } = parsed(addressed, c.req.query())
    const values = { ...emptySender, isTwoWay: channel === 'email' }
    return sendPage(c, <SenderPage view={await view(c)} channel={channel} values={values} />)
  }

  const add: PageHandler = async (c) => {
    const fields = await fieldsOf(c)
    const { channel } = parsed(addressed, fields)
    const values = readSender(fields)
    const wanted = {
      ...values,
      channel,
      countries: channel === 'sms' ? countriesOf(values.countries) : [],
      ratePerSecond: rateOf(values),
    }
    const added = await db.transaction((tx) => addSender(tx, actOf(c), wanted))
    if (!('refused' in added)) return backTo(c, list, 'added')
    const drawn = await view(c)
    const problems = senderProblemsText(drawn, added.refused)
    return sendPage(c, <SenderPage view={drawn} channel={channel} values={values} problems={problems} />, 422)
  }

  const one: PageHandler = async (c) => {
    const sender = await senderOf(c)
    const values = senderForm(sender)
    return sendPage(c, <SenderPage view={await view(c)} channel={sender.channel} sender={sender} values={values} />)
  }

  const change: PageHandler = async (c) => {
    const sender = await senderOf(c)
    const values = readSender(await fieldsOf(c))
    const wanted = {
      ...values,
      countries: sender.channel === 'sms' ? countriesOf(values.countries) : [],
      ratePerSecond: rateOf(values),
    }
    const changed = orNotFound(await db.transaction((tx) => changeSender(tx, actOf(c), sender.id, wanted)))
    if (!('refused' in changed)) return backTo(c, list, 'saved')
    const drawn = await view(c)
    const problems = senderProblemsText(drawn, changed.refused)
    return sendPage(
      c,
      <SenderPage view={drawn} channel={sender.channel} sender={sender} values={values} problems={problems} />,
      422,
    )
  }

  const setDefault: PageHandler = async (c) => {
    const isThere = await db.transaction((tx) => makeDefault(tx, actOf(c), idOf(c)))
    orNotFound(isThere || undefined)
    return backTo(c, list, 'default')
  }

  const askRemoval: PageHandler = async (c) => {
    const sender = await senderOf(c)
    const drawn = await view(c)
    const { t } = drawn
    return sendPage(
      c,
      <ConsolePage view={drawn} title={t('settings.senders.removeTitle', { name: sender.name })} current="settings">
        <Confirmation
          view={drawn}
          title={t('settings.senders.removeTitle', { name: sender.name })}
          action={inNetwork(drawn, `${list}/${sender.id}/remove`)}
          confirm={t('ui.remove')}
          back={inNetwork(drawn, `${list}/${sender.id}`)}
          isDangerous
        >
          <p>{t('settings.senders.removeText')}</p>
        </Confirmation>
      </ConsolePage>,
    )
  }

  const remove: PageHandler = async (c) => {
    const sender = await senderOf(c)
    const removed = await db.transaction((tx) => removeSender(tx, actOf(c), sender.id))
    if (removed === 'removed') return backTo(c, list, 'removed')
    const drawn = await view(c)
    return sendPage(
      c,
      <SenderPage
        view={drawn}
        channel={sender.channel}
        sender={sender}
        values={senderForm(sender)}
        failure={drawn.t('settings.senders.kept')}
      />,
      422,
    )
  }

  const tryAgain: PageHandler = async (c) => {
    const { account, channel, provider } = orNotFound(
      (await breakersOf(db, c.get('network'))).find((one) => one.channel === c.req.param('channel')),
    )
    await tryNow(db, { account, channel, provider }, wall.now())
    return backTo(c, list, 'tryNow')
  }

  app.post('/console/settings/breakers/:channel/try', may('settings.write', networkOf(db)), tryAgain)
  app.post('/console/settings/account-rate/:channel', may('settings.write', networkOf(db)), setRate)
  app.post('/console/settings/senders/:id/resume', may('settings.write', networkOf(db)), resume)
  app.get('/console/settings/senders', may('settings.read', networkOf(db)), senders)
  app.get('/console/settings/senders/new', may('settings.write', networkOf(db)), asked)
  app.post('/console/settings/senders', may('settings.write', networkOf(db)), add)
  app.get('/console/settings/senders/:id', may('settings.write', networkOf(db)), one)
  app.post('/console/settings/senders/:id', may('settings.write', networkOf(db)), change)
  app.post('/console/settings/senders/:id/default', may('settings.write', networkOf(db)), setDefault)
  app.get('/console/settings/senders/:id/remove', may('settings.write', networkOf(db)), askRemoval)
  app.post('/console/settings/senders/:id/remove', may('settings.write', networkOf(db)), remove)
}
