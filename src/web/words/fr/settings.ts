export const settings = {
  settings: {
    title: 'settings',
  },
}
