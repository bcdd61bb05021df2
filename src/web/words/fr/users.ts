export const users = {
  users: {
    title: 'users',
  },
}
