import type { FC } from 'hono/jsx'
import type { SegmentSize } from '../../../segment/sizes.ts'
import { channelNames, messageClasses, urgentReasons } from '../../../words.ts'
import { ConsolePage } from '../../layout.tsx'
import { ChoiceField, SelectField, TextArea, TextField } from '../../ui/field.tsx'
import { Form, type Problems } from '../../ui/form.tsx'
import { PageHeading } from '../../ui/heading.tsx'
import { Panel } from '../../ui/panel.tsx'
import type { View } from '../../view.ts'
import { segmentChoices } from './draft-page.tsx'
import type { MessageFields } from './message-form.ts'
import { CampaignTrail } from './new-pages.tsx'

interface MessageProps {
  view: View
  action: string
  fields: MessageFields
  segments: readonly SegmentSize[]
  mayBeUrgent: boolean
  /** The draft that is changed, and the text it is changed from. */
  seen?: string
  problems?: Problems
}

/** One message without ceremony: to whom, what, how and when. */
export const MessagePage: FC<MessageProps> = ({ view, action, fields, segments, mayBeUrgent, seen, problems = {} }) => {
  const { t } = view
  const title = t(seen === undefined ? 'oneOff.title' : 'oneOff.editTitle')
  const classes = messageClasses.filter((one) => one !== 'urgent_service' || mayBeUrgent)
  const input = (
    name: 'site' | 'contact' | 'subject' | 'subject_en',
    label: string,
    hint?: string,
    isRequired = false,
  ) => (
    <TextField
      view={view}
      name={name}
      label={label}
      hint={hint}
      value={fields[name]}
      error={problems[name]}
      maxlength={200}
      isRequired={isRequired}
    />
  )
  const area = (name: 'text' | 'sms' | 'text_en' | 'sms_en', label: string, hint: string | undefined, rows: number) => (
    <TextArea
      view={view}
      name={name}
      label={label}
      hint={hint}
      value={fields[name]}
      rows={rows}
      error={problems[name]}
      isRequired={name === 'text'}
    />
  )
  return (
    <ConsolePage view={view} title={title} current="campaigns">
      <CampaignTrail view={view} />
      <PageHeading title={title} lead={t('oneOff.lead')} />
      <Form view={view} action={action} problems={problems}>
        {seen !== undefined && <input type="hidden" name="seen" value={seen} />}
        <Panel id="to-whom" title={t('oneOff.to')}>
          <ChoiceField
            view={view}
            name="to"
            label={t('oneOff.to')}
            values={[fields.to]}
            choices={[
              { value: 'segment', text: t('oneOff.toSegment') },
              { value: 'site', text: t('oneOff.toSite') },
              { value: 'contact', text: t('oneOff.toContact') },
            ]}
          />
          <div class="when-segment">
            <SelectField
              view={view}
              name="segment"
              label={t('oneOff.segment')}
              value={fields.segment}
              choices={[{ value: '', text: '–' }, ...segmentChoices(view, segments)]}
              error={problems.segment}
              isRequired
            />
          </div>
          <div class="when-site">{input('site', t('oneOff.site'), t('oneOff.siteHint'), true)}</div>
          <div class="when-contact">{input('contact', t('oneOff.contact'), t('oneOff.contactHint'), true)}</div>
        </Panel>
        <Panel id="what" title={t('oneOff.what')}>
          {input('subject', t('oneOff.subject'), t('oneOff.subjectHint'), true)}
          {area('text', t('oneOff.text'), t('oneOff.textHint', { open: '{{', close: '}}' }), 10)}
          {area('sms', t('oneOff.sms'), t('oneOff.smsHint'), 3)}
          <details open={fields.subject_en !== '' || fields.text_en !== ''}>
            <summary>{t('oneOff.english')}</summary>
            <p class="note">{t('oneOff.englishHint')}</p>
            {input('subject_en', t('oneOff.subject'))}
            {area('text_en', t('oneOff.text'), undefined, 10)}
            {area('sms_en', t('oneOff.sms'), undefined, 3)}
          </details>
        </Panel>
        <Panel id="how" title={t('oneOff.how')}>
          <SelectField
            view={view}
            name="class"
            label={t('oneOff.class')}
            hint={t('oneOff.classHint')}
            value={fields.class}
            choices={classes.map((value) => ({ value, text: t(`classes.${value}`) }))}
            error={problems.class}
            isRequired
          />
          {mayBeUrgent && (
            <div class="when-urgent">
              <SelectField
                view={view}
                name="reason"
                label={t('oneOff.reason')}
                hint={t('oneOff.reasonHint')}
                value={fields.reason}
                choices={[
                  { value: '', text: '–' },
                  ...urgentReasons.map((value) => ({ value, text: t(`urgentReasons.${value}`) })),
                ]}
                error={problems.reason}
                isRequired
              />
            </div>
          )}
          <ChoiceField
            view={view}
            name="channels"
            label={t('oneOff.channels')}
            hint={t('oneOff.channelsHint')}
            values={fields.channels}
            choices={channelNames.map((value) => ({ value, text: t(`channels.${value}`) }))}
            isMultiple
          />
          <ChoiceField
            view={view}
            name="when"
            label={t('oneOff.when')}
            values={[fields.when]}
            choices={[
              { value: 'now', text: t('oneOff.now') },
              { value: 'later', text: t('oneOff.later') },
            ]}
          />
          <div class="when-later">
            <TextField
              view={view}
              name="at"
              type="datetime-local"
              label={t('oneOff.at')}
              hint={t('oneOff.atHint')}
              value={fields.at}
              error={problems.at}
              isRequired
            />
          </div>
        </Panel>
        <button type="submit" class="primary">
          {t('oneOff.next')}
        </button>
      </Form>
    </ConsolePage>
  )
}
