import type { FC } from 'hono/jsx'
import { z } from 'zod'
import type { AskedScope, ScopeFault } from '../../../accounts/role-scope.ts'
import { roles } from '../../../db/schema/accounts.ts'
import { ChoiceField, SelectField, TextField } from '../../ui/field.tsx'
import type { Problems } from '../../ui/form.tsx'
import type { View } from '../../view.ts'

/** What was typed into the fields of a role, kept when the form comes back. */
export interface TypedRole {
  role: string
  areas: string[]
  sites: string
  shop: string
}

export const emptyRole: TypedRole = { role: '', areas: [], sites: '', shop: '' }

const field = z.union([z.string(), z.array(z.string())]).optional()
const many = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String)

export function typedRole(body: Record<string, unknown>): TypedRole {
  const text = (name: string) => many(field.safeParse(body[name]).data)[0]?.trim().slice(0, 10_000) ?? ''
  return {
    role: text('role'),
    areas: many(field.safeParse(body.areas).data),
    sites: text('sites'),
    shop: text('shop').slice(0, 120),
  }
}

/** What is asked for; undefined without a role. */
export function askedScope(typed: TypedRole, areas: readonly string[]): AskedScope | undefined {
  const role = roles.find((known) => known === typed.role)
  const codes = [...new Set(typed.sites.split(/[\s,;]+/).filter((code) => code !== ''))]
  return role && { role, codes, areas: typed.areas.filter((area) => areas.includes(area)), shop: typed.shop }
}

export function scopeProblem({ t }: View, fault: ScopeFault): Problems {
  switch (fault.fault) {
    case 'sites':
      return { sites: t('users.faults.sites', { codes: fault.codes.slice(0, 5).join(', ') }) }
    case 'needsShop':
      return { shop: t('users.faults.needsShop') }
    default:
      return { sites: t(`users.faults.${fault.fault}`) }
  }
}

export const RoleFields: FC<{ view: View; typed: TypedRole; areas: readonly string[]; problems: Problems }> = ({
  view,
  typed,
  areas,
  problems,
}) => {
  const { t, formats } = view
  return (
    <>
      <SelectField
        view={view}
        name="role"
        label={t('users.role')}
        value={typed.role}
        choices={[
          { value: '', text: '—' },
          ...roles.map((value) => ({ value, text: formats.labelled(t(`roles.${value}`), t(`roleHints.${value}`)) })),
        ]}
        error={problems.role}
        isRequired
      />
      {/* The sheet shows each part only for the roles that need it. */}
      {areas.length > 0 && (
        <div class="scope-part scope-areas">
          <ChoiceField
            view={view}
            name="areas"
            label={t('users.areas')}
            hint={t('users.areasHint')}
            choices={areas.map((area) => ({ value: area, text: area }))}
            values={typed.areas}
            isMultiple
          />
        </div>
      )}
      <div class="scope-part scope-sites">
        <TextField
          view={view}
          name="sites"
          label={t('users.sites')}
          hint={t('users.sitesHint')}
          value={typed.sites}
          error={problems.sites}
        />
      </div>
      <div class="scope-part scope-shop">
        <TextField
          view={view}
          name="shop"
          label={t('users.shop')}
          hint={t('users.shopHint')}
          value={typed.shop}
          maxlength={120}
          error={problems.shop}
        />
      </div>
    </>
  )
}
