// A summary, put together on the device from what is kept on it, item by item. Nothing is sent before its owner has seen
// all of it: what the preview shows is made from the very text that a form sends afterwards.

import { spread } from "./figures.js";
import { isDate, shifted } from "./night.js";
import * as papers from "./papers.js";
import * as store from "./store.js";

const whole = document.getElementById("summary");
const said = JSON.parse(whole.dataset.said);
const form = document.getElementById("parts");
const preview = document.getElementById("preview");
const paper = document.getElementById("paper");
// None of these has a name, so that nothing of them could ever stand in an address.
const period = document.getElementById("period");
const words = document.getElementById("words");
const trouble = document.getElementById("summary-trouble");
const contents = [...document.querySelectorAll("[name=content]")];
const MOST_ITEMS = 40;
const LARGEST = 40_000;

let nights = [];

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const make = (name, text, attributes = {}) => {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

const day = (date) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );

const shortDay = (date) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );

const number = (value) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(value);

const warn = (sentence) => {
  trouble.hidden = !sentence;
  trouble.textContent = sentence;
};

// What is shown is what is sent: whatever changes afterwards takes the preview away.
const takeAway = () => {
  preview.hidden = true;
  for (const each of contents) each.value = "";
};

const rows = (name) => [...document.querySelectorAll(`#${name} .summary-row`)];
const typedIn = (row, name) => papers.plain(row.querySelector(`[data-is=${name}]`).value, 1000).trim();

const keepRows = {
  medicines: () => {
    const list = rows("medicines").map((row) => ({ name: typedIn(row, "name"), dose: typedIn(row, "dose"), reason: typedIn(row, "reason") }));
    return papers.change("medicines", () => list.filter((each) => each.name || each.dose || each.reason));
  },
  answers: () => {
    const list = rows("answers").map((row) => ({ who: row.dataset.who, question: typedIn(row, "question"), answer: typedIn(row, "answer") }));
    return papers.change("answers", () => list.filter((each) => each.question));
  },
};

const kept = (work) => work.then(() => warn(""), () => warn(said.not_kept));

let made = 0;
const addRow = (name, values = {}) => {
  const row = document.getElementById(`${name}-row`).content.firstElementChild.cloneNode(true);
  made += 1;
  for (const control of row.querySelectorAll("[data-is]")) {
    const label = control.closest(".field, .choice").querySelector("label");
    control.id = `${name}-${control.dataset.is}-${made}`;
    label.htmlFor = control.id;
    if (control.type !== "checkbox") control.value = values[control.dataset.is] ?? "";
  }
  row.dataset.who = values.who ?? "";
  const of = row.querySelector("[data-of]");
  if (of) of.textContent = values.who ? fill(said.answer_of, { who: values.who }) : "";
  row.querySelector("[data-remove]").addEventListener("click", () => {
    row.remove();
    takeAway();
    kept(keepRows[name]());
    document.getElementById(`add-${name}`).focus();
  });
  document.getElementById(name).append(row);
  return row;
};

const chosenPeriod = () => {
  const last = nights.at(-1)?.date;
  if (!last) return null;
  const first = shifted(last, 1 - Number(period.value));
  return { from: first, to: last, nights: nights.filter((night) => night.date >= first) };
};

const tellPeriod = () => {
  const found = chosenPeriod();
  document.getElementById("with-diary").disabled = !found;
  document.getElementById("period-said").textContent = found
    ? fill(said.period, { first: day(found.from), last: day(found.to), nights: found.nights.length })
    : said.no_nights;
};

const putTogether = () => {
  const ticked = (name) => rows(name).filter((row) => row.querySelector("[data-is=tick]").checked);
  const found = document.getElementById("with-diary").checked ? chosenPeriod() : null;
  return {
    version: 1,
    diary: found && {
      from: found.from,
      to: found.to,
      nights: found.nights.map(({ date, intensity, awake, medicine, iron, treatment }) => ({ date, intensity, awake, medicine, iron, treatment })),
    },
    medicines: ticked("medicines")
      .map((row) => ({ name: typedIn(row, "name"), dose: typedIn(row, "dose"), reason: typedIn(row, "reason") }))
      .filter((each) => each.name)
      .slice(0, MOST_ITEMS),
    answers: ticked("answers")
      .map((row) => ({ question: typedIn(row, "question"), answer: typedIn(row, "answer") }))
      .filter((each) => each.question)
      .slice(0, MOST_ITEMS),
    words: document.getElementById("with-words").checked ? papers.plain(words.value, 2000).trim() : "",
  };
};

