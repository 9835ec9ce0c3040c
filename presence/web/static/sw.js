// Shows what this presence pushes: a title, and a page of ours that a click opens. Without a line it shows one page
// that says so; that page and what it is made of is all that is kept here, never an answer nor anybody's page.

const START = "/";
const OFFLINE = "/offline";
const KEPT = "shell-4";
const SHELL = [OFFLINE, ...["house.css", "standing.js", "clocks.js", "event-stream.js", "page.js", "phrases.js", "installed.js", "mark.svg"].map((name) => `/static/${name}`)];

function ours(link) {
  const url = new URL(link, self.location.origin);
  return url.origin === self.location.origin ? url.href : new URL(START, self.location.origin).href;
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(keepShell().catch(() => {})); // pushes are shown without a shell, too
});
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers().then(() => self.clients.claim())));

async function keepShell() {
  const kept = await caches.open(KEPT);
  // Asked without cookies: it is the page of nobody.
  await Promise.all(SHELL.map(async (path) => kept.put(path, await fetch(path, { cache: "reload", credentials: "omit" }))));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name)));
}

// The line first, always; what is kept comes in only where there is none.
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  if (mode === "navigate") event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  else if (SHELL.includes(pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(pathname)));
});

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  const link = ours(String(told.link ?? START));
  // What came twice is shown once.
  const shown = { data: { link }, tag: link, icon: "/static/mark.svg" };
  event.waitUntil(self.registration.showNotification(String(told.title ?? "Something is there for you"), shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened(event.notification.data.link));
});

async function opened(link) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const here = windows.find((client) => client.url === link);
  return here ? here.focus() : self.clients.openWindow(link);
}

// A browser may change where its pushes go; without this, they would end without a word.
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(changed(event)));

async function changed(event) {
  const options = event.oldSubscription?.options;
  const now = event.newSubscription ?? (options && await self.registration.pushManager.subscribe(options));
  if (!now) return;
  const headers = { "Content-Type": "application/json" };
  await fetch("/api/telling/browsers", { method: "POST", headers, body: JSON.stringify(now) });
}
