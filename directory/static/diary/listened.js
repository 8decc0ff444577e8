// Whether somebody felt listened to, kept on their device for themselves. Nobody gets it.

import { dateOf } from "./night.js";
import * as papers from "./papers.js";

const place = document.getElementById("listened-kept");
const said = JSON.parse(place.dataset.said);
const status = document.getElementById("listened-status");
const choices = [...document.querySelectorAll("[name=listened]")];
const felt = (input) => input.id.replace("listened-", "");

const day = (date) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );

const show = async () => {
  const today = dateOf(new Date());
  const all = await papers.one("listened");
  for (const input of choices) input.checked = all.some((each) => each.date === today && each.felt === felt(input));
  const earlier = all.filter((each) => each.date !== today && each.felt).slice(-12).reverse();
  place.hidden = earlier.length === 0;
  document.getElementById("listened-earlier").replaceChildren(
    ...earlier.map((each) => {
      const line = document.createElement("li");
      line.textContent = `${day(each.date)}: ${said[each.felt]}`;
      return line;
    }),
  );
};

const keep = async (input) => {
  const today = dateOf(new Date());
  try {
    await papers.change("listened", (all) => [...all.filter((each) => each.date !== today), { date: today, felt: felt(input) }]);
    status.textContent = said.kept;
  } catch {
    status.textContent = said.not_kept;
  }
};

for (const input of choices) input.addEventListener("change", () => keep(input));
show().then(
  () => {
    document.getElementById("listened-hint").textContent = said.hint;
  },
  () => {},
);
