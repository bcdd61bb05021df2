export const network = {
  network: {
    title: 'network',
  },
}
