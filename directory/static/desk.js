// Keys for the desk. Each does what a link or a button on the page does, and nothing else: what carries data-key is
// pressed by that key, what carries data-act by its key while its line of the list has the focus.

const SWITCH = "stillpoint-desk-keys";
const dialog = document.getElementById("keys");
const box = dialog?.querySelector("[data-keys-on]");

const remembered = () => { try { return localStorage.getItem(SWITCH); } catch { return null; } };
const remember = (value) => { try { localStorage.setItem(SWITCH, value); } catch { /* This page then keeps it alone. */ } };

let on = remembered() !== "off";
const show = () => {
  document.documentElement.classList.toggle("keys-off", !on);
  if (box) box.checked = on;
};
box?.addEventListener("change", () => { on = box.checked; remember(on ? "on" : "off"); show(); });
show();

const lines = () => [...document.querySelectorAll("[data-list] [data-line]")];
const here = () => document.activeElement?.closest?.("[data-line]") ?? null;
const link = (line) => line?.querySelector("a");

const step = (by) => {
  const all = lines();
  if (!all.length) return false;
  const at = all.indexOf(here());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by));
  link(all[next])?.focus();
  all[next].scrollIntoView({ block: "nearest" });
  return true;
};

const press = (element) => {
  if (!element) return false;
  element.click();
  return true;
};

const act = (key) => press(here()?.querySelector(`[data-act="${key}"]`) ?? document.querySelector(`[data-key="${key}"]`));

const filter = () => {
  const summary = document.querySelector('summary[data-key="/"]');
  if (!summary) return false;
  summary.parentElement.open = true;
  summary.parentElement.querySelector("input:not([type=hidden])").focus();
  return true;
};

const KEYS = {
  j: () => step(1) || act("n"),
  k: () => step(-1),
  o: () => press(link(here())),
  "/": filter,
};

const typing = (target) => target instanceof Element
  && (target.closest("select, textarea, [contenteditable]") || target.closest("input:not([type=checkbox])"));

document.addEventListener("keydown", (event) => {
  if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat && !"jk".includes(event.key)) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const done = KEYS[event.key] ? KEYS[event.key]() : /^[a-z?]$/.test(event.key) && act(event.key);
  if (done) event.preventDefault();
});

document.querySelectorAll("[data-opens]").forEach((opener) => {
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
});
document.querySelectorAll("[data-closes]").forEach((closer) => {
  closer.addEventListener("click", () => document.getElementById(closer.dataset.closes).close());
});

// After something was done with a line, go on from there.
const back = location.hash.startsWith("#case-") ? document.getElementById(location.hash.slice(1)) : null;
// Going to a place in the page takes the focus away once more, when everything has come.
if (back) addEventListener("load", () => setTimeout(() => link(back).focus()));
link(back)?.focus();
