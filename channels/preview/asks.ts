import type { Content } from '../../src/channel.ts'

/** What a message asks of its reader, as a simulated person understands it. */
export interface Asks {
  readonly link: boolean
  readonly reply: boolean
  readonly acknowledgement: boolean
  readonly registration: boolean
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

function textOf(content: Content): string {
  switch (content.channel) {
    case 'sms':
      return content.text
    case 'email':
      return `${content.subject} ${content.text}`
    case 'print': {
      const text = content.blocks.map((block) => {
        if (block.type === 'heading') return block.text
        if (block.type === 'picture') return block.picture.alt
        const runs = block.type === 'paragraph' ? block.runs : block.items.flat()
        return runs.map((run) => run.text).join('')
      })
      return `${content.title} ${text.join(' ')} ${content.qr?.label ?? ''}`
    }
    case 'intranet':
      return `${content.title} ${content.html}`
    case 'screen':
      return `${content.title} ${content.text}`
  }
}

function hasLink(content: Content): boolean {
  switch (content.channel) {
    case 'sms':
      return /https?:\/\//.test(content.text)
    case 'email':
      return /href\s*=\s*["']?https?:/i.test(content.html)
    case 'print':
      return content.qr !== undefined
    case 'intranet':
      return /href\s*=/i.test(content.html)
    case 'screen':
      return false
  }
}

/**
 * Reads the French and English words of the content; never used but to simulate. Read only as far as somebody asks:
 * most simulated people do not act, and a mail is long.
 */
export function asksOf(content: Content): Asks {
  let folded: string | undefined
  const says = (pattern: RegExp): boolean => {
    folded ??= fold(textOf(content))
    return pattern.test(folded)
  }
  return {
    get link() {
      return hasLink(content)
    },
    get reply() {
      return says(/\brepond(s|ez|re)\b|\breply\b|\brepondre par\b/)
    },
    get acknowledgement() {
      return (
        (content.channel === 'screen' && content.asksAcknowledgement) ||
        says(/accuse[rz]? (de )?reception|bien recu|lu et compris|\backnowledge|confirme[rz] (la )?(reception|lecture)/)
      )
    },
    get registration() {
      return says(/\binscri|\bregister|\bsign up\b/)
    },
  }
}
