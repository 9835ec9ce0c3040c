// An answer as it is shown: sentence by sentence while it is written, then whole.

import { element } from "./page.js";
import { phrase } from "./phrases.js";

/** Shows a sentence as it comes, with what it rests on. */
export function showSentence(article, sentence) {
  let said = article.querySelector(".said");
  if (!said) {
    article.querySelector(".status")?.replaceWith(element("p", "from", document.getElementById("answers").dataset.label));
    said = element("div", "said");
    article.append(said);
  }
  const line = element("p", sentence.connecting ? "between" : "");
  // What it rests on, or who reads it: standing.js takes it off when that is not open any more.
  const tiers = (sentence.cited ?? []).map((cited) => cited.tier);
  line.dataset.tier = tiers.length ? Math.max(...tiers) : document.documentElement.dataset.standing ?? 0;
  const isQuoted = sentence.cited?.[0]?.kind === "passage";
  line.append(element(isQuoted ? "q" : "span", isQuoted ? "" : "told", sentence.text));
  for (const cited of sentence.cited ?? []) {
    const chip = element("a", "chip", cited.title);
    chip.href = cited.url;
    if (cited.kind === "passage") chip.prepend(element("span", "who", cited.speaker), " "); // as when all is said
    line.append(" ", chip);
  }
  said.append(line);
}

/** Shows an answer that has ended with its sources, and whatever can be done with it. */
export async function showWhole(article, id) {
  const { whole, why } = await wholeOf(id);
  if (whole) article.replaceChildren(article.querySelector(".asked"), ...whole);
  else leave(article, id, why);
}

/** What is read aloud of it. */
export function wordsOf(article) {
  const parts = [...article.querySelectorAll(".said q, .told, .nothing")].map((part) => part.textContent.trim());
  return parts.length ? phrase("Answer: {words}", { words: parts.join(" ") }) : "";
}

async function wholeOf(id) {
  const headers = { "Presence-Language": document.documentElement.lang };
  const response = await fetch(`/answers/${id}/fragment`, { headers }).catch(() => null);
  const page = response ? await response.text().catch(() => "") : "";
  if (response?.ok && page) return { whole: new DOMParser().parseFromString(page, "text/html").body.childNodes };
  return { why: response?.status === 403 ? detailOf(page) : "" };
}

function detailOf(problem) {
  try {
    return JSON.parse(problem).detail;
  } catch {
    return "";
  }
}

// What was said stays. Why the rest of it is not shown is said; where the line was gone, its page has the rest.
function leave(article, id, why) {
  const link = element("a", "button quiet", phrase("Look again"));
  link.href = `/answers/${id}`;
  article.querySelector(".status:not(.with-her)")?.remove();
  article.append(why ? element("p", "nothing", why) : link);
}
