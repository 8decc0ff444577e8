// Room for answers in the cells of the table of questions, kept on this device. On paper they are what was typed, and an
// empty cell is still one to write in.

import * as papers from "./papers.js";

const table = document.querySelector(".question-table");
const said = JSON.parse(table.dataset.said);
const status = document.getElementById("answers-status");
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const keep = async (who, question, answer) => {
  try {
    await papers.change("answers", (all) => {
      const others = all.filter((each) => each.who !== who || each.question !== question);
      return answer.trim() ? [...others, { who, question, answer }] : others;
    });
    status.textContent = said.kept;
  } catch {
    status.textContent = said.not_kept;
  }
};

const begin = async () => {
  const all = await papers.one("answers");
  for (const cell of table.querySelectorAll("td")) {
    const who = cell.dataset.who;
    const question = cell.parentElement.querySelector("th").textContent.trim();
    const room = document.createElement("textarea");
    const onPaper = document.createElement("span");
    room.rows = 2;
    room.maxLength = 1000;
    room.dir = "auto";
    room.className = "question-table__answer";
    room.autocomplete = "off";
    room.setAttribute("aria-label", who ? fill(said.answer_of, { who, question }) : fill(said.answer, { question }));
    onPaper.className = "question-table__printed as-typed";
    room.value = all.find((each) => each.who === who && each.question === question)?.answer ?? "";
    onPaper.textContent = room.value;
    room.addEventListener("input", () => {
      onPaper.textContent = room.value;
      keep(who, question, room.value);
    });
    cell.append(room, onPaper);
  }
  table.classList.add("question-table--live");
  const names = [...new Set(all.map((each) => each.who).filter(Boolean))];
  const fields = [1, 2, 3, 4].map((number) => document.getElementById(`name_${number}`));
  if (fields.every((field) => !field.value)) names.slice(0, 4).forEach((name, at) => (fields[at].value = name));
};

begin().catch(() => {});
