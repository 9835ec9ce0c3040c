// “What I am told”: turns pushes to this browser on and off. Everything else on the page is forms.

import { ask, doing, send } from "./page.js";
import { phrase } from "./phrases.js";

const section = document.querySelector("#browser");
const news = document.querySelector("#news");
const on = document.querySelector("#on");
const off = document.querySelector("#off");
const say = (words) => { news.textContent = words; };

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

const registered = () => navigator.serviceWorker.getRegistration("/");

async function subscription() {
  return (await (await registered())?.pushManager.getSubscription()) ?? null;
}

function show(isOn) {
  on.hidden = isOn;
  off.hidden = !isOn;
}

async function turnOn() {
  if (await Notification.requestPermission() !== "granted") {
    say(phrase("Your browser does not allow it. Its settings for this page say what may be shown."));
    return;
  }
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const worker = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: bytes(section.dataset.pushKey) };
  const made = await worker.pushManager.subscribe(options).catch(() => null);
  if (!made) {
    say(phrase("This browser has no service for it. Choose mail instead."));
    return;
  }
  await send("/api/telling/browsers", made.toJSON());
  show(true);
  say(phrase("This browser shows you what you chose above."));
}

async function turnOff() {
  const made = await subscription();
  if (made) {
    await ask("/api/telling/browsers", { method: "DELETE", body: { endpoint: made.endpoint } });
    await made.unsubscribe();
  }
  show(false);
  say(phrase("Nothing is shown in this browser any more."));
}

if ("serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  subscription().then((made) => show(made !== null));
  on.addEventListener("click", () => doing(on, say, turnOn));
  off.addEventListener("click", () => doing(off, say, turnOff));
} else {
  say(phrase("This browser cannot show anything while the page is closed. Choose mail instead."));
}
