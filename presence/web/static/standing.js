// On every page: comes in silently where there is a key, and closes the depth at once when trust is taken back.

import { EventStream } from "./event-stream.js";
import { ask, element, tierMark, tierNumber, tierWord } from "./page.js";
import { phrase } from "./phrases.js";

const root = document.documentElement;
const HINT = "presence-key"; // set by kept.js; without it no store is opened and no key looked for
const LOOKED = "presence-looked-again";

let now = tierNumber(root.dataset.standing ?? "public");
let stream = null;
let isOffering = false;
// A page that says so itself makes the key and signs in, and tells what is open then.
const stays = document.querySelector("[data-stays]") !== null;

/** Opens a session with the key that is here. */
async function comeIn() {
  const { myKey, signIn } = await import("./kept.js");
  const mine = await myKey();
  if (!mine) throw new Error("no key");
  await signIn(mine);
}

/** Comes in where the page was made for nobody; made anew once, if it would be another page for who this is. */
async function comeInLate() {
  await comeIn();
  const { tier } = await ask("/api/me");
  if ((tier !== "public" || document.querySelector("[data-for-known]")) && !has(LOOKED, "sessionStorage") && !isWriting()) {
    sessionStorage.setItem(LOOKED, "1");
    location.reload();
  } else {
    watch();
  }
}

const isWriting = () =>
  [...document.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")]
    .some((field) => field.value !== field.defaultValue);

function watch() {
  stream?.close();
  stream = new EventStream("/api/me/events"); // comes back by itself, and is told the tier anew each time
  stream.addEventListener("standing", (event) => become(JSON.parse(event.data).tier));
  stream.addEventListener("ended", () => {
    stream.close();
    stream = null;
    const over = () => become("public", phrase("Your session is over."));
    has(HINT) ? comeIn().then(watch, over) : over();
  });
  stream.start();
}

/** Makes the page that of another tier. */
function become(tier, because) {
  const [before, after] = [now, tierNumber(tier)];
  now = after;
  root.dataset.standing = tier;
  for (const mark of document.querySelectorAll("[data-my-tier]")) mark.textContent = tierMark(tier);
  if (after < before) close(after, because);
  else if (after > before) open(after);
  if (after > 0) offerSaving();
}

/** Takes away what is not open any more. Form fields may name a tier too; they are not what was said. */
function close(tier, because) {
  let taken = 0;
  for (const part of document.querySelectorAll("[data-tier]:not(input, option, select, button)")) {
    if (tierNumber(part.dataset.tier) > tier) {
      part.remove();
      taken += 1;
    }
  }
  const what = tier === 0 ? phrase("You see what is open to all now.") : phrase("You see what is open to {tier} now.", { tier: tierWord(tier) });
  // What was read out to a screen reader is said there no more either.
  for (const line of taken ? document.querySelectorAll(".unseen[role=status]") : []) line.textContent = "";
  if (tier === 0) document.getElementById("offer-saving")?.remove();
  tell(`${because ?? phrase("Trust was changed.")} ${what}${taken ? ` ${phrase("What is above that was taken off this page.")}` : ""}`);
}

/** The page was made for somebody who may see less. */
function open(tier) {
  if (stays) return;
  tell(phrase("More is open to you now: what is open to {tier}. Load the page again to see it.", { tier: tierWord(tier) }));
}

function tell(sentence) {
  let line = document.getElementById("standing-news");
  if (!line) {
    line = element("p", "nothing standing-news");
    line.id = "standing-news";
    line.setAttribute("role", "status");
    document.getElementById("main").prepend(line);
  }
  line.textContent = sentence;
}

/** Offers once, when there is first something to lose, to save the key. */
async function offerSaving() {
  if (isOffering || !has(HINT) || document.getElementById("save")) return;
  isOffering = true; // the page and the stream may say at once that something is open
  const { myKey, offered } = await import("./kept.js");
  const mine = await myKey();
  if (!mine || mine.ways.length || mine.offered || document.getElementById("offer-saving")) return;
  await offered();
  const offer = element("aside", "panel");
  offer.id = "offer-saving";
  const link = element("a", "", phrase("Save your key"));
  link.href = "/key";
  const later = element("button", "quiet", phrase("Not now"));
  later.type = "button";
  later.addEventListener("click", () => offer.remove());
  const line = element("p", "", `${phrase("Something is open to you here now, and the key to it is on this device only.")} `);
  line.append(link, ` ${phrase("so that you can come back from another one.")}`);
  offer.append(line, later);
  document.getElementById("main").append(offer);
}

function has(name, store = "localStorage") {
  try {
    return globalThis[store].getItem(name) !== null;
  } catch {
    return false; // a browser that keeps nothing has no key either
  }
}

document.addEventListener("came-in", watch);
// Browsers allow few lines to one house: a page that nobody sees gives its own back, and asks anew when it is seen.
document.addEventListener("visibilitychange", () => {
  if (stream === null) return;
  if (document.visibilityState === "hidden") stream.close();
  else watch();
});
if (root.dataset.standing !== undefined) {
  if (has(LOOKED, "sessionStorage")) sessionStorage.removeItem(LOOKED);
  watch();
  if (now > 0) offerSaving();
} else if (has(HINT) && !stays) {
  comeInLate().catch(() => {}); // a page that nobody signed in to is still a whole page
}
