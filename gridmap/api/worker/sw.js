// Keeps the application on the phone, starts it without a line, and sends what waits when the line is back.
import { flush } from "./__VERSION__/queue.js";

const CACHE = "gridmap-worker-__VERSION__";
const FILES = "__FILES__";
const address = (name) => new URL(name, self.registration.scope).href;

self.addEventListener("install", (event) => {
  // All of one version or nothing: a file that is missing makes the browser try again at the next start.
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES.map((name) => new Request(address(name), { cache: "reload" })));
    await self.skipWaiting();
  };
  event.waitUntil(keep());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("gridmap-worker-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request));
});

async function answer(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.mode === "navigate" ? address("./") : request, { ignoreSearch: true });
  return kept || fetch(request);
}

// The browser wakes us when the line is back, also when the application is closed; it does so again while we fail.
self.addEventListener("sync", (event) => {
  const sendAll = async () => {
    if (await flush()) throw new Error("Something still waits to be sent.");
  };
  if (event.tag === "gridmap-queue") event.waitUntil(sendAll());
});
