import type { Content } from '../../src/channel.ts'

/** What a message asks of its reader, as a simulated person understands it. */
export interface Asks {
  link: boolean
  reply: boolean
  acknowledgement: boolean
  registration: boolean
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function wordsOf(content: Content): { text: string; link: boolean } {
  switch (content.channel) {
    case 'sms':
      return { text: content.text, link: /https?:\/\//.test(content.text) }
    case 'email':
      return { text: `${content.subject} ${content.text}`, link: /href\s*=\s*["']?https?:/i.test(content.html) }
    case 'print': {
      const text = content.blocks.map((block) => {
        if (block.type === 'heading') return block.text
        if (block.type === 'picture') return block.picture.alt
        const runs = block.type === 'paragraph' ? block.runs : block.items.flat()
        return runs.map((run) => run.text).join('')
      })
      return { text: `${content.title} ${text.join(' ')} ${content.qr?.label ?? ''}`, link: content.qr !== undefined }
    }
    case 'intranet':
      return { text: `${content.title} ${content.html}`, link: /href\s*=/i.test(content.html) }
    case 'screen':
      return { text: `${content.title} ${content.text}`, link: false }
  }
}

/** Reads the French and English words of the content; never used but to simulate. */
export function asksOf(content: Content): Asks {
  const words = wordsOf(content)
  const text = fold(words.text)
  return {
    link: words.link,
    reply: /\brepond(s|ez|re)\b|\breply\b|\brepondre par\b/.test(text),
    acknowledgement:
      (content.channel === 'screen' && content.asksAcknowledgement) ||
      /accuse[rz]? (de )?reception|bien recu|lu et compris|\backnowledge|confirme[rz] (la )?(reception|lecture)/.test(
        text,
      ),
    registration: /\binscri|\bregister|\bsign up\b/.test(text),
  }
}
