export const search = {
  search: {
    title: 'search',
  },
}
