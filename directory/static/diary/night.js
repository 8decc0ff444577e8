// One night: which answers there are, and what of a value from outside is one. Only what is named here is ever kept.

export const ONSET = ["day", "evening", "bed", "night"];
export const EASED = ["walking", "stretching", "warm", "cold", "rubbing", "busy", "nothing"];
export const TICKED = ["caffeine", "alcohol", "exercise", "iron", "medicine", "treatment"];
export const MOST_MINUTES = 720;
export const LONGEST_NOTE = 500;
// The last millisecond that a clock can show. A file that claims a later change cannot win for ever against its owner.
const LATEST = 8_640_000_000_000_000;
const DATE = /^(19|20)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

const whole = (value, most) => (Number.isInteger(value) && value >= 0 && value <= most ? value : null);

// Counted and not looked up in a calendar of the browser, because ten years of nights are read at once.
const lastDay = (year, month) => {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
};

export const isDate = (text) => {
  if (typeof text !== "string" || !DATE.test(text)) return false;
  return Number(text.slice(8)) <= lastDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)));
};

// When something was changed, in milliseconds; 0 where nobody knows.
export const moment = (value) => Math.min(whole(value, Number.MAX_SAFE_INTEGER + 1) ?? 0, LATEST);

// The night as it is kept, or null where it is none. Answers that are not among ours are dropped.
export const clean = (value) => {
  if (typeof value !== "object" || value === null || !isDate(value.date)) return null;
  const night = { date: value.date, changed: moment(value.changed) };
  night.intensity = whole(value.intensity, 10);
  night.awake = whole(value.awake, MOST_MINUTES);
  night.onset = ONSET.includes(value.onset) ? value.onset : null;
  night.eased = Array.isArray(value.eased) ? EASED.filter((each) => value.eased.includes(each)) : [];
  for (const name of TICKED) night[name] = value[name] === true;
  night.note = typeof value.note === "string" ? value.note.replace(/\r\n?/g, "\n").slice(0, LONGEST_NOTE) : "";
  return night;
};

// The answers of `given` that differ from those of `known`.
export const differing = (given, known) =>
  Object.fromEntries(Object.entries(given).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name])));

const two = (number) => String(number).padStart(2, "0");

export const dateOf = (time) => `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;

// The night somebody means who opens the diary now: until noon it is the one that is ending.
export const tonight = (now) => {
  const meant = new Date(now);
  if (meant.getHours() < 12) meant.setDate(meant.getDate() - 1);
  return dateOf(meant);
};

export const shifted = (date, days) => {
  const moved = new Date(`${date}T12:00:00Z`);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
};
