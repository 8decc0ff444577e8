// A small database of the browser (IndexedDB) on this device. It gives way when another tab erases it, and opens again.

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// One with one store, whose entries are found by `keyPath`.
export const databaseOf = (name, store, keyPath) => {
  let opened = null;

  const open = () => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath });
    return settled(request).then((database) => {
      database.onversionchange = () => {
        database.close();
        opened = null;
      };
      database.onclose = () => {
        opened = null;
      };
      return database;
    });
  };

  // What `work` did to the store is over only when the browser says that it lies on the disk. It gets the store and
  // `read`, which goes on with what a request found in the same transaction; whatever fails takes all of it back.
  const inTransaction = async (mode, work) => {
    opened ??= open().catch((error) => {
      opened = null;
      throw error;
    });
    const transaction = (await opened).transaction(store, mode, { durability: "strict" });
    let failed = null;
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(failed ?? transaction.error ?? new DOMException("aborted", "AbortError"));
    });
    const attempt = (step) => {
      try {
        step();
      } catch (error) {
        failed = error;
        transaction.abort();
      }
    };
    const read = (request, next) => {
      request.onsuccess = () => attempt(() => next(request.result));
    };
    attempt(() => work(transaction.objectStore(store), read));
    await done;
  };

  const erase = async () => {
    if (opened) (await opened).close();
    opened = null;
    await settled(indexedDB.deleteDatabase(name));
  };

  return { inTransaction, erase };
};
