export const partner = {
  partner: {
    title: 'partner',
  },
}
