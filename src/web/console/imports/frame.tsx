import type { Child, FC } from 'hono/jsx'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { Stepper } from '../../ui/stepper.tsx'
import type { View } from '../../view.ts'

const steps = ['upload', 'mapping', 'confirm', 'run'] as const
export type ImportStep = (typeof steps)[number]

/** The frame of each page of an import: where it hangs, and how far one is. */
export const ImportFrame: FC<{ view: View; title: string; step?: ImportStep; children?: Child }> = ({
  view,
  title,
  step,
  children,
}) => {
  const { t } = view
  return (
    <ConsolePage view={view} title={title} current="network">
      <Breadcrumb
        view={view}
        trail={[
          [t('nav.network'), inNetwork(view, '/console/contacts')],
          [t('imports.title'), inNetwork(view, '/console/imports')],
        ]}
      />
      {step && (
        <Stepper
          view={view}
          label={t('imports.stepsLabel')}
          steps={steps.map((name) => ({ text: t(`imports.steps.${name}`) }))}
          current={steps.indexOf(step)}
        />
      )}
      {children}
    </ConsolePage>
  )
}
