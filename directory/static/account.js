// A password can be looked at. Nothing here is needed to send a form.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  const words = { true: button.textContent, false: button.dataset.hide };
  button.setAttribute("aria-controls", field.id);
  const turn = (hidden) => {
    field.type = hidden ? "password" : "text";
    button.textContent = words[hidden];
  };
  button.addEventListener("click", () => turn(field.type === "text"));
  // What is sent or kept by the browser is a password, not a text.
  field.form.addEventListener("submit", () => turn(true));
}
