/** Whole numbers as people text them: digits, or French and English words to 99. */

const units: Record<string, number> = {
  ...{ zero: 0, un: 1, une: 1, deux: 2, trois: 3, quatre: 4, cinq: 5, six: 6, sept: 7, huit: 8, neuf: 9, dix: 10 },
  ...{ onze: 11, douze: 12, treize: 13, quatorze: 14, quinze: 15, seize: 16 },
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12 },
  ...{ thirteen: 13, fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19 },
}
const tens: Record<string, number> = {
  ...{ vingt: 20, vingts: 20, trente: 30, quarante: 40, cinquante: 50, soixante: 60, septante: 70, huitante: 80 },
  ...{ octante: 80, nonante: 90, twenty: 20, thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80 },
  ...{ ninety: 90 },
}

/** The number some folded words say ("vingt et un", "quatre vingt dix sept", "12"); undefined when they say none. */
export function numberIn(words: readonly string[]): number | undefined {
  if (words.length === 1 && /^\d{1,7}$/.test(words[0]!)) return Number(words[0])
  const said = words.filter((word) => word !== 'et' && word !== 'and')
  if (said.length === 0 || said.length > 4) return undefined
  let sum = 0
  for (const [index, word] of said.entries()) {
    const before = said[index - 1]
    if ((word === 'vingt' || word === 'vingts') && before === 'quatre' && index === 1) sum = 80
    else if (Object.hasOwn(tens, word)) {
      if (index > 0) return undefined
      sum = tens[word]!
    } else if (Object.hasOwn(units, word)) {
      const unit = units[word]!
      // “soixante dix”, “quatre vingt seize”, “dix sept”; nothing else is added to a number of two digits.
      if (index > 0 && !fits(sum, unit, before!)) return undefined
      sum += unit
    } else return undefined
  }
  return sum
}

const fits = (sum: number, unit: number, before: string): boolean => {
  if (unit === 0) return false
  if (before === 'dix') return unit >= 7 && unit <= 9
  if (!Object.hasOwn(tens, before)) return false
  return unit < 10 || ((sum === 60 || sum === 80) && unit <= 16)
}
