export const api = {
  api: {
    title: 'Interface for programs',
    lead: 'What a program may ask of Relais. An owner makes its key under Settings, API keys.',
    machine: 'The whole description, for programs (OpenAPI 3.1)',
    start: 'How to begin',
    startText:
      'Send the key with every call. Lists come a page at a time: ask again with the cursor that “next” names.',
    errors: 'When something is refused',
    errorsText:
      'Errors are application/problem+json (RFC 9457). Decide by “code”, which stays the same; “errors” names each fault and its place.',
    parameters: 'Parameters',
    body: 'What to send (JSON)',
    answer: 'The answer',
    none: 'No parameters.',
  },
}