const table = (heads, lines) => {
  const found = make("table", undefined, { class: "table" });
  const top = make("tr");
  top.append(...heads.map((head) => make("th", head, { scope: "col" })));
  const head = make("thead");
  head.append(top);
  const body = make("tbody");
  for (const line of lines) {
    const row = make("tr");
    row.append(...line.map((cell, at) => make(at ? "td" : "th", cell, at ? { dir: "auto" } : { dir: "auto", scope: "row" })));
    body.append(row);
  }
  found.append(head, body);
  const wrap = make("div", undefined, { class: "table-wrap" });
  wrap.append(found);
  return wrap;
};

const shownSpread = (values) => {
  const found = spread(values.filter((value) => value !== null));
  return found ? `${number(found.middle)} (${number(found.low)} – ${number(found.high)})` : said.not_noted;
};

const ticks = (night) => ["medicine", "iron", "treatment"].filter((name) => night[name]).map((name) => said[name]).join(", ");

const diaryPart = (diary) => {
  const facts = make("dl", undefined, { class: "facts" });
  for (const [name, value] of [
    [said.nights_noted, number(diary.nights.length)],
    [said.intensity, shownSpread(diary.nights.map((night) => night.intensity))],
    [said.awake, shownSpread(diary.nights.map((night) => night.awake))],
    ...["medicine", "iron", "treatment"].map((each) => [said[each], number(diary.nights.filter((night) => night[each]).length)]),
  ]) {
    const row = make("div", undefined, { class: "facts__row" });
    row.append(make("dt", name), make("dd", value));
    facts.append(row);
  }
  const each = table(
    [said.night, said.intensity, said.awake, said.ticked],
    diary.nights.map((night) => [shortDay(night.date), night.intensity ?? said.not_noted, night.awake ?? said.not_noted, ticks(night)]),
  );
  return [
    make("h3", fill(said.diary, { first: day(diary.from), last: day(diary.to) })),
    facts,
    make("p", said.half, { class: "fine" }),
    each,
    make("p", said.honest, { class: "fine" }),
  ];
};

const show = (handed) => {
  const parts = [make("p", said.lead, { class: "fine" })];
  if (handed.diary) parts.push(...diaryPart(handed.diary));
  if (handed.medicines.length) {
    parts.push(make("h3", said.medicines));
    parts.push(table([said.name, said.dose, said.reason], handed.medicines.map((each) => [each.name, each.dose, each.reason])));
  }
  if (handed.answers.length) {
    parts.push(make("h3", said.answers));
    const list = make("dl", undefined, { class: "handed-answers" });
    for (const each of handed.answers) {
      list.append(make("dt", each.question, { dir: "auto" }), make("dd", each.answer || said.no_answer, { dir: "auto", class: "as-typed" }));
    }
    parts.push(list);
  }
  if (handed.words) parts.push(make("h3", said.words), make("p", handed.words, { dir: "auto", class: "as-typed" }));
  paper.replaceChildren(...parts);
  for (const each of contents) each.value = JSON.stringify(handed);
  preview.hidden = false;
};

// What a form that could not be taken brought back: shown again, so that nothing has to be ticked twice.
const broughtBack = () => {
  try {
    const handed = JSON.parse(contents.find((each) => each.value)?.value ?? "");
    if (handed.diary && !handed.diary.nights.every((night) => isDate(night.date))) return;
    show(handed);
  } catch {
    takeAway();
  }
};

const begin = async () => {
  broughtBack();
  try {
    nights = await store.all();
    for (const each of await papers.one("medicines")) addRow("medicines", each);
    for (const each of await papers.one("answers")) addRow("answers", each);
    words.value = await papers.one("words");
  } catch {
    warn(said.no_store);
  }
  whole.hidden = false;
  document.getElementById("summary-without").hidden = true;
  tellPeriod();
  for (const name of ["medicines", "answers"]) {
    document.getElementById(name).addEventListener("input", (event) => {
      takeAway();
      if (event.target.type !== "checkbox") kept(keepRows[name]());
    });
    document.getElementById(`add-${name}`).addEventListener("click", () => addRow(name).querySelector("[data-is]:not([type=checkbox])").focus());
  }
  document.getElementById("add-known").addEventListener("change", (event) => {
    if (!event.target.value) return;
    addRow("answers", { question: event.target.value }).querySelector("[data-is=answer]").focus();
    event.target.value = "";
    takeAway();
    kept(keepRows.answers());
  });
  words.addEventListener("input", () => kept(papers.change("words", () => words.value)));
  period.addEventListener("change", tellPeriod);
  form.addEventListener("input", takeAway);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const handed = putTogether();
    if (!handed.diary && !handed.medicines.length && !handed.answers.length && !handed.words) {
      takeAway();
      warn(said.nothing);
      return;
    }
    if (new TextEncoder().encode(JSON.stringify(handed)).length > LARGEST) {
      takeAway();
      warn(said.too_long);
      return;
    }
    warn("");
    show(handed);
    document.getElementById("preview-title").focus();
  });
  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("change").addEventListener("click", () => {
    takeAway();
    document.getElementById("with-diary").focus();
  });
};

begin();
