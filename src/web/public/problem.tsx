import type { FC } from 'hono/jsx'
import { PublicPage } from '../layout.tsx'
import type { View } from '../view.ts'

export type ProblemStatus = 400 | 403 | 404 | 405 | 413 | 415 | 500 | 503

export const problemStatus = (status: number): ProblemStatus => {
  switch (status) {
    case 400:
    case 403:
    case 404:
    case 405:
    case 413:
    case 415:
    case 503:
      return status
    default:
      return status < 500 ? 400 : 500
  }
}

/** What went wrong in words; never a stack trace, at most the reference under which it is logged. */
export const ProblemPage: FC<{ view: View; status: ProblemStatus; reference?: string }> = ({
  view,
  status,
  reference,
}) => {
  const { t } = view
  return (
    <PublicPage view={view} title={t(`problem.${status}.title`)}>
      <p class="problem-code">{status}</p>
      <h1>{t(`problem.${status}.title`)}</h1>
      <p>{t(`problem.${status}.text`)}</p>
      {reference && (
        <p class="note">
          {t('problem.reference')} <code>{reference}</code>
        </p>
      )}
      <p>
        <a class="button" href="/">
          {t('problem.back')}
        </a>
      </p>
    </PublicPage>
  )
}
