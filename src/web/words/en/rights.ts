export const rights = {
  rights: {
    title: 'The person’s rights',
    of: 'Rights of {{name}}',
    lead: 'What the GDPR lets anybody ask for: to know what you hold about them, and to have it erased.',
    export: 'Give a copy',
    exportNote:
      'Everything about this person: messages sent, answers, engagement, consents, and the reasons for every choice of channel. The request is written to the audit trail.',
    json: 'Download (JSON, complete)',
    csv: 'Download (CSV, for a spreadsheet)',
    fileName: 'person-{{id}}',
    erase: 'Erase the person',
    eraseNote:
      'There is no way back. From now on nothing is sent to them; their name, addresses, messages, conversations and answers are erased.',
    stays:
      'What stays, without their name: the figures of campaigns, the proof of what they agreed to and refused, and the fingerprint of their addresses, which keeps an import from bringing them back.',
    batches:
      'An imported file goes at the end of its retention. A print batch already sealed stays in its folder: delete it yourself.',
    confirm: 'I have checked who is asking, and I want to erase this person.',
    confirmFirst: 'Tick the confirmation to erase.',
    act: 'Erase for good',
    certificate: 'Certificate of erasure',
    asked: 'Asked for on {{on}}',
    done: 'Finished on {{on}}',
    underWay: 'The erasure is under way.',
    failed: 'The erasure broke off. Ask for it again: it goes on where it was.',
    providersTitle: 'At the providers',
    providersAsked_one: 'The words of {{count, number}} message were taken out at the provider.',
    providersAsked_other: 'The words of {{count, number}} messages were taken out at the provider.',
    providersGone_one: '{{count, number}} message was no longer with the provider.',
    providersGone_other: '{{count, number}} messages were no longer with the provider.',
    providersForgotten_one:
      '{{count, number}} address the provider took the request to erase: name, address and activity.',
    providersForgotten_other:
      '{{count, number}} addresses the provider took the request to erase: name, address and activity.',
    providersLeft_one: '{{count, number}} message is left: it is asked for again by itself, within a day.',
    providersLeft_other: '{{count, number}} messages are left: they are asked for again by themselves, within a day.',
    providersGivenUp_one:
      '{{count, number}} message could not be emptied however often it was asked for: turn to the provider.',
    providersGivenUp_other:
      '{{count, number}} messages could not be emptied however often they were asked for: turn to the provider.',
    providersOther:
      '{{provider}}: {{messages, number}} messages. It keeps no words, only events that hold the address.',
    table: 'Table',
    erased: 'Rows erased',
    kept: 'Rows kept without a name',
  },
}
