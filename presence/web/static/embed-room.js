// The room on another site: asks without leaving the page, and tells that page how high it is. Without it, forms do.

import { phrase } from "./phrases.js";

const LOOK_AGAIN_MS = 900;
const LOOK_AGAIN_MS_MAX = 30_000;
const { site } = document.body.dataset;
const answers = document.querySelector("[role=log]");
const asking = document.querySelector(".asking");

let asked = 0; // how many questions were sent from here
let isAsking = false; // one is on its way: a second press is no second question

// The browser shows this page on that site alone, and hands the message to nobody else.
function tellHeight() {
  if (parent !== window) parent.postMessage({ presence_height: document.documentElement.offsetHeight }, site);
}

async function send(form, submitter) {
  const body = new FormData(form, submitter);
  body.set("scripts", "yes");
  const response = await fetch(form.action, { method: "POST", body, credentials: "omit" }).catch(() => null);
  const page = response ? await response.text().catch(() => "") : "";
  const main = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  return { isAway: !response || response.status >= 500 || response.status === 429, main: main?.querySelector("[role=log]") && main };
}

async function ask(form, submitter) {
  if (isAsking) return;
  const field = asking.elements.question;
  const words = form === asking ? field.value : "";
  const button = asking.querySelector("button");
  isAsking = button.disabled = true;
  asked += 1;
  const { main } = await send(form, submitter);
  isAsking = button.disabled = false;
  if (!main) {
    answers.textContent = phrase("The presence cannot be reached. Try again.");
    return;
  }
  show(main);
  if (field.value === words) field.value = main.querySelector(".asking").elements.question.value; // not what she types by now
}

// The region of answers stays where it is: what reads the page aloud is told of what changes in it.
function show(main) {
  answers.replaceChildren(...main.querySelector("[role=log]").childNodes);
  asking.elements.pass.value = main.querySelector(".asking").elements.pass.value;
  lookAgain();
}

function lookAgain(wait = LOOK_AGAIN_MS) {
  const again = document.querySelector(".again");
  if (again) setTimeout(look, wait, again, wait);
}

// A house that is away is asked again; what comes of an earlier question is not shown in place of a later one.
async function look(again, wait = LOOK_AGAIN_MS) {
  if (!again.isConnected) return;
  const number = asked;
  const { main, isAway } = await send(again);
  if (number !== asked || !again.isConnected) return;
  if (main && !isAway) show(main);
  else lookAgain(Math.min(2 * wait, LOOK_AGAIN_MS_MAX));
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches(".again")) look(event.target);
  else ask(event.target, event.submitter);
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
