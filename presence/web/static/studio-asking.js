// The studio's page of who is asking: keeps what is shown fresh. Everything works without it, by looking again.

import { EventStream } from "./event-stream.js";
import { phrase, phraseOf } from "./phrases.js";

const fresh = document.getElementById("fresh");
const news = document.getElementById("news");
const field = document.getElementById("text");
const LOOK_AGAIN_MS = 2000;

let stream = null;
let isAsking = false;
let isStale = false;
let shown = fresh.cloneNode(true); // as it came: what she folded out in it since is hers

function listen() {
  stream?.close();
  stream = new EventStream("/studio/asking/events"); // comes back by itself, and is told again
  stream.addEventListener("changed", refresh);
  stream.start();
}

async function refresh() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    isStale = false;
    await look();
  }
  isAsking = false;
}

async function look() {
  const response = await fetch(fresh.dataset.from).catch(() => null);
  if (response?.status === 404) return gone();
  const page = response?.ok ? await response.text().catch(() => null) : null;
  if (page === null) return void setTimeout(refresh, LOOK_AGAIN_MS);
  const parsed = new DOMParser().parseFromString(page, "text/html");
  const before = fresh.textContent;
  const holder = parsed.querySelector("[data-held]")?.dataset.held;
  if (holder !== undefined && holder !== fresh.dataset.held && !field?.value) {
    location.reload(); // what can be done here has changed
    return;
  }
  if (fresh.querySelector("details[open]")) return; // she is choosing something there, and looks when she is done
  if (isSame(shown, parsed.body)) return; // whoever stands on something in it stays there
  shown = parsed.body.cloneNode(true);
  fresh.replaceChildren(...parsed.body.childNodes);
  if (fresh.textContent !== before) tell();
}

function isSame(one, other) {
  const [these, those] = [[...one.children], [...other.children]];
  return these.length === those.length && these.every((part, at) => part.isEqualNode(those[at]));
}

function tell() {
  const last = fresh.querySelector("[data-last]")?.dataset.last;
  news.textContent = last ? phrase("Newest question: {question}", { question: last }) : phraseOf("{n} people are asking.", "{n} people are asking.", fresh.querySelectorAll("h3").length);
}

function gone() {
  stream?.close();
  stream = null;
  news.classList.remove("unseen");
  news.classList.add("nothing");
  news.textContent = phrase("She does not let you look in any more.");
  fresh.replaceChildren();
  document.getElementById("write")?.remove();
}

// A page that nobody sees is nobody who is there: the lamp and the conversation are not kept by it.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") stream?.close();
  else listen();
});
fresh.addEventListener("toggle", (event) => event.target.open || refresh(), { capture: true });
field?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  field.form.requestSubmit();
});
listen();
