// What the nights add up to. Nothing here says why: two things that go together are not cause and effect.

import { isDate, shifted } from "./night.js";

const FEWEST_IN_A_WEEK = 3;
const FEWEST_TO_COMPARE = 7;
const WINDOW_DAYS = 28;

const quartile = (sorted, share) => {
  const at = (sorted.length - 1) * share;
  const low = Math.floor(at);
  return sorted[low] + (sorted[Math.min(low + 1, sorted.length - 1)] - sorted[low]) * (at - low);
};

// The middle, and the range in which half of the nights lie.
export const spread = (values) => {
  if (!values.length) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return { nights: values.length, middle: quartile(sorted, 0.5), low: quartile(sorted, 0.25), high: quartile(sorted, 0.75) };
};

const known = (nights, name) => nights.map((night) => night[name]).filter((value) => value !== null);

// The days from `first` to `last`, each with its night or null.
export const days = (nights, first, last) => {
  const byDate = new Map(nights.map((night) => [night.date, night]));
  const found = [];
  for (let date = first; date <= last; date = shifted(date, 1)) found.push({ date, night: byDate.get(date) ?? null });
  return found;
};

const DAY = 86_400_000;

// The Monday of a date's week, as days since 1 January 1970, which was a Thursday.
const monday = (date) => {
  const day = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)) - 1, Number(date.slice(8))) / DAY;
  return day - ((((day + 3) % 7) + 7) % 7);
};

// More than two years are looked at in spans of four weeks, because hundreds of weeks are only a scribble.
const MOST_WEEKS = 104;

// How many days lie between the first night and the last decides how long the spans are that charts show.
export const spanOf = (nights) =>
  nights.length && (monday(nights.at(-1).date) - monday(nights[0].date)) / 7 > MOST_WEEKS ? 28 : 7;

// Each span of days from the first Monday to the last with its middle and its range; spans with too few nights have none.
export const spans = (nights, name, span) => {
  const found = new Map();
  const fewest = span > 7 ? FEWEST_TO_COMPARE : FEWEST_IN_A_WEEK;
  const begin = nights.length ? monday(nights[0].date) : 0;
  for (const night of nights) {
    if (night[name] === null) continue;
    const at = Math.floor((monday(night.date) - begin) / span);
    if (!found.has(at)) found.set(at, []);
    found.get(at).push(night[name]);
  }
  if (!found.size) return [];
  const written = [...found.keys()].sort((a, b) => a - b);
  const every = [];
  for (let at = written[0]; at <= written.at(-1); at += 1) {
    const values = found.get(at) ?? [];
    const date = new Date((begin + at * span) * DAY).toISOString().slice(0, 10);
    every.push({ date, ...(values.length < fewest ? {} : spread(values)) });
  }
  return every;
};

// The four weeks before the first treatment beside the last four weeks of which there are notes. `differs` is whether
// the two middles lie further apart than nights of one of the two spans differ by themselves.
export const beforeAndAfter = (nights, name) => {
  const first = nights.find((night) => night.treatment)?.date;
  if (!first || !isDate(first)) return null;
  const last = nights.at(-1).date;
  const since = shifted(last, -WINDOW_DAYS + 1);
  const before = spread(known(nights.filter((n) => n.date < first && n.date >= shifted(first, -WINDOW_DAYS)), name));
  const after = spread(known(nights.filter((n) => n.date > first && n.date >= since), name));
  if (!before || !after || Math.min(before.nights, after.nights) < FEWEST_TO_COMPARE) return { first, before, after, enough: false };
  const usual = Math.max(before.high - before.low, after.high - after.low, 1);
  return { first, before, after, enough: true, difference: after.middle - before.middle, differs: Math.abs(after.middle - before.middle) > usual };
};

// The treatment to look back at on this day, one day and three days after it; each prompt stays for a second day, since
// not everybody opens the diary every night.
export const lookBack = (nights, today) => {
  const latest = nights.findLast((night) => night.treatment && night.date < today)?.date;
  if (!latest) return null;
  if (latest >= shifted(today, -2)) return { date: latest, after: "day" };
  return latest >= shifted(today, -4) ? { date: latest, after: "three" } : null;
};

// What a clinician sees on one page: numbers of two spans, and nothing typed in words.
export const summary = (nights, last) => {
  const span = (from, to) => {
    const those = nights.filter((night) => night.date >= from && night.date <= to);
    const share = (test) => those.filter(test).length;
    return {
      from,
      to,
      nights: those.length,
      intensity: spread(known(those, "intensity")),
      awake: spread(known(those, "awake")),
      restless: share((night) => night.intensity >= 1),
      medicine: share((night) => night.medicine),
      iron: share((night) => night.iron),
      treatments: share((night) => night.treatment),
    };
  };
  return {
    recent: span(shifted(last, -WINDOW_DAYS + 1), last),
    earlier: span(shifted(last, -2 * WINDOW_DAYS + 1), shifted(last, -WINDOW_DAYS)),
    days: days(nights, shifted(last, -WINDOW_DAYS + 1), last).map(({ date, night }) => ({
      date,
      intensity: night?.intensity ?? null,
      awake: night?.awake ?? null,
      treatment: night?.treatment ?? false,
    })),
  };
};
