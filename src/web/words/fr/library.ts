export const library = {
  library: {
    title: 'library',
  },
}
