// Introducing a friend: signed with one's own key, under the right that reaches furthest.

import { YEAR_SECONDS, didIn, grant, seconds } from "./key.js";
import { myKey, signedIn } from "./kept.js";
import { doing, element, send, tierNumber, tierWord, writtenDate } from "./page.js";
import { phrase } from "./phrases.js";

const form = document.getElementById("introduce");

function say(text) {
  let line = document.getElementById("introduce-news");
  if (!line) {
    line = element("p", "news");
    line.id = "introduce-news";
    line.setAttribute("role", "status");
    form.append(line);
  }
  line.textContent = text;
}

/** The right under which somebody can be let in as far as a tier: the furthest, then the one with most places. */
function rightFor(rights, tier) {
  return rights
    .filter((right) => right.left > 0 && right.exp > seconds() && tierNumber(right.tier) >= tierNumber(tier))
    .sort((one, other) => tierNumber(other.tier) - tierNumber(one.tier) || other.left - one.left || other.exp - one.exp)[0];
}

async function introduce() {
  const sub = didIn(form.did.value);
  if (!sub) throw new Error(phrase("This is no code. Your friend finds hers on the page “My key”."));
  const mine = await myKey();
  if (!mine) throw new Error(phrase("Your key is not on this device. Open it on the page “My key”, then come back."));
  if (sub === mine.did) throw new Error(phrase("This is your own code. Ask your friend for hers."));
  const me = await signedIn(mine);
  const tier = form.tier?.value || [...me.rights].sort((a, b) => tierNumber(b.tier) - tierNumber(a.tier))[0]?.tier || "follower";
  const right = rightFor(me.rights, tier);
  if (!right) {
    throw new Error(me.rights.length ? phrase("You cannot introduce anybody to {tier} now.", { tier: tierWord(tier) }) : phrase("You cannot introduce anybody now."));
  }
  const nbf = Math.max(seconds(), right.nbf);
  const exp = Math.min(nbf + YEAR_SECONDS, right.exp);
  const made = await grant(mine, { root: me.root, sub, tier, nbf, exp, parent: right.parent, via: "vouch" });
  await send("/api/grants", made);
  form.did.value = "";
  say(phrase("Introduced. Your friend is let in to {tier} until {day}.", { tier: tierWord(tier), day: writtenDate(exp) }));
}

if (form) {
  const told = new URLSearchParams(location.search).get("introduce");
  if (told && !form.did.value) form.did.value = didIn(told) ?? "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    doing(form, say, introduce);
  });
}
