/** What a picture may weigh and measure; asked before anything of it is decoded (OWASP ASVS 5.0, 5.2.1 and 5.2.3). */

/** Bytes: 5 MB. */
export const maxBytes = 5_000_000
/** Pixels a side. */
export const maxSide = 8_000
/** Pixels in all, over every frame of an animation's canvas: a 12-megapixel photograph, with room. */
export const maxPixels = 16_000_000
export const maxAnimatedPixels = 120_000_000
