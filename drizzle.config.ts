import { defineConfig } from 'drizzle-kit'

const postgres = process.env.DATABASE_URL?.startsWith('postgres')

export default defineConfig({
  dialect: postgres ? 'postgresql' : 'sqlite',
  schema: './src/db/schema.ts',
  out: `./src/db/migrations/${postgres ? 'postgres' : 'sqlite'}`,
})
