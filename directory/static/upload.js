// A file on its way: how much is sent, a button that stops it, and no lost choice when the line breaks. Without script
// the form sends itself.

for (const form of document.querySelectorAll("form[data-upload]")) {
  const chosen = form.querySelector("input[type=file]");
  const box = form.querySelector("[data-progress]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[role=status]");
  const stop = box.querySelector("button");
  const send = form.querySelector("button[type=submit]");
  let request = null;

  const rest = (sentence) => {
    request = null;
    send.disabled = false;
    bar.hidden = stop.hidden = true;
    box.hidden = false;
    words.textContent = sentence;
  };

  const show = (page, address) => {
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const summary = fresh.querySelector(".error-summary");
    if (!summary) return location.assign(address);
    document.title = fresh.title;
    document.querySelector(".error-summary")?.remove();
    summary.removeAttribute("autofocus");
    document.getElementById("main").prepend(document.adoptNode(summary));
    for (const field of form.querySelectorAll(".field")) {
      const control = field.querySelector("[id]:is(input, textarea)");
      const renewed = control && fresh.getElementById(control.id)?.closest(".field");
      const error = renewed?.querySelector("[id$='-error']");
      field.querySelector("[id$='-error']")?.remove();
      field.classList.toggle("field--error", Boolean(error));
      control?.toggleAttribute("aria-invalid", Boolean(error));
      if (error) {
        control.setAttribute("aria-invalid", "true");
        control.setAttribute("aria-describedby", `${control.id}-hint ${control.id}-error`);
        (control.type === "checkbox" ? control.closest(".choice") : control).before(document.adoptNode(error));
      }
    }
    rest("");
    box.hidden = true;
    summary.focus();
  };

  chosen.addEventListener("change", () => {
    const file = chosen.files[0];
    document.querySelector(".error-summary")?.remove();
    document.getElementById(`${chosen.id}-error`)?.remove();
    chosen.closest(".field").classList.remove("field--error");
    chosen.removeAttribute("aria-invalid");
    chosen.setAttribute("aria-describedby", `${chosen.id}-hint`);
    if (file && file.size > Number(chosen.dataset.most)) rest(box.dataset.large);
    else if (!request) box.hidden = true;
  });

  stop.addEventListener("click", () => request?.abort());

  form.addEventListener("submit", (event) => {
    const file = chosen.files[0];
    if (!file) return;
    event.preventDefault();
    if (request) return;
    if (file.size > Number(chosen.dataset.most)) return rest(box.dataset.large);
    request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      const share = Math.floor((100 * loaded) / total);
      bar.value = share;
      words.textContent = share < 100 ? box.dataset.sending.replace("{share}", share) : box.dataset.looking;
    });
    request.addEventListener("load", ({ target }) => {
      if (target.status < 400) location.assign(target.responseURL);
      else show(target.responseText, target.responseURL);
    });
    request.addEventListener("error", () => rest(box.dataset.broken));
    request.addEventListener("abort", () => rest(box.dataset.stopped));
    bar.value = 0;
    bar.hidden = stop.hidden = box.hidden = false;
    send.disabled = true;
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(new FormData(form));
  });
}
