import type { FC } from 'hono/jsx'
import type { PolicyChange, RuleField } from '../../../routing/policy-diff.ts'
import type { View } from '../../view.ts'
import { conditionNames, RuleInWords } from './rule-words.tsx'

function fieldText({ t }: View, field: RuleField): string {
  const condition = conditionNames.find((known) => known === field)
  if (condition) return t(`policy.conditions.${condition}`).toLocaleLowerCase()
  return t(`policy.fields.${field as 'channels'}`)
}

function headOf(view: View, change: PolicyChange): string {
  const { t } = view
  switch (change.is) {
    case 'added':
      return t('policy.change.added', { place: change.position })
    case 'removed':
      return t('policy.change.removed', { place: change.position })
    case 'moved':
      return t('policy.change.moved', { from: change.from, to: change.to })
    case 'changed':
      return t('policy.change.changed', { fields: change.fields.map((field) => fieldText(view, field)).join(', ') })
    case 'companions':
      return t(change.intranet ? 'policy.change.companionsOn' : 'policy.change.companionsOff')
  }
}

const tones = { added: 'good', removed: 'bad', moved: 'moving', changed: 'warning', companions: 'warning' } as const

const ruleOf = (change: PolicyChange): string | undefined =>
  change.is === 'companions' ? undefined : change.is === 'changed' ? change.after.id : change.rule.id

/** What makes one version another, in words: a rule that says something else is shown before and after. */
export const Changes: FC<{ view: View; changes: readonly PolicyChange[] }> = ({ view, changes }) => {
  const { t } = view
  return (
    <ul class="policy-changes">
      {changes.map((change) => (
        <li class={tones[change.is]}>
          <h3>
            {ruleOf(change) && <strong>{ruleOf(change)}</strong>} <span>{headOf(view, change)}</span>
          </h3>
          {(change.is === 'added' || change.is === 'removed') && <RuleInWords view={view} rule={change.rule} />}
          {change.is === 'changed' && (
            <div class="before-after">
              <div>
                <small>{t('policy.change.before')}</small>
                <RuleInWords view={view} rule={change.before} />
              </div>
              <div>
                <small>{t('policy.change.after')}</small>
                <RuleInWords view={view} rule={change.after} />
              </div>
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
