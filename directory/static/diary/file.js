// Everything this device keeps as a file: to move it to another device, to keep a copy; and the nights as a table.

import { clean, TICKED } from "./night.js";
import * as papers from "./papers.js";

const FORMAT = "stillpoint-diary";
const VERSION = 2;
export const LARGEST = 20_000_000;
const MOST_NIGHTS = 60_000;

export class NotADiary extends Error {}

export const toFile = (nights, kept) => JSON.stringify({ format: FORMAT, version: VERSION, nights, papers: kept }, null, 1);

// What of a file can be read, piece by piece, and how many pieces cannot; NotADiary where nothing can. A file of version
// 1 has nights alone. Nothing in a file is ever run or shown as markup.
export const fromFile = (text) => {
  if (text.length > LARGEST) throw new NotADiary("large");
  let given;
  try {
    given = JSON.parse(text);
  } catch {
    throw new NotADiary("json");
  }
  if (given?.format !== FORMAT || !Number.isInteger(given.version) || given.version < 1) throw new NotADiary("format");
  if (given.version > VERSION) throw new NotADiary("newer");
  if (!Array.isArray(given.nights)) throw new NotADiary("format");
  if (given.nights.length > MOST_NIGHTS) throw new NotADiary("large");
  const newest = new Map();
  const found = papers.read(given.papers ?? []);
  for (const each of given.nights) {
    const night = clean(each);
    if (!night) found.refused += 1;
    else if ((newest.get(night.date)?.changed ?? -1) < night.changed) newest.set(night.date, night);
  }
  if (found.refused && !newest.size && !found.papers.length) throw new NotADiary("nothing");
  return { nights: [...newest.values()], ...found };
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
