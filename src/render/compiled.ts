import type { Content } from '../channel.ts'
import type { RenderUrls } from './urls.ts'
import type { MergeValues } from './values.ts'

/** Words made ready once; rendering them for a person is synchronous and pure. */
export interface CompiledTemplate {
  /** @throws RenderProblem when these words cannot go out to this person as they are */
  render(values: MergeValues, urls: RenderUrls): Content
  /** Size and obstacles for one person, cheap enough for every routing decision; `problem` is a RenderProblem's code. */
  measure(values: MergeValues, urls: RenderUrls): { parts: number; problem?: string }
}
