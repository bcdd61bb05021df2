const unsafe = /[\u0000-\u001f\u007f"\\/:*?<>|]+/g

/** Octets that may stand as they are in an extended value (RFC 8187 §3.2.1, attr-char). */
const extended = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * A Content-Disposition that has the browser save a file under its name: as ASCII for old programs, and in full
 * (RFC 6266 §4.3 and appendix D). What a file system or a header cannot bear is replaced.
 */
export function attachment(name: string): string {
  const safe = name.normalize('NFC').replace(unsafe, '_').trim().slice(0, 150) || 'file'
  const ascii = safe
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '_')
    .replaceAll('%', '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended(safe)}`
}
