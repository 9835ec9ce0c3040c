// Lets a phone keep the room among its apps, and say so where there is no line. Nothing else is kept.

if ("serviceWorker" in navigator && isSecureContext) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js", { scope: "/" }).catch(() => {}));
}
