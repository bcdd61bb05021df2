/** How an address is kept and looked for; undefined when it cannot be one (RFC 5321 §4.5.3.1: at most 254). */
export function emailOf(text: string): string | undefined {
  const email = text.trim().toLowerCase()
  return email.length <= 254 && /^[^\s@<>"(),;:\\]+@[^\s@<>"(),;:\\]+\.[^\s@.<>"(),;:\\]+$/.test(email)
    ? email
    : undefined
}
