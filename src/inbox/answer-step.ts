import type { StepDefinition } from '../campaign/definition.ts'
import type { AnsweredChannel } from './whose.ts'

/** The campaign all answers of a network belong to. No campaign file can bear such a name, so none meets it. */
export const answersCampaign = '_answers'

/** Names the words of an answer in what is stored; they are no template anybody could choose. */
export const answerTemplate = '_answer'

/** Whether a message is somebody's answer from the inbox. */
export const isAnswer = ({ template }: { template: string }): boolean => template === answerTemplate

/** The one step of an answer: nothing follows it, and silence after it says nothing. */
export const answerStep = (channel: AnsweredChannel): StepDefinition => ({
  name: 'answer',
  at: 'now',
  intent: 'follow-up',
  urgency: 'high',
  channels: [channel],
  template: answerTemplate,
  onQuiet: 'defer',
  asksReply: false,
  asksAcknowledgement: false,
  asksRegistration: false,
})
