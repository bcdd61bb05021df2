// Generates the next migration of both databases from the one schema: npm run migrations -- <what changes>
import { spawnSync } from 'node:child_process'

const [name] = process.argv.slice(2)
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('Say what changes in a word or two: npm run migrations -- add-site-groups')
  process.exit(2)
}
for (const DATABASE_URL of ['', 'postgres://generate']) {
  const { status } = spawnSync('npx', ['drizzle-kit', 'generate', '--name', name], {
    stdio: 'inherit',
    env: { ...process.env, DATABASE_URL },
  })
  if (status !== 0) process.exit(status ?? 1)
}
