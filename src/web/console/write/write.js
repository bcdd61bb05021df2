// While somebody writes, the preview beside the text follows: its own button is pressed after a pause.
const pauseMs = 700
const waiting = new Map()

function show(button, ms) {
  clearTimeout(waiting.get(button))
  waiting.set(
    button,
    setTimeout(() => button.form.requestSubmit(button), ms),
  )
}

// One after the other: a form that is submitted again at once forgets where it was going.
for (const [at, button] of [...document.querySelectorAll('button[data-preview]')].entries()) {
  button.closest('section').addEventListener('input', () => show(button, pauseMs))
  show(button, at * 100)
}
