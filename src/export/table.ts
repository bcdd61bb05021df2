/** A figure stays a figure; money is given in units of the currency. */
export type Cell = string | number | Date | null

export interface ExportColumn {
  head: string
  kind?: 'text' | 'phone'
}

/** A sheet: its rows come as they are read, and none is kept. */
export interface ExportTable {
  name: string
  columns: readonly ExportColumn[]
  rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>
}

/** Bytes as a body that is read as fast as it is taken. */
export function streamOf(parts: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: async () => {
      await parts.return(undefined)
    },
  })
}
