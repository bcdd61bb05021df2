export const notifications = {
  notifications: {
    title: 'Notifications',
    lead: 'What concerns you, the latest first.',
    none: 'Nothing to report.',
    noneHow: 'You will be told here when a campaign stops, an import ends or a delivery needs your decision.',
    unread: 'unread',
    markRead: 'Mark as read',
    markAllRead: 'Mark all as read',
    onlyUnread: 'Unread',
    everything: 'All',
    open: 'Open',
    kinds: {
      message_proposed: 'A message is proposed in “{{campaign}}” (step {{step}}): it is yours to approve.',
      campaign_paused: 'The campaign “{{campaign}}” paused itself: {{reason}}.',
      campaign_bounced:
        '“{{campaign}}” has paused itself: {{bad, number}} of {{sent, number}} e-mails bounced for good ({{share, number(style: percent; maximumFractionDigits: 2)}}), above the {{limit, number(style: percent; maximumFractionDigits: 2)}} allowed.',
      campaign_complained:
        '“{{campaign}}” has paused itself: {{bad, number}} complaints about {{sent, number}} e-mails ({{share, number(style: percent; maximumFractionDigits: 2)}}), above the {{limit, number(style: percent; maximumFractionDigits: 2)}} allowed.',
      campaign_filtered:
        '“{{campaign}}” has paused itself: {{bad, number}} of {{sent, number}} texts were filtered by carriers ({{share, number(style: percent; maximumFractionDigits: 2)}}), above the {{limit, number(style: percent; maximumFractionDigits: 2)}} allowed.',
      budget_nearly_spent: '{{share, number(style: percent; maximumFractionDigits: 0)}} of the day’s budget is spent.',
      budget_spent: 'The day’s budget is spent: nothing that costs leaves today, except urgent service.',
      approval_asked: '“{{campaign}}” awaits your approval, asked for by {{by}}.',
      approval_due: 'The deadline to approve “{{campaign}}” is reached, and nobody has said anything yet.',
      approval_given: '{{by}} approved “{{campaign}}”.',
      approval_sent_back: '{{by}} sent “{{campaign}}” back: {{comment}}',
      sending_halted: '{{by}} stopped all sending: {{reason}}.',
      sending_resumed: '{{by}} let sending go on.',
      campaign_finished: 'The campaign “{{campaign}}” is finished.',
      import_done:
        'Import of “{{file}}” done: {{created, number}} created, {{updated, number}} updated, {{rejected, number}} rejected.',
      import_failed: 'The import of “{{file}}” failed: {{reason}}.',
      duplicates_found_one: 'One possible duplicate waits to be looked at.',
      duplicates_found_other: '{{count, number}} possible duplicates wait to be looked at.',
      deliveries_to_review_one: 'One delivery of “{{campaign}}” waits for your decision.',
      deliveries_to_review_other: '{{count, number}} deliveries of “{{campaign}}” wait for your decision.',
      deliveries_expired_one: 'One delivery of “{{campaign}}” did not leave in time: it will not leave any more.',
      deliveries_expired_other:
        '{{count, number}} deliveries of “{{campaign}}” did not leave in time: they will not leave any more.',
      credentials_unreadable: 'The credentials of {{provider}} can no longer be read: its deliveries are held.',
      provider_down:
        '{{provider}} takes nothing any more: messages wait, and one is tried now and then until it answers.',
      provider_back: '{{provider}} answers again: messages are leaving.',
      provider_silent:
        '{{provider}} has taken messages and has said nothing for ten minutes: its calls do not reach Relais.',
      sender_refused:
        '{{provider}} refuses the sender “{{sender}}”: what is not urgent waits in its name until it is put right.',
      country_refused:
        '{{provider}} refuses texts to a country ({{country}}): allow it there, or have the sender registered.',
      invitation_accepted: '{{name}} accepted your invitation.',
      conversation_answered: 'Somebody you are dealing with has answered you.',
      conversations_waiting: 'Answers have come in, and nobody has taken them up yet.',
    },
  },
}
