import type { FC } from 'hono/jsx'
import type { Certificate } from '../../../person/erase.ts'
import type { Redaction } from '../../../person/redact.ts'
import { Breadcrumb, ConsolePage, inNetwork } from '../../layout.tsx'
import { CheckField } from '../../ui/field.tsx'
import { ActionButton, Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Flash } from '../../ui/notice.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'

interface RightsProps {
  view: View
  contact: { id: string; name: string }
  problems?: Problems
}

/** What somebody may ask of those who hold data about them: a copy, and to be erased. */
export const RightsPage: FC<RightsProps> = ({ view, contact, problems = {} }) => {
  const { t } = view
  const path = `/console/contacts/${contact.id}`
  return (
    <ConsolePage view={view} title={t('rights.of', { name: contact.name })} current="network">
      <Breadcrumb
        view={view}
        trail={[
          [t('network.contacts'), inNetwork(view, '/console/contacts')],
          [contact.name, path],
        ]}
      />
      <PageHeading title={t('rights.of', { name: contact.name })} />
      <p>{t('rights.lead')}</p>
      <Panel title={t('rights.export')} id="export" note={t('rights.exportNote')}>
        <p class="actions">
          <ActionButton action={`${path}/export`} text={t('rights.json')} fields={{ format: 'json' }} kind="primary" />
          <ActionButton action={`${path}/export`} text={t('rights.csv')} fields={{ format: 'csv' }} />
        </p>
      </Panel>
      <Panel title={t('rights.erase')} id="erase">
        <p>{t('rights.eraseNote')}</p>
        <p>{t('rights.stays')}</p>
        <p class="note">{t('rights.batches')}</p>
        <Form view={view} action={`${path}/erase`} problems={problems}>
          <CheckField view={view} name="confirmed" label={t('rights.confirm')} error={problems.confirmed} />
          <p>
            <button type="submit" class="danger">
              {t('rights.act')}
            </button>
          </p>
        </Form>
      </Panel>
    </ConsolePage>
  )
}

/** What an erasure did, by table: what is shown to whoever asked for it. */
export const CertificatePanel: FC<{ view: View; certificate: Certificate; contactId: string }> = (props) => {
  const { view, certificate, contactId } = props
  const { t, formats } = view
  const { status, askedAt, finishedAt, erased, kept, providers } = certificate
  const tables = [...new Set([...Object.keys(erased), ...Object.keys(kept)])]
  return (
    <Panel title={t('rights.certificate')} id="certificate">
      {status === 'failed' ? (
        <>
          <Flash tone="bad">{t('rights.failed')}</Flash>
          <ActionButton
            action={`/console/contacts/${contactId}/erase`}
            text={t('rights.act')}
            fields={{ confirmed: 'on' }}
          />
        </>
      ) : (
        !finishedAt && <Flash tone="warning">{t('rights.underWay')}</Flash>
      )}
      <p>
        {t('rights.asked', { on: formats.date(askedAt) })}
        {finishedAt && ` · ${t('rights.done', { on: formats.date(finishedAt) })}`}
      </p>
      {finishedAt && (
        <div class="table-scroll">
          <table>
            <caption class="visually-hidden">{t('rights.certificate')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('rights.table')}</th>
                <th scope="col" class="number">
                  {t('rights.erased')}
                </th>
                <th scope="col" class="number">
                  {t('rights.kept')}
                </th>
              </tr>
            </thead>
            <tbody>
              {tables.map((name) => (
                <tr>
                  <th scope="row">
                    <code>{name}</code>
                  </th>
                  <td class="number">{formats.number(erased[name] ?? 0)}</td>
                  <td class="number">{formats.number(kept[name] ?? 0)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {providers && <AtProviders view={view} redaction={providers} />}
    </Panel>
  )
}

/** What the companies that carried the messages were asked to forget, and what they still hold. */
const AtProviders: FC<{ view: View; redaction: Redaction }> = ({ view: { t }, redaction }) => {
  const { redacted, gone, forgotten, left, isGivenUp, elsewhere } = redaction
  const others = Object.entries(elsewhere)
  if (redacted + gone + forgotten + left === 0 && others.length === 0) return null
  return (
    <>
      <h3>{t('rights.providersTitle')}</h3>
      <ul>
        {redacted > 0 && <li>{t('rights.providersAsked', { count: redacted })}</li>}
        {gone > 0 && <li>{t('rights.providersGone', { count: gone })}</li>}
        {forgotten > 0 && <li>{t('rights.providersForgotten', { count: forgotten })}</li>}
        {left > 0 && <li>{t(isGivenUp ? 'rights.providersGivenUp' : 'rights.providersLeft', { count: left })}</li>}
        {others.map(([provider, messages]) => (
          <li>{t('rights.providersOther', { provider, messages })}</li>
        ))}
      </ul>
    </>
  )
}
