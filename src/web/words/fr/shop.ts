export const shop = {
  shop: {
    title: 'shop',
  },
}
