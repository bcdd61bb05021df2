import type { FC } from 'hono/jsx'
import { can } from '../../../accounts/policy.ts'
import { inNetwork } from '../../in-network.ts'
import { Icon } from '../../ui/icon.tsx'
import { LinkButton } from '../../ui/link-button.tsx'
import type { View } from '../../view.ts'
import type { FirstSteps } from './first-steps.ts'

/** What to do first, ticked as it gets done; gone once something has been launched. */
export const FirstStepsPanel: FC<{ view: View; steps: FirstSteps }> = ({ view, steps }) => {
  const { t, user, network } = view
  if (!user || !network) return null
  const list = [
    {
      name: 'import',
      isDone: steps.hasContacts,
      href: '/console/imports/new',
      isMine: can(user, 'contact.import', network.id),
    },
    {
      name: 'campaign',
      isDone: steps.hasCampaign,
      href: '/console/campaigns/new',
      isMine: can(user, 'campaign.write', network.id),
    },
    {
      name: 'launch',
      isDone: steps.hasLaunched,
      href: '/console/campaigns',
      isMine: can(user, 'campaign.launch', network.id),
    },
  ] as const
  const next = list.find((step) => !step.isDone)
  return (
    <section class="panel first-steps" aria-labelledby="first-steps-title">
      <h2 id="first-steps-title">{t('home.firstSteps')}</h2>
      <ol>
        {list.map((step, position) => (
          <li class={step.isDone ? 'done' : undefined} aria-current={step === next ? 'step' : undefined}>
            <span class="stepper-mark" aria-hidden="true">
              {step.isDone ? <Icon name="check" /> : position + 1}
            </span>
            <div>
              <h3>
                {t(`home.steps.${step.name}.title`)}
                {step.isDone && <span class="hidden"> ({t('ui.done')})</span>}
              </h3>
              <p class="note">{t(`home.steps.${step.name}.text`)}</p>
            </div>
            {step === next && step.isMine && (
              <LinkButton href={inNetwork(view, step.href)} text={t(`home.steps.${step.name}.do`)} kind="primary" />
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
