// Before and after, side by side, from the nights on this device. It says how many nights there are and how far they lie
// apart by themselves, and never why anything changed. Nothing is sent.

import { nightsChart } from "./charts.js";
import { beforeAndAfter, days } from "./figures.js";
import { shifted } from "./night.js";
import * as store from "./store.js";

const place = document.getElementById("review-nights");
const said = JSON.parse(place.dataset.said);
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const number = (value, decimals = 1) =>
  new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: decimals }).format(value);

const shown = (found, decimals) => {
  if (!found) return said.not_noted;
  const [middle, low, high] = [found.middle, found.low, found.high].map((each) => number(each, decimals));
  return fill(said.spread, { middle, low, high });
};

const put = (side, name, text) => {
  document.getElementById(`${side}-${name}`).textContent = text;
};

const verdict = (compared) => {
  if (!compared.enough) return said.too_few;
  return compared.differs ? said.differs : said.within;
};

const begin = async () => {
  const nights = await store.all();
  const intensity = beforeAndAfter(nights, "intensity");
  const awake = beforeAndAfter(nights, "awake");
  document.getElementById("review-none").hidden = intensity !== null;
  if (!intensity) {
    document.getElementById("review-none-said").textContent = nights.length ? said.no_treatment : said.no_nights;
    return;
  }
  const last = nights.at(-1).date;
  for (const [side, from, to] of [
    ["before", shifted(intensity.first, -28), shifted(intensity.first, -1)],
    ["after", shifted(last, -27), last],
  ]) {
    put(side, "nights", number(intensity[side]?.nights ?? 0));
    put(side, "intensity", shown(intensity[side]));
    put(side, "awake", shown(awake[side], 0));
    document.getElementById(`${side}-chart`).replaceChildren(nightsChart(days(nights, from, to), said[`chart_${side}`]));
  }
  document.getElementById("review-intensity").textContent = fill(said.of_intensity, { verdict: verdict(intensity) });
  document.getElementById("review-awake").textContent = fill(said.of_awake, { verdict: verdict(awake) });
  place.hidden = false;
};

begin().catch(() => {
  document.getElementById("review-none-said").textContent = said.no_store;
});
