export const write = {
  write: {
    title: 'Write “{{step}}”',
    lead: 'Both languages side by side, and what a reader will see. These words are the network’s for the template {{template}}: every campaign to come that takes it will have them; what is launched already does not change.',
    all: 'All channels',
    head: { subject: 'Subject', preheader: 'Preview in the list', title: 'Title', qr: 'Words beside the QR code' },
    text: 'Text',
    show: 'See the preview',
    preview: 'Preview',
    frame: 'Preview: {{language}}',
    nothing: 'Nothing is written in this language: its readers get the other one.',
    fields: 'Fields the text may name',
    fieldsHow:
      'Copy them as they are. A field that may be empty is completed by “| default:” and the words to put in its place.',
    save: 'Save',
    saved: 'The words are saved.',
    empty: 'Write the text in one language at least.',
    moved: 'Somebody has written meanwhile: copy your text, open the page again and go on from there.',
  },
}
