// The nights, kept by the browser on this device (IndexedDB) and nowhere else. Every change is written at once, and a
// write is over only when the browser says that it lies on the disk.

import { clean } from "./night.js";

const NAME = "diary";
const NIGHTS = "nights";

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const open = async () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(NIGHTS, { keyPath: "date" });
  return settled(request);
};

let opened = null;
const database = () => (opened ??= open());

const inTransaction = async (mode, work) => {
  const transaction = (await database()).transaction(NIGHTS, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
  const result = work(transaction.objectStore(NIGHTS));
  await done;
  return result;
};

// Every night, oldest first. What another version or somebody else wrote into the store is left out, not shown.
export const all = async () => {
  const request = await inTransaction("readonly", (nights) => nights.getAll());
  return request.result.map(clean).filter(Boolean);
};

export const one = async (date) => {
  const request = await inTransaction("readonly", (nights) => nights.get(date));
  return request.result ? clean(request.result) : null;
};

// `changed` only grows, so that a clock which was set back does not make a newer entry look older.
export const keep = async (night) => {
  const before = await one(night.date);
  const changed = Math.max(Date.now(), (before?.changed ?? 0) + 1);
  const kept = clean({ ...night, changed });
  if (!kept) throw new TypeError("not a night");
  await inTransaction("readwrite", (nights) => nights.put(kept));
  return kept;
};

export const drop = (date) => inTransaction("readwrite", (nights) => nights.delete(date));

// Takes in nights of a file: all or none. Of two entries for one night the one that was changed later stays, so the
// same file taken in twice changes nothing.
export const takeIn = async (nights) => {
  const known = new Map((await all()).map((night) => [night.date, night]));
  const newer = nights.filter((night) => night.changed > (known.get(night.date)?.changed ?? -1));
  await inTransaction("readwrite", (store) => {
    for (const night of newer) store.put(night);
  });
  return { taken: newer.length, had: nights.length - newer.length };
};

export const erase = async () => {
  (await database()).close();
  opened = null;
  await settled(indexedDB.deleteDatabase(NAME));
};
