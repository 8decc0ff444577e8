// The diary's page: one night to fill in, what the nights add up to, and the diary as a file. Nothing is sent, except
// the numbers of one page when somebody asks for it as a PDF.

import { nightsChart, weeksChart } from "./charts.js";
import { beforeAndAfter, days, lookBack, summary, weeks } from "./figures.js";
import { fromFile, LARGEST, NotADiary, toFile, toTable } from "./file.js";
import { dateOf, isDate, MOST_MINUTES, shifted, TICKED, tonight } from "./night.js";
import * as papers from "./papers.js";
import * as store from "./store.js";

const form = document.getElementById("night");
const said = JSON.parse(form.dataset.said);
const status = document.getElementById("diary-status");
const trouble = document.getElementById("diary-trouble");
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

let shown = tonight(new Date());
let writing = Promise.resolve();

const say = (sentence) => {
  status.textContent = sentence;
};

const warn = (sentence) => {
  trouble.hidden = !sentence;
  trouble.textContent = sentence;
};

const troubleOf = (error) => {
  if (error?.name === "QuotaExceededError") return said.full;
  return error instanceof NotADiary ? (said[`file_${error.message}`] ?? said.file_format) : said.not_kept;
};

const dayName = (date) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );

const chosen = (name) => form.querySelector(`[name=${name}]:checked`)?.value ?? null;

const typed = () => {
  const minutes = Number.parseInt(form.elements.awake.value, 10);
  return {
    date: shown,
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
  form.elements.date.value = shown;
  form.elements.date.max = dateOf(new Date());
};

// Each change is written before the next one; the newest words win.
const keep = () => {
  const night = typed();
  writing = writing
    .then(() => store.keep(night))
    .then(
      () => {
        warn("");
        say(said.kept);
        navigator.storage?.persist?.().catch(() => {});
      },
      (error) => {
        warn(troubleOf(error));
      },
    );
  return writing;
};

const sentence = (compared, name) => {
  if (!compared) return said.no_treatment;
  if (!compared.enough) return said.too_few;
  const values = {
    before: compared.before.middle,
    after: compared.after.middle,
    nights_before: compared.before.nights,
    nights_after: compared.after.nights,
  };
  return `${fill(said[`compare_${name}`], values)} ${compared.differs ? said.differs : said.within}`;
};

const picture = (id, svg) => document.getElementById(id).replaceChildren(svg);

const prompt = (nights) => {
  const found = lookBack(nights, tonight(new Date()));
  document.getElementById("look-back").hidden = !found;
  if (found) document.getElementById("look-back-said").textContent = fill(said[`look_back_${found.after}`], { day: dayName(found.date) });
};

const draw = async (read = store.all()) => {
  const nights = await read;
  prompt(nights);
  const some = nights.length > 0;
  document.getElementById("diary-none").hidden = some;
  document.getElementById("diary-some").hidden = !some;
  if (!some) return;
  const last = nights.at(-1).date;
  picture("chart-nights", nightsChart(days(nights, shifted(last, -27), last), said.chart_nights));
  const intensity = weeks(nights, "intensity");
  const awake = weeks(nights, "awake");
  picture("chart-weeks", weeksChart(intensity, 10, said.chart_weeks));
  const most = Math.max(60, Math.ceil(Math.max(...awake.map((week) => week.high ?? 0)) / 60) * 60);
  picture("chart-awake", weeksChart(awake, most, said.chart_awake));
  document.getElementById("compare-intensity").textContent = sentence(beforeAndAfter(nights, "intensity"), "intensity");
  document.getElementById("compare-awake").textContent = sentence(beforeAndAfter(nights, "awake"), "awake");
  document.getElementById("diary-count").textContent = fill(said.count, { nights: nights.length });
  const rows = nights.slice(-28).reverse().map((night) => {
    const row = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = dayName(night.date);
    row.append(head);
    for (const value of [night.intensity, night.awake, night.treatment ? said.yes : ""]) {
      const cell = document.createElement("td");
      cell.textContent = value ?? said.not_noted;
      row.append(cell);
    }
    return row;
  });
  document.getElementById("diary-rows").replaceChildren(...rows);
};

const go = async (date) => {
  await writing;
  shown = date;
  show(await store.one(date));
  say("");
};

const download = (name, type, content) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
};

const begin = async () => {
  // Read at once, while the page is still being put together; every later drawing reads anew.
  const first = store.all();
  first.catch(() => {});
  form.addEventListener("change", () => keep().then(() => draw()));
  form.elements.note.addEventListener("input", keep);
  form.elements.awake.addEventListener("input", keep);
  // Everything is kept already; the button is for whoever wants to hear it once more.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep().then(() => draw());
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

  document.getElementById("save-file").addEventListener("click", async () => {
    download("restless-nights.json", "application/json", toFile(await store.all()));
  });
  document.getElementById("save-table").addEventListener("click", async () => {
    download("restless-nights.csv", "text/csv", toTable(await store.all()));
  });
  document.getElementById("open-file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (!file) return;
    try {
      if (file.size > LARGEST) throw new NotADiary("large");
      const { taken, had } = await store.takeIn(fromFile(await file.text()));
      warn("");
      await go(shown);
      await draw();
      say(fill(said.taken, { taken, had }));
    } catch (error) {
      warn(troubleOf(error));
    }
  });
  document.getElementById("make-pdf").addEventListener("click", async () => {
    const nights = await store.all();
    if (!nights.length) return;
    try {
      // The token is asked for now: this page may have come from the device, and be older than the visit.
      const page = new DOMParser().parseFromString(await (await fetch(form.dataset.pdf)).text(), "text/html");
      const token = page.getElementById("token").getAttribute("value");
      const answer = await fetch(form.dataset.pdf, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(summary(nights, nights.at(-1).date)),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      download("restless-nights.pdf", "application/pdf", await answer.blob());
      warn("");
    } catch {
      warn(said.no_pdf);
    }
  });
  const dialog = document.getElementById("erase");
  document.getElementById("ask-erase").addEventListener("click", () => dialog.showModal());
  document.getElementById("do-keep").addEventListener("click", () => dialog.close());
  document.getElementById("do-erase").addEventListener("click", async () => {
    dialog.close();
    try {
      await writing;
      await store.erase();
      await papers.erase();
      warn("");
      await go(tonight(new Date()));
      await draw();
      say(said.erased);
    } catch (error) {
      warn(troubleOf(error));
    }
  });

  try {
    await go(shown);
    document.getElementById("diary").hidden = false;
    document.getElementById("diary-without").hidden = true;
    await draw(first);
  } catch {
    warn(said.no_store);
  }
  navigator.serviceWorker?.register(form.dataset.worker, { scope: form.dataset.scope }).catch(() => {});
};

begin();
