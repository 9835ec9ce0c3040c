// The studio's people: each decision is shown in one sentence, signed in this browser, and sent.

import { artistKey, goesOn, lock, signHead, unlock } from "./artist.js";
import { didIn, grant, revocation, seconds } from "./key.js";
import { doing, element, send, tierNumber, tierWord, writtenDate } from "./page.js";
import { phrase, phraseOf } from "./phrases.js";
import { FILE_BYTES_MAX, fromFile } from "./saving.js";

const at = (id) => document.getElementById(id);
const say = (text) => (at("signing-news").textContent = text);
const DAY_SECONDS = 24 * 3600;
const [SHOWN_MAX, DONE] = [8, "presence-signed"];

async function show() {
  const artist = await artistKey();
  at("open-key").hidden = artist !== null;
  at("key-open").hidden = artist === null;
  if (artist) await goesOn(artist).catch((error) => say(error.message));
}

/** Asks once for all, signs and sends each, then signs the head. `deeds`: `{sentence, path, make}`. */
async function decide(deeds) {
  const artist = await artistKey();
  if (!artist) {
    at("key-file").focus();
    throw new Error(phrase("Open your key first; then press again."));
  }
  await goesOn(artist);
  if (!(await confirmed(deeds.map((deed) => deed.sentence)))) {
    say(phrase("Nothing was signed."));
    return;
  }
  const refused = [];
  for (const [done, { path, make, sentence }] of deeds.entries()) {
    if (deeds.length > 1) say(phrase("Signing {number} of {every} …", { number: done + 1, every: deeds.length }));
    await sent(path, () => make(artist)).catch((error) => refused.push(`${sentence} ${error.message}`));
  }
  await signHead(artist);
  const signed = deeds.length - refused.length;
  const told = [signed === 1 ? phrase("Signed. It holds from now on.") : phraseOf("{n} signed. They hold from now on.", "{n} signed. They hold from now on.", signed)];
  if (refused.length) told[0] = signed ? told[0] : phrase("Nothing was changed.");
  finish([...told, ...refused].join(" "), signed > 0);
}

/** Sends a document; where the house takes no more for a while, it is signed anew after that while. */
async function sent(path, make) {
  for (;;) {
    try {
      return await send(path, await make());
    } catch (error) {
      if (error.status !== 429) throw error;
      say(phraseOf("The house takes a breath; signing goes on in {n} second. Leave this page open.", "The house takes a breath; signing goes on in {n} seconds. Leave this page open.", error.retryAfterS));
      await new Promise((resolve) => setTimeout(resolve, 1000 * Math.max(1, error.retryAfterS)));
    }
  }
}

/** The list is the house's to write: after a change the page is made anew, and says what was done. */
function finish(sentence, changed) {
  if (!changed) {
    say(sentence);
    return;
  }
  sessionStorage.setItem(DONE, sentence);
  location.reload();
}

function confirmed(sentences) {
  const shown = sentences.slice(0, SHOWN_MAX).map((sentence) => element("li", "", sentence));
  if (sentences.length > SHOWN_MAX) shown.push(element("li", "", phraseOf("… and {n} more like these.", "… and {n} more like these.", sentences.length - SHOWN_MAX)));
  at("to-sign-list").replaceChildren(...shown);
  at("sign-now").textContent = sentences.length > 1 ? phrase("Sign all {n}", { n: sentences.length }) : phrase("Sign");
  const dialog = at("to-sign");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "sign"), { once: true });
  });
}

/** A name is what somebody calls herself; the code says who it is. */
function nameOf(did, name) {
  const code = `${did.slice(-8, -4)}-${did.slice(-4)}`;
  return name ? phrase("{name} (code {code})", { name, code }) : phrase("The person whose code ends in {code}", { code });
}

function lettingIn({ did, name, tier, days, vouch }) {
  const nbf = seconds();
  const exp = nbf + days * DAY_SECONDS;
  const right = vouch ? introducing(vouch) : phrase("may introduce nobody");
  const told = { who: nameOf(did, name), tier: tierWord(tier), day: writtenDate(exp), right };
  return {
    sentence: phrase("{who} is let in as far as “{tier}” until {day}, and {right}.", told),
    path: "/api/grants",
    make: (artist) => grant(artist, { root: artist.root, sub: did, tier, nbf, exp, vouch }),
  };
}

function introducing({ max, tier, depth }) {
  const right = phraseOf("may introduce {n} person, as far as “{tier}”", "may introduce {n} people, as far as “{tier}”", max, { tier: tierWord(tier) });
  return depth > 1 ? right + phraseOf(", and they others, {n} step further", ", and they others, {n} steps further", depth - 1) : right;
}

function takingBack(target, sentence) {
  return { sentence, path: "/api/revocations", make: (artist) => revocation(artist, { root: artist.root, target }) };
}

function vouchOf(form) {
  const [depth, max] = [Number(form.vouch_depth?.value || 0), Number(form.vouch_max?.value || 0)];
  return depth > 0 && max > 0 ? { depth, max, tier: form.vouch_tier.value } : null;
}

async function letIn(form) {
  const did = didIn(form.did.value);
  if (!did) throw new Error(phrase("This is no code. A code begins with “did:key:”."));
  const [tier, days, vouch] = [form.tier.value, Number(form.days.value), vouchOf(form)];
  if (vouch && tierNumber(vouch.tier) > tierNumber(tier)) {
    throw new Error(phrase("Nobody can introduce others further than she is let in herself."));
  }
  await decide([lettingIn({ did, tier, days, vouch })]);
}

async function approve(form) {
  const chosen = [...form.querySelectorAll("input[name=did]:checked")];
  if (!chosen.length) throw new Error(phrase("Nobody is chosen."));
  const days = Number(form.days?.value || 365);
  await decide(
    chosen.map((box) => lettingIn({ did: box.value, name: box.dataset.name, tier: box.dataset.tier ?? "follower", days, vouch: null })),
  );
}

async function press(button) {
  const { revoke, block, name } = button.dataset;
  const deed = revoke
    ? takingBack(revoke, phrase("What was opened to {who} is taken back, at once and for good; whoever they introduced falls with them.", { who: name || phrase("this person") }))
    : takingBack(block, phrase("{who} is shut out, at once and for good.", { who: nameOf(block, name) }));
  await decide([deed]);
}

async function openKey(form) {
  const [file] = at("key-file").files;
  if (file.size > FILE_BYTES_MAX) throw new Error(phrase("This is not a key file."));
  say(phrase("Your key is being opened …"));
  await unlock(await fromFile(await file.text(), at("key-passphrase").value));
  form.reset();
  say(phrase("Your key is open."));
  await show();
}

function on(id, deed) {
  const form = at(id);
  form?.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("formaction")) return; // that is for the house to do, by its own key
    event.preventDefault();
    doing(form, say, () => deed(form));
  });
}

on("open-key", openKey);
on("let-in", letIn);
on("approve", approve);
at("lock-key").addEventListener("click", async () => {
  await lock();
  say(phrase("Your key is locked."));
  await show();
});
for (const [id, answer] of [["sign-now", "sign"], ["sign-not", ""]]) {
  at(id).addEventListener("click", () => at("to-sign").close(answer));
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-revoke], [data-block]");
  if (!button) return;
  event.preventDefault();
  doing(button, say, () => press(button));
});

say(sessionStorage.getItem(DONE) ?? "");
sessionStorage.removeItem(DONE);
show();
