// Lists, answers, ticks and words around visits, kept by the browser on this device (IndexedDB) and nowhere else. What
// comes out of the store or out of a file is read as text and nothing else.

import { databaseOf } from "./database.js";
import { isDate, moment } from "./night.js";

const database = databaseOf("papers", "kept", "name");
const MOST = 200;
const SHORT = 200;
const LONG = 1000;

// How long each text of an entry may be, which entry of another device is the same one, and what makes it an entry.
const LISTS = {
  medicines: {
    texts: { name: SHORT, dose: SHORT, reason: SHORT },
    same: (each) => each.name.trim().toLowerCase(),
    good: (each) => each.name || each.dose || each.reason,
  },
  answers: {
    texts: { who: SHORT, question: LONG, answer: LONG },
    same: (each) => JSON.stringify([each.who, each.question]),
    good: (each) => each.question,
  },
  listened: {
    texts: { date: 10, felt: 10 },
    same: (each) => each.date,
    good: (each) => isDate(each.date) && ["yes", "partly", "no"].includes(each.felt),
  },
  ticks: {
    texts: { list: SHORT, item: LONG },
    same: (each) => JSON.stringify([each.list, each.item]),
    good: (each) => each.list && each.item,
  },
};
const TEXTS = { words: 2000, reactions: 1000 };
const NAMES = [...Object.keys(LISTS), ...Object.keys(TEXTS)];

// Without controls, and without the signs that turn the order of letters round.
export const plain = (value, longest) =>
  typeof value === "string"
    ? value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu, "").slice(0, longest)
    : "";

const entry = (name, value) => {
  const { texts, good } = LISTS[name];
  if (typeof value !== "object" || value === null) return null;
  const found = Object.fromEntries(Object.entries(texts).map(([text, longest]) => [text, plain(value[text], longest)]));
  return good(found) ? { ...found, changed: moment(value.changed) } : null;
};

// A paper as it is kept: `value` is a list of entries that each know when they were changed, or a text.
const paper = (name, kept) => {
  if (name in TEXTS) return { name, value: plain(kept?.value, TEXTS[name]), changed: moment(kept?.changed) };
  const given = Array.isArray(kept?.value) ? kept.value : [];
  return { name, value: given.map((each) => entry(name, each)).filter(Boolean).slice(0, MOST) };
};

const saying = ({ changed, ...texts }) => JSON.stringify(texts);

// The same with the moment of each change. It only grows, so that a clock which was set back makes nothing look older.
const stamped = (before, after) => {
  const stamps = before.name in TEXTS ? [before.changed] : before.value.map((each) => each.changed);
  const now = moment(stamps.reduce((newest, each) => Math.max(newest, each + 1), Date.now()));
  if (before.name in TEXTS) return { ...after, changed: after.value === before.value ? before.changed : now };
  const known = new Map(before.value.map((each) => [saying(each), each.changed]));
  return { ...after, value: after.value.map((each) => ({ ...each, changed: known.get(saying(each)) ?? now })) };
};

let writing = Promise.resolve();

// Reads, changes and writes in one transaction, so that two open tabs do not undo each other; one after the other.
// `how` makes the papers to write of those that lie there, both by name.
const rewrite = (names, how) => {
  writing = writing
    .catch(() => {})
    .then(() =>
      database.inTransaction("readwrite", (store, read) => {
        read(store.getAll(), (every) => {
          const kept = new Map(every.map((each) => [each.name, each]));
          for (const each of how(names.map((name) => paper(name, kept.get(name))))) store.put(each);
        });
      }),
    );
  return writing;
};

const everything = async () => {
  let found = [];
  await database.inTransaction("readonly", (store, read) => {
    read(store.getAll(), (every) => {
      found = every;
    });
  });
  const kept = new Map(found.map((each) => [each.name, each]));
  return new Map(NAMES.map((name) => [name, paper(name, kept.get(name))]));
};

export const one = async (name) => (await everything()).get(name).value;

export const change = (name, how) =>
  rewrite([name], ([before]) => [stamped(before, paper(name, { value: how(before.value) }))]);

// Every paper that is not empty, for a file.
export const all = async () => [...(await everything()).values()].filter((each) => each.value.length);

// What of a file is one of our papers, and how many pieces of it are none.
export const read = (given) => {
  const found = new Map();
  let refused = 0;
  for (const each of Array.isArray(given) ? given : [given]) {
    if (!NAMES.includes(each?.name) || found.has(each.name) || typeof each.value !== (each.name in TEXTS ? "string" : "object")) {
      refused += 1;
      continue;
    }
    const kept = paper(each.name, each);
    if (Array.isArray(each.value)) refused += each.value.length - kept.value.length;
    found.set(each.name, kept);
  }
  return { papers: [...found.values()], refused };
};

// The second line of one name is another one than the first.
const keyed = (name, list) => {
  const seen = new Map();
  return list.map((each) => {
    const key = LISTS[name].same(each);
    const nth = (seen.get(key) ?? 0) + 1;
    seen.set(key, nth);
    return [`${nth} ${key}`, each];
  });
};

const merged = (here, given, count) => {
  if (here.name in TEXTS) {
    if (!given.value) return here;
    const takes = given.value !== here.value && (!here.value || given.changed > here.changed);
    count[takes ? "taken" : "had"] += 1;
    return takes ? given : here;
  }
  const found = new Map(keyed(here.name, here.value));
  for (const [key, each] of keyed(here.name, given.value)) {
    const known = found.get(key);
    if (known && (each.changed <= known.changed || saying(each) === saying(known))) count.had += 1;
    else if (!known && found.size >= MOST) count.refused += 1;
    else {
      found.set(key, each);
      count.taken += 1;
    }
  }
  return { ...here, value: [...found.values()] };
};

// Takes in papers of a file: all or none. Of two versions of one entry the one that was changed later stays, and
// nothing that lies here goes. `undo` takes it back, save papers that were changed since.
export const takeIn = async (papers) => {
  const count = { taken: 0, had: 0, refused: 0 };
  const names = papers.map((each) => each.name);
  let before = [];
  let after = [];
  await rewrite(names, (here) => {
    before = here;
    after = here.map((each, at) => merged(each, papers[at], count));
    return after;
  });
  const undo = () =>
    rewrite(names, (here) => before.filter((_, at) => JSON.stringify(here[at]) === JSON.stringify(after[at])));
  return { ...count, undo };
};

export const erase = async () => {
  await writing.catch(() => {});
  await database.erase();
};
