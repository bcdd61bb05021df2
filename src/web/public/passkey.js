// Asks the browser for a passkey (WebAuthn Level 3) and posts what it says with an ordinary form. Without script, or
// where the browser knows no passkeys, the buttons stay hidden and the other ways in remain.

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

const named = (list) => list?.map((entry) => ({ ...entry, id: bytesOf(entry.id) }))

async function optionsFrom(address) {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: '',
  })
  if (!answer.ok) throw new Error(String(answer.status))
  const options = await answer.json()
  return {
    ...options,
    challenge: bytesOf(options.challenge),
    user: options.user && { ...options.user, id: bytesOf(options.user.id) },
    allowCredentials: named(options.allowCredentials),
    excludeCredentials: named(options.excludeCredentials),
  }
}

const plain = ({ id, rawId, type, response, authenticatorAttachment, getClientExtensionResults }, credential) => ({
  id,
  rawId: textOf(rawId),
  type,
  authenticatorAttachment,
  clientExtensionResults: getClientExtensionResults.call(credential),
  response: {
    clientDataJSON: textOf(response.clientDataJSON),
    ...(response.attestationObject && {
      attestationObject: textOf(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    }),
    ...(response.authenticatorData && {
      authenticatorData: textOf(response.authenticatorData),
      signature: textOf(response.signature),
      userHandle: response.userHandle ? textOf(response.userHandle) : undefined,
    }),
  },
})

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential) continue
  form.hidden = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const said = form.querySelector('[role="alert"]')
    const button = form.querySelector('button')
    said.hidden = true
    button.disabled = true
    try {
      const publicKey = await optionsFrom(form.dataset.options)
      const credential =
        form.dataset.passkey === 'new'
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey })
      form.elements.namedItem('response').value = JSON.stringify(plain(credential, credential))
      HTMLFormElement.prototype.submit.call(form)
    } catch {
      said.hidden = false
      button.disabled = false
    }
  })
}
