import { describe, expect, test } from 'vitest'
import type { EmailContent, IntranetContent, PrintContent } from '../../src/channel.ts'
import { checkTemplate, compile } from '../../src/render/render.ts'
import type { ChannelName } from '../../src/words.ts'
import { sampleUrls, sampleValues } from './sample.ts'

const words = '---\nsubject: "Défi"\n---\nBonjour\n\n![{{ challenge.place }}](challenge:journey)\n\nÀ bientôt'
const bare = words.slice(words.indexOf('Bonjour'))

const telling = {
  ...{ journey: 'sled-race', theme: 'La course', start: 'Vancouver', goal: 'Halifax', stages: 9, map: 'sled-race' },
  isRegistered: false,
}
const playing = {
  ...{ ...telling, isRegistered: true, map: 'sled-race-4', place: 'étape 4/9 : Winnipeg', stop: 'Winnipeg' },
  ...{ points: 120, rank: 2 },
}

async function rendered<Content>(channel: ChannelName, source: string, challenge?: object, isShared = false) {
  const values = sampleValues({ ...(challenge ? { challenge: { ...challenge } } : {}) })
  values.contact.isShared = isShared
  return (await compile(source, channel, 'fr')).render(values, sampleUrls()) as Content
}

describe('the map of a journey in words', () => {
  test('shows an e-mail’s reader at their stop, by an address that is the same for everybody there', async () => {
    const { html, text } = await rendered<EmailContent>('email', words, playing)
    const [, tag] = /(<img[^>]*journey[^>]*>)/.exec(html) ?? []
    expect(tag).toContain('src="https://rl.fr/journey/sled-race-4.png"')
    expect(tag).toContain('alt="étape 4/9 : Winnipeg"')
    expect(tag).toMatch(/width="552" height="388"/)
    expect(text).toContain('[étape 4/9 : Winnipeg]')
  })

  test('shows the way to whoever has not entered, and where several read', async () => {
    expect((await rendered<EmailContent>('email', words, telling)).html).toContain('/journey/sled-race.png')
    const shared = await rendered<EmailContent>('email', words, playing, true)
    expect(shared.html).toContain('/journey/sled-race.png')
    expect(JSON.stringify(shared)).not.toMatch(/Winnipeg|sled-race-4/)
  })

  test('is left out where there is no challenge', async () => {
    expect((await rendered<EmailContent>('email', words)).html).not.toContain('/journey/')
    expect((await rendered<PrintContent>('print', bare)).blocks.map(({ type }) => type)).toEqual([
      'paragraph',
      'paragraph',
    ])
  })

  test('is a drawing of a letter, with its words, and a picture of a post', async () => {
    const { blocks } = await rendered<PrintContent>('print', bare, playing)
    expect(blocks[1]).toEqual({
      type: 'picture',
      picture: { file: 'journey/sled-race-4/fr', width: 336, height: 236, alt: 'étape 4/9 : Winnipeg' },
    })
    expect((await rendered<IntranetContent>('intranet', bare, playing)).html).toContain('/journey/sled-race-4.png')
  })

  test('is refused where no pictures can be shown', () => {
    expect(checkTemplate(bare, 'sms', []).map(({ code }) => code)).toContain('picture.channel')
    expect(checkTemplate(bare, 'print', ['challenge.*']).map(({ code }) => code)).not.toContain('picture.foreign')
  })
})
