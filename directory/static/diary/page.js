// The diary's page: one night to fill in, kept with every press. Nothing is sent, except the numbers of one page when
// somebody asks for it as a PDF.

import * as moving from "./moving.js";
import { clean, dateOf, differing, isDate, MOST_MINUTES, shifted, TICKED, tonight } from "./night.js";
import * as papers from "./papers.js";
import { dayName, draw as drawNights, fill } from "./seen.js";
import * as store from "./store.js";

const form = document.getElementById("night");
const said = JSON.parse(form.dataset.said);
const status = document.getElementById("diary-status");
const trouble = document.getElementById("diary-trouble");
const undo = document.getElementById("diary-undo");
const LOOK_MILLISECONDS = 60_000;

let meant = tonight(new Date());
let shown = meant;
// What the device keeps of the night that is shown. Where the form says more, that could not be kept yet.
let known = {};
let writing = Promise.resolve();
let takeBack = null;

const offer = (how) => {
  takeBack = how;
  undo.hidden = !how;
};

const say = (sentence) => {
  trouble.hidden = true;
  status.textContent = sentence;
};

const warn = (sentence) => {
  trouble.hidden = !sentence;
  trouble.textContent = sentence;
  if (sentence) status.textContent = "";
};

const troubleOf = (error) => (error?.name === "QuotaExceededError" ? said.full : said.not_kept);

const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value ?? null;

const typed = () => {
  const minutes = Number.parseInt(form.elements.awake.value, 10);
  return {
    intensity: chosen("intensity") === null ? null : Number(chosen("intensity")),
    awake: Number.isNaN(minutes) || minutes < 0 ? null : Math.min(minutes, MOST_MINUTES),
    onset: chosen("onset"),
    eased: [...form.querySelectorAll("[name=eased]:checked")].map((each) => each.value),
    ...Object.fromEntries(TICKED.map((name) => [name, form.elements[name].checked])),
    note: form.elements.note.value,
  };
};

const show = (night) => {
  form.reset();
  for (const name of ["intensity", "onset"]) {
    const value = night?.[name] ?? null;
    const radio = value === null ? null : form.querySelector(`[name=${name}][value="${value}"]`);
    if (radio) radio.checked = true;
  }
  form.elements.awake.value = night?.awake ?? "";
  for (const each of form.querySelectorAll("[name=eased]")) each.checked = night?.eased.includes(each.value) ?? false;
  for (const name of TICKED) form.elements[name].checked = night?.[name] ?? false;
  form.elements.note.value = night?.note ?? "";
  document.getElementById("night-of").textContent = fill(said.night_of, { first: dayName(shown), last: dayName(shifted(shown, 1)) });
  document.getElementById("later-night").disabled = shown >= dateOf(new Date());
  document.getElementById("clear-night").hidden = !night;
  form.elements.date.value = shown;
  form.elements.date.max = dateOf(new Date());
  known = typed();
};

const unkept = () => differing(typed(), known);
const isKept = () => Object.keys(unkept()).length === 0;

// Each change is written before the next one, and with it what could not be written before.
const keep = () => {
  const answers = typed();
  writing = writing.then(async () => {
    const changed = differing(answers, known);
    if (!Object.keys(changed).length) return;
    try {
      await store.keep(shown, changed);
      known = answers;
      offer(null);
      say(said.kept);
      document.getElementById("clear-night").hidden = false;
      navigator.storage?.persist?.().catch(() => {});
    } catch (error) {
      warn(troubleOf(error));
    }
  });
  return writing;
};

// What is kept, and what stands in the form and found no room.
const nights = async () => {
  const every = await store.all();
  if (isKept()) return every;
  const before = every.find((night) => night.date === shown);
  const now = clean({ ...before, ...typed(), date: shown, changed: Math.max(Date.now(), (before?.changed ?? 0) + 1) });
  return [...every.filter((night) => night.date !== shown), now].sort((a, b) => (a.date < b.date ? -1 : 1));
};

