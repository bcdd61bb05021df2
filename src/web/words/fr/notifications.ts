export const notifications = {
  notifications: {
    title: 'notifications',
  },
}
