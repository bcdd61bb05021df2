const words =
  /^(ok|okay|oui|yes|y|o|1|recu|bien recu|ok bien recu|ok recu|lu|vu|compris|lu et compris|d accord|dac|received|got it|noted|note|bien note)$/

/** Whether a texted answer says yes, in French or English, whatever its accents, case and punctuation. */
export const isAffirmative = (text: string | undefined): boolean =>
  words.test(
    (text ?? '')
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  )
