import { isLoopback, type Reader } from './reader.ts'

export interface OidcConfig {
  issuer: string
  clientId: string
  clientSecret: string
  name: string
}

/** A head office's own sign-in. The issuer keeps its path, as OpenID Connect Discovery 1.0 §4 wants it. */
export function oidcOf(reader: Reader): OidcConfig | undefined {
  const issuer = reader.text('OIDC_ISSUER')
  const clientId = reader.text('OIDC_CLIENT_ID')
  const clientSecret = reader.text('OIDC_CLIENT_SECRET')
  const name = reader.text('OIDC_NAME')
  if (!issuer && !clientId && !clientSecret) {
    if (name) reader.warnings.push('OIDC_NAME is set without OIDC_ISSUER: nobody signs in by a head office.')
    return undefined
  }
  for (const [setting, value] of Object.entries({
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: clientId,
    OIDC_CLIENT_SECRET: clientSecret,
  }))
    if (!value)
      reader.problems.push(
        `${setting} is missing: issuer, client and secret go together, as your identity provider gives them.`,
      )
  const url = issuer !== undefined && URL.canParse(issuer) ? new URL(issuer) : undefined
  if (issuer !== undefined && (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username))
    reader.problems.push(
      `OIDC_ISSUER is "${issuer}"; write it as your provider does, such as https://login.example.com/realms/main`,
    )
  else if (url?.protocol === 'http:' && !isLoopback(url.hostname))
    reader.problems.push(
      'OIDC_ISSUER may lead to https or to this machine only: on plain http, anyone on the way signs in.',
    )
  if (!issuer || !clientId || !clientSecret || !url) return undefined
  return { issuer, clientId, clientSecret, name: name ?? url.hostname }
}
