import type { FC } from 'hono/jsx'
import { PublicPage } from '../web/layout.tsx'
import { DescriptionList } from '../web/ui/figures.tsx'
import { Panel } from '../web/ui/panel.tsx'
import type { View } from '../web/view.ts'
import type { Description } from './description.ts'

type Operation = NonNullable<NonNullable<Description['paths']>[string]['get']>
/** The part of JSON Schema that our own schemas come out as. */
interface Schema {
  $ref?: string
  enum?: readonly unknown[]
  anyOf?: readonly Schema[]
  type?: string | readonly string[]
  items?: Schema
  properties?: Record<string, Schema>
  description?: string
}

const codes: Record<string, string> = {
  'no-credentials': '401',
  'unknown-key': '401',
  'expired-key': '401',
  'revoked-key': '401',
  'not-given': '403',
  'another-site': '403',
  'unreadable-body': '400',
  'bad-idempotency-key': '400',
  'idempotency-key-in-flight': '409',
  'wrong-type': '415',
  invalid: '422',
  'idempotency-key-reused': '422',
  'too-many-calls': '429',
}

const nameOf = (reference: string): string => reference.replace('#/components/schemas/', '')

/** A type in a few words: `string`, `Contact[]`, `"sms" | "email"`. */
function typeText(schema: Schema | undefined): string {
  if (!schema) return 'any'
  if (schema.$ref) return nameOf(schema.$ref)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' | ')
  const types = [schema.type ?? 'any'].flat()
  return types.map((type) => (type === 'array' ? `${typeText(schema.items)}[]` : type)).join(' | ')
}

const Properties: FC<{ schema: Schema | undefined }> = ({ schema }) => {
  if (!schema?.properties) return <code>{typeText(schema)}</code>
  return (
    <DescriptionList
      details={Object.entries(schema.properties).map(([name, property]) => ({
        term: name,
        detail: <code>{typeText(property)}</code>,
        note: property.description,
      }))}
    />
  )
}

const OperationPanel: FC<{ view: View; method: string; path: string; operation: Operation }> = ({
  view: { t },
  method,
  path,
  operation,
}) => {
  const parameters = (operation.parameters ?? []).flatMap((one) => ('$ref' in one ? [] : [one]))
  const sent =
    operation.requestBody && 'content' in operation.requestBody
      ? operation.requestBody.content['application/json']?.schema
      : undefined
  const answers = Object.entries(operation.responses ?? {}).flatMap(([status, answer]) =>
    status !== 'default' && 'content' in answer
      ? [{ status, schema: answer.content?.['application/json']?.schema }]
      : [],
  )
  return (
    <Panel title={`${method.toUpperCase()} ${path}`} id={operation.operationId ?? path} note={operation.summary}>
      <h3>{t('api.parameters')}</h3>
      {parameters.length === 0 ? (
        <p class="note">{t('api.none')}</p>
      ) : (
        <DescriptionList
          details={parameters.map((parameter) => ({
            term: parameter.name,
            detail: <code>{typeText(parameter.schema as Schema)}</code>,
            note: parameter.description ?? (parameter.schema as { description?: string } | undefined)?.description,
          }))}
        />
      )}
      {sent && (
        <>
          <h3>{t('api.body')}</h3>
          <Properties schema={sent as Schema} />
        </>
      )}
      {answers.map(({ status, schema }) => (
        <>
          <h3>
            {t('api.answer')} · {status}
          </h3>
          <Properties schema={schema as Schema} />
        </>
      ))}
    </Panel>
  )
}

/** The description of the interface as people read it; nothing is loaded from elsewhere. Its entries are English. */
export const ApiDocs: FC<{ view: View; description: Description }> = ({ view, description }) => {
  const { t } = view
  const paths = Object.entries(description.paths ?? {})
  const server = description.servers?.[0]?.url ?? ''
  return (
    <PublicPage view={view} title={t('api.title')} isWide>
      <h1>{t('api.title')}</h1>
      <p class="lead">{t('api.lead')}</p>
      <p>
        <a href="/api/openapi.json">{t('api.machine')}</a>
      </p>
      <Panel title={t('api.start')} id="start" note={t('api.startText')}>
        <pre tabindex={0}>{`curl -H "Authorization: Bearer rl_…" ${server}/api/v1/contacts?limit=10`}</pre>
      </Panel>
      <div lang="en">
        {paths.flatMap(([path, item]) =>
          (['get', 'post'] as const).map((method) => {
            const operation = item[method]
            return operation && <OperationPanel view={view} method={method} path={path} operation={operation} />
          }),
        )}
        {Object.entries(description.components?.schemas ?? {}).map(([name, schema]) => (
          <Panel title={name} id={`schema-${name}`}>
            <Properties schema={schema as Schema} />
          </Panel>
        ))}
      </div>
      <Panel title={t('api.errors')} id="errors" note={t('api.errorsText')}>
        <ul>
          {Object.entries(codes).map(([code, status]) => (
            <li id={code}>
              <code>{code}</code> · {status}
            </li>
          ))}
        </ul>
      </Panel>
    </PublicPage>
  )
}
