// The player: seek by what a recording looks like, and play from a moment that a page names. Without it, the
// browser's own controls play, and a moment opens as a page of its own.

import { clock, element } from "./page.js";
import { phrase } from "./phrases.js";

const moment = (address) => Number(address.hash.replace("#t=", "")) || 0;
const players = new WeakMap(); // audio elements that are wired already

function wire(audio) {
  if (players.has(audio)) return audio;
  players.set(audio, true);
  const figure = audio.closest(".player");
  const range = figure?.querySelector("input[type=range]");
  if (range) {
    range.hidden = false;
    range.addEventListener("input", () => seek(audio, Number(range.value)));
  }
  audio.addEventListener("timeupdate", () => follow(audio, range));
  audio.addEventListener("play", () => aloneOnly(audio));
  return audio;
}

function follow(audio, range) {
  if (range && document.activeElement !== range) range.value = Math.floor(audio.currentTime);
  range?.setAttribute("aria-valuetext", clock(audio.currentTime));
  const begun = [...document.querySelectorAll(".timeline [data-at]")]
    .filter((line) => Number(line.dataset.at) <= audio.currentTime);
  for (const line of document.querySelectorAll(".timeline .now")) {
    if (line !== begun.at(-1)) line.classList.remove("now");
  }
  begun.at(-1)?.classList.add("now");
}

function aloneOnly(audio) {
  for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
}

// Before anything is loaded, this is where the player will begin.
function seek(audio, seconds) {
  audio.currentTime = seconds;
}

/** The player of a recording: the page's own, or one that is put below what names it. */
function playerOf(link) {
  const wanted = link.pathname;
  const here = [...document.querySelectorAll("audio")].find((audio) => new URL(audio.src).pathname === wanted);
  if (here) return here;
  const figure = element("figure", "player");
  figure.dataset.tier = link.dataset.tier ?? document.documentElement.dataset.standing ?? 0;
  const audio = element("audio");
  audio.controls = true;
  audio.preload = "none";
  audio.src = wanted;
  audio.setAttribute("aria-label", link.dataset.title ?? phrase("The recording"));
  figure.append(element("figcaption", "", link.dataset.title ?? phrase("The recording")), audio);
  (link.closest("article.answer, article.source") ?? document.getElementById("main")).append(figure);
  return audio;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-play]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover?.();
  const audio = wire(playerOf(link));
  seek(audio, moment(link));
  audio.play().catch(() => {}); // a browser that may not play by itself shows its controls
  audio.closest(".player")?.scrollIntoView({ block: "nearest" });
  audio.focus();
});

for (const audio of document.querySelectorAll(".player audio")) wire(audio);
