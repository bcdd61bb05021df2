import { nameOf } from '../../../approval/approve.ts'
import type { PageContext, PageHandler } from '../../../http/page-env.ts'
import { haltSending, resumeSending } from '../../../network/halt.ts'
import type { House } from '../../house.ts'
import { inNetwork } from '../../in-network.ts'
import { ConsolePage } from '../../layout.tsx'
import { TextField } from '../../ui/field.tsx'
import { ActionButton, Form } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { sendPage } from '../../view.ts'
import { networkOf } from '../locate.ts'

const longestReason = 300

/** One button that stops whatever leaves a network, and one that lets it go on. */
export function haltRoutes({ app, deps, view, guards: { may } }: House): void {
  const { db, wall } = deps

  const page = async (c: PageContext, problem?: string) => {
    const drawn = await view(c)
    const { t, formats } = drawn
    const { halt } = c.get('network')
    return sendPage(
      c,
      <ConsolePage view={drawn} title={t('life.halt.title')} current="campaigns">
        <PageHeading title={t('life.halt.title')} lead={t('life.halt.lead')} />
        {halt ? (
          <>
            <p class="flash bad">
              {t('life.halt.stopped', {
                at: formats.long(new Date(halt.at)),
                name: await nameOf(db, halt.by),
                reason: halt.reason,
              })}
            </p>
            <ActionButton
              action={inNetwork(drawn, '/console/halt/resume')}
              text={t('life.halt.resume')}
              kind="primary"
            />
          </>
        ) : (
          <Form view={drawn} action={inNetwork(drawn, '/console/halt')} problems={problem ? { reason: problem } : {}}>
            <TextField
              view={drawn}
              name="reason"
              label={t('life.halt.reason')}
              hint={t('life.halt.reasonHint')}
              error={problem}
              maxlength={longestReason}
              isRequired
            />
            <button type="submit" class="danger">
              {t('life.halt.stop')}
            </button>
          </Form>
        )}
      </ConsolePage>,
      problem ? 422 : 200,
    )
  }
  const actOf = (c: PageContext) => ({
    networkId: c.get('network').id,
    actor: c.get('user').id,
    name: c.get('user').name,
    at: wall.now(),
  })
  const back = async (c: PageContext) => c.redirect(inNetwork(await view(c), '/console/halt'), 303)

  const stop: PageHandler = async (c) => {
    const form = await c.req.parseBody()
    const reason = typeof form.reason === 'string' ? form.reason.trim().slice(0, longestReason) : ''
    if (reason === '') return page(c, (await view(c)).t('life.halt.reasonMissing'))
    await db.transaction((tx) => haltSending(tx, actOf(c), reason))
    return back(c)
  }
  const resume: PageHandler = async (c) => {
    await db.transaction((tx) => resumeSending(tx, actOf(c)))
    return back(c)
  }

  app.get('/console/halt', may('campaign.control', networkOf(db)), (c) => page(c))
  app.post('/console/halt', may('campaign.control', networkOf(db)), stop)
  app.post('/console/halt/resume', may('campaign.control', networkOf(db)), resume)
}
