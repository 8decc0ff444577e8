// Lets a passkey answer into a form. The form is then sent like any other.

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

async function asked(form) {
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
  });
  if (answer.redirected) {
    // The session has ended, or somebody must prove again who they are.
    window.location.assign(answer.url);
    return null;
  }
  if (!answer.ok) throw new Error("later");
  return answer.json();
}

async function answer(form, options) {
  options.challenge = bytes(options.challenge);
  if (form.dataset.passkey === "make") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = named(options.excludeCredentials);
    const made = await navigator.credentials.create({ publicKey: options });
    return {
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: {
        clientDataJSON: text(made.response.clientDataJSON),
        attestationObject: text(made.response.attestationObject),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
    };
  }
  options.allowCredentials = named(options.allowCredentials);
  const used = await navigator.credentials.get({ publicKey: options });
  return {
    id: used.id,
    rawId: text(used.rawId),
    type: used.type,
    response: {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
    },
  };
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  const trouble = form.querySelector("[role=alert]");
  const button = form.querySelector("button[type=submit]");
  const say = (words) => {
    trouble.textContent = words;
    trouble.hidden = !words;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("");
    if (!window.PublicKeyCredential) {
      say(trouble.dataset.unfit);
      return;
    }
    button.disabled = true;
    try {
      const options = await asked(form);
      if (options) {
        form.elements.credential.value = JSON.stringify(await answer(form, options));
        form.submit();
      }
    } catch (error) {
      const unfit = error.name === "SecurityError" || error.name === "NotSupportedError";
      say(unfit ? trouble.dataset.unfit : error.name === "NotAllowedError" ? trouble.dataset.nothing : trouble.dataset.later);
    } finally {
      button.disabled = false;
    }
  });
}
