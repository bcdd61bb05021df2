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
    table: 'Table',
    erased: 'Rows erased',
    kept: 'Rows kept without a name',
  },
}
