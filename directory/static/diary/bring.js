// The list of medicines, filled from this device and kept on it with every letter. Nothing is sent before somebody asks
// for the paper with the questions; printed as it is, the page sends nothing at all.

import * as papers from "./papers.js";

const form = document.getElementById("bring");
const said = JSON.parse(form.dataset.said);
const status = document.getElementById("bring-status");
const reactions = form.elements.reactions;
const lines = [...form.querySelectorAll(".medicine-line")].map((line) => [...line.querySelectorAll("input")]);
const onPaper = [...document.querySelectorAll(".medicines--empty tbody tr")];
const TEXTS = ["name", "dose", "reason"];

const typed = (line) => Object.fromEntries(TEXTS.map((text, at) => [text, line[at].value.trim()]));
const filled = () => lines.map(typed).filter((each) => each.name || each.dose || each.reason);

const print = () => {
  const every = filled();
  onPaper.forEach((row, at) => [...row.cells].forEach((cell, text) => (cell.textContent = every[at]?.[TEXTS[text]] ?? "")));
  const paper = document.getElementById("reactions-on-paper");
  if (paper) paper.textContent = reactions.value;
};

// Lines that found no room on this page stay in the list.
const keep = async () => {
  print();
  try {
    await papers.change("medicines", (all) => [...filled(), ...all.slice(lines.length)]);
    await papers.change("reactions", () => reactions.value);
    status.textContent = said.kept;
  } catch {
    status.textContent = said.not_kept;
  }
};

const begin = async () => {
  const list = await papers.one("medicines");
  const known = await papers.one("reactions");
  // What came back from the server is what was typed last.
  if (!filled().length && !reactions.value) {
    list.slice(0, lines.length).forEach((each, at) => TEXTS.forEach((text, number) => (lines[at][number].value = each[text])));
    reactions.value = known;
    if (list.length || known) status.textContent = said.filled;
    const more = form.querySelector("details");
    if (more.querySelector("input").value) more.open = true;
  }
  if (list.length > lines.length) document.getElementById("bring-longer").hidden = false;
  form.addEventListener("input", (event) => {
    if (event.target === reactions || event.target.closest(".medicine-line")) keep();
  });
  document.getElementById("bring-hint").textContent = said.hint;
  print();
};

begin().catch(() => {});
