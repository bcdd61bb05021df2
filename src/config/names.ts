/** Every variable Relais reads. A secret may also come from the file named in `NAME_FILE`. */
export const settingNames = [
  'PORT',
  'PUBLIC_URL',
  'RELAIS_DATA',
  'DISK_RESERVE_MB',
  'DATABASE_URL',
  'REDIS_URL',
  'REDIS_ANY_EVICTION',
  'RELAIS_SECRET',
  'RELAIS_SECRET_OLD',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_AUTH_TOKEN_OLD',
  'TWILIO_API_KEY',
  'TWILIO_API_SECRET',
  'TWILIO_MESSAGING_SERVICE_SID',
  'TWILIO_FROM',
  'TWILIO_BASE_URL',
  'SENDGRID_API_KEY',
  'SENDGRID_WEBHOOK_PUBLIC_KEY',
  'SENDGRID_WEBHOOK_PUBLIC_KEY_OLD',
  'SENDGRID_BASE_URL',
  'SMTP_URL',
  'MAIL_FROM',
  'OIDC_ISSUER',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_NAME',
  'SHORT_URL',
  'TRUSTED_PROXIES',
  'EDGE_URL',
  'EDGE_DRAIN_KEY',
  'LOG_LEVEL',
  'METRICS',
] as const
export type SettingName = (typeof settingNames)[number]

/** Settings whose name is promised and that nothing reads yet: set, they must not seem to work. */
export const notYetUsed: Partial<Record<SettingName, string>> = {
  EDGE_URL: 'opens, clicks and webhooks reach this server only',
  EDGE_DRAIN_KEY: 'there is no edge to drain',
}
