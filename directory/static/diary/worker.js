// Keeps the diary's page and what it loads on the device, so that it opens without a network. It answers for the diary
// alone, keeps nothing anybody typed, and sends nothing.

const kept = self.KEPT;
const NAME = `diary-${kept.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(NAME)
      .then((cache) => cache.addAll(kept.files.map((file) => new Request(file, { cache: "reload", credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("diary-") && name !== NAME).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page from the network where one answers soon, so that its token is good; from the device where there is none, where
// it is too slow for somebody who is awake at night, and where the server is in trouble.
const PATIENCE_MILLISECONDS = 3000;

const page = async (request, stored) => {
  const answer = fetch(request);
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS));
  const first = await Promise.race([answer, slow]).catch(() => undefined);
  if (first && first.status < 500) return first;
  return (await stored()) ?? answer;
};

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  const stored = () => caches.match(event.request, { cacheName: NAME, ignoreSearch: event.request.mode === "navigate" });
  if (event.request.mode === "navigate") {
    event.respondWith(page(event.request, stored));
  } else {
    event.respondWith(stored().then((found) => found ?? fetch(event.request)));
  }
});
