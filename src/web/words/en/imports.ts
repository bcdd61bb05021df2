export const imports = {
  imports: {
    title: 'imports',
  },
}
