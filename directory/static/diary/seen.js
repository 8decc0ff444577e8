// What the nights add up to, drawn on the diary's page.

import { nightsChart, weeksChart } from "./charts.js";
import { beforeAndAfter, days, lookBack, spanOf, spans } from "./figures.js";
import { shifted, tonight } from "./night.js";

export const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export const dayName = (date) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${date}T12:00:00Z`),
  );

const picture = (id, svg) => document.getElementById(id).replaceChildren(svg);

const sentence = (said, compared, name) => {
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

const prompt = (said, nights) => {
  const found = lookBack(nights, tonight(new Date()));
  document.getElementById("look-back").hidden = !found;
  if (found) document.getElementById("look-back-said").textContent = fill(said[`look_back_${found.after}`], { day: dayName(found.date) });
};

const row = (said, night) => {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = dayName(night.date);
  line.append(head);
  for (const value of [night.intensity, night.awake, night.treatment ? said.yes : ""]) {
    const cell = document.createElement("td");
    cell.textContent = value ?? said.not_noted;
    line.append(cell);
  }
  return line;
};

export const draw = (said, nights) => {
  prompt(said, nights);
  const some = nights.length > 0;
  document.getElementById("diary-none").hidden = some;
  document.getElementById("diary-some").hidden = !some;
  if (!some) return;
  const last = nights.at(-1).date;
  picture("chart-nights", nightsChart(days(nights, shifted(last, -27), last), said.chart_nights));
  const span = spanOf(nights);
  const long = span > 7;
  document.getElementById("by-weeks").textContent = long ? said.by_months : said.by_weeks;
  document.getElementById("by-weeks-said").textContent = long ? said.by_months_said : said.by_weeks_said;
  const awake = spans(nights, "awake", span);
  picture("chart-weeks", weeksChart(spans(nights, "intensity", span), 10, long ? said.chart_months : said.chart_weeks));
  const most = Math.max(60, Math.ceil(Math.max(...awake.map((week) => week.high ?? 0)) / 60) * 60);
  picture("chart-awake", weeksChart(awake, most, long ? said.chart_awake_months : said.chart_awake));
  document.getElementById("compare-intensity").textContent = sentence(said, beforeAndAfter(nights, "intensity"), "intensity");
  document.getElementById("compare-awake").textContent = sentence(said, beforeAndAfter(nights, "awake"), "awake");
  document.getElementById("diary-count").textContent = fill(said.count, { nights: nights.length });
  document.getElementById("diary-rows").replaceChildren(...nights.slice(-28).reverse().map((night) => row(said, night)));
};

