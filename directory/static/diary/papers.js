// Lists, answers and words around visits, kept by the browser on this device (IndexedDB) and nowhere else. What comes
// out of the store is read as text and nothing else.

const NAME = "papers";
const KEPT = "kept";
const MOST = 200;
const SHORT = 200;
const LONG = 1000;
const WORDS = 2000;

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

let opened = null;

const database = () => {
  if (!opened) {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(KEPT, { keyPath: "name" });
    opened = settled(request);
  }
  return opened;
};

// Without controls, and without the signs that turn the order of letters round.
export const plain = (value, longest) =>
  typeof value === "string"
    ? value.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu, "").slice(0, longest)
    : "";

const lines = (value, shape) => (Array.isArray(value) ? value.slice(0, MOST).map(shape) : []);

const SHAPES = {
  medicines: (value) =>
    lines(value, (each) => ({ name: plain(each?.name, SHORT), dose: plain(each?.dose, SHORT), reason: plain(each?.reason, SHORT) })),
  answers: (value) =>
    lines(value, (each) => ({ who: plain(each?.who, SHORT), question: plain(each?.question, LONG), answer: plain(each?.answer, LONG) })),
  words: (value) => plain(value, WORDS),
  listened: (value) =>
    lines(value, (each) => ({ date: plain(each?.date, 10), felt: ["yes", "partly", "no"].includes(each?.felt) ? each.felt : "" })),
};

export const one = async (name) => {
  const store = (await database()).transaction(KEPT, "readonly").objectStore(KEPT);
  return SHAPES[name]((await settled(store.get(name)))?.value);
};

let writing = Promise.resolve();

// Reads, changes and writes in one transaction, so that two open tabs do not undo each other.
export const change = (name, how) => {
  writing = writing
    .catch(() => {})
    .then(async () => {
      const transaction = (await database()).transaction(KEPT, "readwrite", { durability: "strict" });
      const done = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
      });
      const store = transaction.objectStore(KEPT);
      const request = store.get(name);
      request.onsuccess = () => store.put({ name, value: SHAPES[name](how(SHAPES[name](request.result?.value))) });
      await done;
    });
  return writing;
};

export const erase = async () => {
  await writing.catch(() => {});
  if (opened) (await opened).close();
  opened = null;
  await settled(indexedDB.deleteDatabase(NAME));
};
