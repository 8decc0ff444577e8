// What was ticked on a list, kept on this device by the words of its lines, so that it is there on the day.

import * as papers from "./papers.js";

const place = document.getElementById("ticks");
const said = JSON.parse(place.dataset.said);
const list = place.dataset.list;
const status = document.getElementById("ticks-status");
const again = document.getElementById("ticks-again");
const boxes = [...document.querySelectorAll(".ticks__list input")];
const words = (box) => box.labels[0].textContent.trim();

const tell = (sentence) => {
  status.textContent = sentence;
  again.hidden = !boxes.some((box) => box.checked);
};

const keep = async (how) => {
  try {
    await papers.change("ticks", how);
    tell(said.kept);
  } catch {
    tell(said.not_kept);
  }
};

const begin = async () => {
  const ticked = new Set((await papers.one("ticks")).filter((each) => each.list === list).map((each) => each.item));
  for (const box of boxes) {
    box.checked ||= ticked.has(words(box));
    box.addEventListener("change", () =>
      keep((all) => {
        const others = all.filter((each) => each.list !== list || each.item !== words(box));
        return box.checked ? [...others, { list, item: words(box) }] : others;
      }),
    );
  }
  again.addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    boxes[0].focus();
    keep((all) => all.filter((each) => each.list !== list));
  });
  document.getElementById("ticks-hint").textContent = said.hint;
  tell("");
};

begin().catch(() => {});
