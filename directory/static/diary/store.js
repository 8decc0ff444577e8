// The nights, kept by the browser on this device (IndexedDB) and nowhere else. Every change is written at once, and a
// write is over only when the browser says that it lies on the disk.

import { databaseOf } from "./database.js";
import { clean } from "./night.js";

const { inTransaction, erase } = databaseOf("diary", "nights", "date");
export { erase };

// Every night, oldest first. What another version or somebody else wrote into the store is left out, not shown.
export const all = async () => {
  let found = [];
  await inTransaction("readonly", (nights, read) => {
    read(nights.getAll(), (every) => {
      found = every;
    });
  });
  return found.map(clean).filter(Boolean);
};

export const one = async (date) => {
  let found = null;
  await inTransaction("readonly", (nights, read) => {
    read(nights.get(date), (night) => {
      found = clean(night);
    });
  });
  return found;
};

// Writes only the answers that are given, over what lies there in the same moment: two open tabs do not undo each other.
// `changed` only grows, so that a clock which was set back does not make a newer entry look older.
export const keep = async (date, answers) => {
  let kept = null;
  await inTransaction("readwrite", (nights, read) => {
    read(nights.get(date), (before) => {
      kept = clean({ ...clean(before), ...answers, date, changed: Math.max(Date.now(), (clean(before)?.changed ?? 0) + 1) });
      if (!kept) throw new TypeError("not a night");
      nights.put(kept);
    });
  });
  return kept;
};

// What lay there before a file, all or none; a night that was changed since stays as it is.
const putBack = (nights) =>
  inTransaction("readwrite", (store, read) => {
    read(store.getAll(), (every) => {
      for (const night of every) {
        const back = nights.get(night.date);
        if (back?.changed !== night.changed) continue;
        if (back.before) store.put(back.before);
        else store.delete(night.date);
      }
    });
  });

// Takes in nights of a file: all or none. Of two entries for one night the one that was changed later stays, so the
// same file taken in twice changes nothing. `undo` takes it back, save what was changed since.
export const takeIn = async (nights) => {
  const replaced = new Map();
  await inTransaction("readwrite", (store, read) => {
    read(store.getAll(), (every) => {
      const known = new Map(every.map((night) => [night.date, clean(night)]));
      for (const night of nights) {
        const before = known.get(night.date) ?? null;
        if (night.changed <= (before?.changed ?? -1)) continue;
        replaced.set(night.date, { before, changed: night.changed });
        store.put(night);
      }
    });
  });
  return { taken: replaced.size, had: nights.length - replaced.size, undo: () => putBack(replaced) };
};

// Takes one night away. What comes back puts it there again, unless something was noted for it since.
export const drop = async (date) => {
  let before = null;
  await inTransaction("readwrite", (nights, read) => {
    read(nights.get(date), (night) => {
      before = clean(night);
      nights.delete(date);
    });
  });
  return () =>
    inTransaction("readwrite", (nights, read) => {
      read(nights.get(date), (since) => {
        if (before && !since) nights.put(before);
      });
    });
};
