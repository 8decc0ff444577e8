// The diary as a file: to move it to another device, to keep a copy, and as a table for a spreadsheet.

import { clean, TICKED } from "./night.js";

const FORMAT = "stillpoint-diary";
export const LARGEST = 20_000_000;
const MOST_NIGHTS = 60_000;

export class NotADiary extends Error {}

export const toFile = (nights) => JSON.stringify({ format: FORMAT, version: 1, nights }, null, 1);

// The nights of a file; NotADiary for anything else. Nothing in a file is ever run or shown as markup.
export const fromFile = (text) => {
  if (text.length > LARGEST) throw new NotADiary("large");
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    throw new NotADiary("json");
  }
  if (given?.format !== FORMAT || given.version !== 1 || !Array.isArray(given.nights)) throw new NotADiary("format");
  if (given.nights.length > MOST_NIGHTS) throw new NotADiary("large");
  const newest = new Map();
  for (const each of given.nights) {
    const night = clean(each);
    if (!night) throw new NotADiary("night");
    if ((newest.get(night.date)?.changed ?? -1) < night.changed) newest.set(night.date, night);
  }
  return [...newest.values()];
};

// A cell that begins like a formula is one for a spreadsheet; an apostrophe before it makes it text.
const cell = (value) => {
  const text = value === null || value === undefined ? "" : String(value);
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

export const toTable = (nights) => {
  const columns = ["date", "intensity", "awake", "onset", "eased", ...TICKED, "note"];
  const rows = nights.map((night) =>
    columns.map((name) => {
      const value = night[name];
      if (Array.isArray(value)) return cell(value.join(" "));
      return cell(typeof value === "boolean" ? (value ? "yes" : "") : value);
    }),
  );
  return `\ufeff${[columns, ...rows].map((row) => row.join(",")).join("\r\n")}\r\n`;
};
