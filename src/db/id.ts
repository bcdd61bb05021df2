import { v7 } from 'uuid'

/** A new UUIDv7 (RFC 9562 §5.7), the only kind of id in the database. */
export const newId = (): string => v7()