const draw = async (read = store.all()) => drawNights(said, await read);

// Leads to another night, unless this one has something that could not be kept.
const go = async (date) => {
  await keep();
  if (!isKept()) return;
  shown = date;
  show(await store.one(date));
  say("");
};

const afresh = async () => {
  await go(shown);
  await draw();
};

// A page that was left open means the new night when the old one is over, and shows what another tab has written.
const lookAgain = async () => {
  if (document.hidden) return;
  await writing;
  const now = tonight(new Date());
  const wasTonight = shown === meant;
  if (now !== meant) {
    meant = now;
    if (wasTonight) {
      await go(now);
      await draw();
      return;
    }
  }
  const date = shown;
  const night = await store.one(date);
  if (date !== shown || !isKept() || !night) return;
  if (Object.keys(differing(known, night)).length) {
    show(night);
    await draw();
  }
};

const begin = async () => {
  // Read at once, while the page is still being put together; every later drawing reads anew.
  const first = store.all();
  first.catch(() => {});
  form.addEventListener("change", () => keep().then(() => draw()));
  // The first drawing makes the page longer. It comes while somebody types, and not when a press on a button below ends
  // the typing: the button would move away under the finger.
  const keepTyped = () => keep().then(() => (document.getElementById("diary-none").hidden ? undefined : draw()));
  form.elements.note.addEventListener("input", keepTyped);
  form.elements.awake.addEventListener("input", keepTyped);
  // Everything is kept already; the button is for whoever wants to hear it once more.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await keep();
    if (isKept()) say((await store.one(shown)) ? said.kept : said.nothing_yet);
    await draw();
  });
  for (const button of form.querySelectorAll("[data-minutes]")) {
    button.addEventListener("click", () => {
      form.elements.awake.value = button.dataset.minutes;
      keep().then(() => draw());
    });
  }
  document.getElementById("earlier-night").addEventListener("click", () => go(shifted(shown, -1)));
  document.getElementById("later-night").addEventListener("click", () => go(shifted(shown, 1)));
  form.elements.date.addEventListener("change", (event) => {
    event.stopPropagation();
    const date = form.elements.date.value;
    if (isDate(date) && date <= dateOf(new Date())) go(date);
  });
  document.getElementById("clear-night").addEventListener("click", async () => {
    try {
      await writing;
      const back = await store.drop(shown);
      show(null);
      await draw();
      say(said.cleared);
      offer(back);
    } catch (error) {
      warn(troubleOf(error));
    }
  });
  undo.addEventListener("click", async () => {
    try {
      await takeBack();
      offer(null);
      await afresh();
      say(said.taken_back);
    } catch (error) {
      warn(troubleOf(error));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (!trouble.hidden && !isKept()) event.preventDefault();
  });
  moving.begin({ form, said, say, warn, offer, nights, afresh });

  const dialog = document.getElementById("erase");
  document.getElementById("ask-erase").addEventListener("click", () => dialog.showModal());
  document.getElementById("do-keep").addEventListener("click", () => dialog.close());
  document.getElementById("do-erase").addEventListener("click", async () => {
    dialog.close();
    try {
      await writing;
      await store.erase();
      await papers.erase();
      offer(null);
      meant = tonight(new Date());
      shown = meant;
      show(null);
      await draw();
      say(said.erased);
    } catch (error) {
      warn(troubleOf(error));
    }
  });

  try {
    show(await store.one(shown));
    document.getElementById("diary").hidden = false;
    document.getElementById("diary-without").hidden = true;
    await draw(first);
    document.addEventListener("visibilitychange", () => lookAgain().catch(() => {}));
    window.addEventListener("focus", () => lookAgain().catch(() => {}));
    setInterval(() => lookAgain().catch(() => {}), LOOK_MILLISECONDS);
  } catch {
    warn(said.no_store);
  }
  navigator.serviceWorker?.register(form.dataset.worker, { scope: form.dataset.scope }).catch(() => {});
};

begin();
