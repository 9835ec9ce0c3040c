// The room: asks, streams the verified sentences, and stops. Everything works without it, by plain forms.

import { showSentence, showWhole, wordsOf } from "./answer.js";
import { EventStream } from "./event-stream.js";
import { element } from "./page.js";
import { phrase, phraseOf } from "./phrases.js";
import { opened, send } from "./sending.js";
import { goOn, hearHer } from "./stepping-in.js";
import { lookWhoWrites } from "./who-writes.js";

const form = document.getElementById("asking");
const box = document.getElementById("question");
const answers = document.getElementById("answers");
const news = document.getElementById("news");
const stop = document.getElementById("stop");

let open = null; // the answer being written: { id, stream, article }
let isAsking = false; // a question is on its way: a second press is no second question
let conversation; // what the next question goes on from

// `act` names one that is no plain question, with its thing and the most that was agreed to.
async function ask(question, act) {
  if (open || isAsking) return;
  isAsking = true;
  try {
    await sendOff(question, act);
  } finally {
    isAsking = false;
  }
}

async function sendOff(question, act) {
  const article = element("article", "answer");
  article.setAttribute("aria-busy", "true");
  const { most, ...what } = act ?? { most: form.elements.max_price_micros?.value, question };
  const wanted = conversation ? { ...what, conversation } : what;
  article.append(element("h2", "asked", question), element("p", "status", phrase("Asking …")));
  answers.append(article);
  article.scrollIntoView({ block: "start" });
  const agreed = await agreedPrice(wanted, most);
  const ticket = agreed.refused ? agreed : await opened({ ...wanted, ...agreed, ...once() });
  if (ticket.refused) {
    refuse(article, ticket.refused);
    return;
  }
  if (!act) box.value = "";
  conversation = ticket.conversation;
  goOn(conversation, (turn, made) => !open && !isAsking && !watch(turn, made));
  watch(ticket, article);
}

function once() {
  return { idempotency_key: crypto.randomUUID?.() ?? String(Math.random()) };
}

// Where there is a price, it is pinned by an offer before the question is sent: never more than was shown.
async function agreedPrice(wanted, most) {
  if (!most) return {};
  const offer = await send("/api/offers", wanted);
  if (offer.refused) return offer;
  return offer.ceiling_micros > Number(most) ? { refused: { offer } } : { offer_id: offer.offer_id };
}

function refuse(article, problem) {
  const cannot = phrase("The presence cannot be reached. Your question is still in the box.");
  const changed = phrase("This has another price now. It stands beside the button; ask again if you agree.");
  const message = problem.offer ? changed : problem.detail ?? cannot;
  article.removeAttribute("aria-busy");
  const told = element("p", "nothing", message);
  article.querySelector(".status").replaceWith(told);
  if (problem.top_up && !problem.offer) {
    const wallet = element("a", "button", phrase("My wallet"));
    wallet.href = problem.top_up;
    told.after(wallet);
  }
  news.textContent = message;
  showPrice();
}

// What the next question costs may differ from what the last one did.
async function showPrice() {
  const response = await fetch("/pricing/mine").catch(() => null);
  if (!response?.ok) return;
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html");
  const price = parsed.getElementById("price");
  document.getElementById("price").replaceWith(price);
  document.querySelector("[data-first-free]")?.classList.toggle("is-over", "hasPrice" in price.dataset);
}

function watch(ticket, article) {
  const stream = ticket.stream ?? new EventStream(ticket.events);
  const answer = { id: ticket.id, stream, article };
  open = answer;
  stop.hidden = false;
  if (ticket.ahead) status(phraseOf("{n} before you", "{n} before you", ticket.ahead));
  stream.addEventListener("status", (event) => status(looking(JSON.parse(event.data))));
  stream.addEventListener("sentence", (event) => showSentence(article, JSON.parse(event.data)));
  hearHer(stream, article, ticket.id);
  for (const end of ["done", "over"]) stream.addEventListener(end, () => finish(answer));
  stream.start();
}

function looking(told) {
  return phraseOf("Looking through {n} note …", "Looking through {n} notes …", told.notes);
}

function status(text) {
  const line = open?.article.querySelector(".status");
  if (line) line.textContent = text;
}

async function finish({ id, stream, article }) {
  stream.close();
  await showWhole(article, id);
  article.removeAttribute("aria-busy");
  article.querySelector(".choices")?.addEventListener("submit", chosen);
  news.textContent = wordsOf(article) || news.textContent;
  stop.hidden = true;
  open = null;
  showPrice();
}

function chosen(event) {
  event.preventDefault();
  ask(event.submitter.value);
}

function halt() {
  if (open) fetch(`/api/questions/${open.id}`, { method: "DELETE" });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.value.trim()) ask(box.value.trim());
});
for (const act of document.querySelectorAll("form.act")) {
  act.addEventListener("submit", (event) => {
    event.preventDefault();
    const { max_price_micros: most, once: _mark, ...what } = Object.fromEntries(new FormData(act));
    ask(event.submitter.textContent, { ...what, most });
  });
}
document.querySelector(".examples form")?.addEventListener("submit", chosen);
stop.addEventListener("click", halt);
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("textarea, input, select");
  if (event.key === "Enter" && event.target === box && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "/" && !typing) {
    event.preventDefault();
    box.focus();
  } else if (event.key === "Escape") {
    halt();
  }
});
lookWhoWrites();
