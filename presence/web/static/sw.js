// Shows what this presence pushes: a title, and a page of ours that a click opens. It keeps no pages.

const START = "/";

function ours(link) {
  const url = new URL(link, self.location.origin);
  return url.origin === self.location.origin ? url.href : new URL(START, self.location.origin).href;
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

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
