// The room on another site: asks without leaving the page, and tells that page how high it is. Without it, forms do.

import { phrase } from "./phrases.js";

const LOOK_AGAIN_MS = 900;
const { site } = document.body.dataset;

// The browser shows this page on that site alone, and hands the message to nobody else.
function tellHeight() {
  if (parent !== window) parent.postMessage({ presence_height: document.documentElement.offsetHeight }, site);
}

async function send(form, submitter) {
  const body = new FormData(form, submitter);
  body.set("scripts", "yes");
  const asking = document.querySelector(".asking button");
  asking.disabled = true;
  const response = await fetch(form.action, { method: "POST", body, credentials: "omit" }).catch(() => null);
  asking.disabled = false;
  const page = response ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  const main = page?.querySelector("main");
  if (main) show(main);
  else document.querySelector("[role=log]").textContent = phrase("The presence cannot be reached. Try again.");
}

// The region of answers stays where it is: what reads the page aloud is told of what changes in it.
function show(main) {
  document.querySelector("[role=log]").replaceChildren(...main.querySelector("[role=log]").childNodes);
  const fresh = main.querySelector(".asking");
  const form = document.querySelector(".asking");
  form.elements.pass.value = fresh.elements.pass.value;
  form.elements.question.value = fresh.elements.question.value;
  lookAgain();
}

function lookAgain() {
  const again = document.querySelector(".again");
  if (again) setTimeout(() => again.isConnected && send(again), LOOK_AGAIN_MS);
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  send(event.target, event.submitter);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("textarea") && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
lookAgain(); // who asked before this script was there has a page that does not wait for it
tellHeight(); // at once: a tab in the background is told of no size
new ResizeObserver(tellHeight).observe(document.documentElement);
