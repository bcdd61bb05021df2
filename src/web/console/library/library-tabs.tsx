import type { FC } from 'hono/jsx'
import { inNetwork } from '../../in-network.ts'
import { Tabs } from '../../ui/tabs.tsx'
import type { View } from '../../view.ts'

export const LibraryTabs: FC<{ view: View; current: 'pictures' | 'brand' | 'partners' | 'articles' }> = ({
  view,
  current,
}) => {
  const { t } = view
  const tab = (name: typeof current, text: string, path: string) => ({
    text,
    href: inNetwork(view, path),
    isCurrent: name === current,
  })
  return (
    <Tabs
      label={t('library.tabs')}
      tabs={[
        tab('pictures', t('library.tabPictures'), '/console/library'),
        tab('brand', t('library.tabBrand'), '/console/library/brand'),
        tab('partners', t('library.tabPartners'), '/console/library/partners'),
        tab('articles', t('articles.tab'), '/console/articles'),
      ]}
    />
  )
}
