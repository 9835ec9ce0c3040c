// The listener's side of stepping in: her lines as they come, whether she is there, and who lets her look in.

import { ask, element } from "./page.js";
import { locale, phrase } from "./phrases.js";

const LOOK_EVERY_MS = 2000;
const LAMP_EVERY_MS = 60_000;
const choice = document.getElementById("looking-in");
const lamp = document.getElementById("lamp");
const news = document.getElementById("news");
const artist = choice?.dataset.artist ?? phrase("She");

let conversation; // what is being asked in
let isHers = false;
let follow = () => false; // shows a turn that she began; false where another answer is being shown

/** Shows what she writes in the stream of an answer, apart from what the AI said, and says it aloud. */
export function hearHer(stream, article, turn) {
  article.dataset.turn = turn;
  stream.addEventListener("taken_over", (event) => {
    isHers = true;
    status(article, phrase("{artist} is here herself, and will write to you. It costs you nothing.", { artist: JSON.parse(event.data).by }));
  });
  stream.addEventListener("human", (event) => {
    const line = JSON.parse(event.data);
    status(article, "");
    hers(article, line.by).append(lineOf(line));
    news.textContent = `${phrase("{artist}, herself", { artist: line.by })}: ${line.text}`;
  });
}

function status(article, text) {
  let line = article.querySelector(".with-her");
  if (!line) {
    line = element("p", "status with-her");
    article.append(line);
    article.querySelector(".status:not(.with-her)")?.remove();
  }
  line.textContent = text;
  line.hidden = !text;
  if (text) news.textContent = text;
}

function hers(article, by) {
  let box = article.querySelector(".hers");
  if (!box) {
    box = element("div", "hers");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", phrase("Written by {artist} herself", { artist: by }));
    box.dataset.tier = document.documentElement.dataset.standing ?? 0;
    article.append(box);
  }
  return box;
}

function lineOf({ by, text, at }) {
  const line = element("p");
  const time = element("time", "", new Date(at * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" }));
  line.append(element("strong", "", phrase("{artist}, herself", { artist: by })), " ", time, " ", element("span", "words", text));
  return line;
}

/** From now on, what she begins in this conversation is shown by `show(ticket, article)`. */
export function goOn(ident, show) {
  conversation = ident;
  follow = show;
  choice?.querySelector("[data-here]")?.removeAttribute("hidden");
}

async function lookIn() {
  if (document.visibilityState === "hidden" || !conversation || (choice?.dataset.may ?? "no") === "no") return;
  const told = await ask(`/api/conversations/${conversation}`).catch(() => null);
  if (!told) return;
  if (told.is_hers !== isHers) {
    isHers = told.is_hers;
    const here = phrase("{artist} is in this conversation herself. What you ask now goes to her, and costs nothing.", { artist });
    news.textContent = isHers ? here : phrase("{artist} has gone again. Her notes answer, by AI, as before.", { artist });
  }
  banner();
  for (const turn of told.begun) begin(turn); // one that cannot be shown now is shown the next time
}

function banner() {
  let line = document.getElementById("with-her");
  if (!isHers) {
    line?.remove();
  } else if (!line) {
    line = element("p", "lit", phrase("{artist} is in this conversation herself. What you ask now goes to her, and costs nothing.", { artist }));
    line.id = "with-her";
    document.getElementById("asking").prepend(line);
  }
}

function begin(ticket) {
  if (document.querySelector(`[data-turn="${ticket.id}"]`)) return;
  const article = element("article", "answer");
  article.dataset.turn = ticket.id;
  article.append(element("h2", "asked", phrase("{artist} writes to you", { artist })));
  if (follow(ticket, article)) document.getElementById("answers").append(article);
}

async function choose(event) {
  event.preventDefault();
  const may = new FormData(event.target).get("may");
  const line = choice.querySelector("[data-news]");
  const body = { may, conversation: conversation ?? null };
  try {
    const told = await ask("/api/looking-in", { method: "PUT", body });
    choice.dataset.may = told.may;
    const words = { no: phrase("No"), here: phrase("In this conversation"), all: phrase("In all I ask") };
    choice.querySelector("[data-now]").textContent = words[told.may];
    line.textContent = told.may === "no" ? phrase("{artist} sees nothing of what you ask.", { artist }) : phrase("{artist} may look in now.", { artist });
  } catch (error) {
    line.textContent = error.message;
  }
}

async function lookAtLamp() {
  if (document.visibilityState === "hidden") return;
  const told = await ask("/api/node").catch(() => null);
  if (told) lamp.hidden = !told.artist_is_here;
}

if (document.getElementById("asking")) choice?.querySelector("form").addEventListener("submit", choose);
if (lamp) setInterval(lookAtLamp, LAMP_EVERY_MS);
setInterval(lookIn, LOOK_EVERY_MS);
